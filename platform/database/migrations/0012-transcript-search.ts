import type { Migration } from '../migration.js';

/**
 * The words that were said in each turn, for search. Both dialects get words that are folded already (domain/search) and keep no copy of the
 * text. Turns that are there go through the queue of changed traces once more, behind everything new.
 */
export const transcriptSearch: Migration = {
  name: '0012-transcript-search',
  statements: [
    {
      sqlite: `create table transcript_turns (
        tenant_id text not null, environment text not null, trace_id text not null, session_id text not null,
        words_hash text not null, turn_number integer not null unique, primary key (tenant_id, environment, trace_id))`,
      postgres: `create table transcript_turns (
        tenant_id text not null, environment text not null, trace_id text not null, session_id text not null,
        words_hash text not null, words tsvector not null, primary key (tenant_id, environment, trace_id))`,
    },
    `create index transcript_turns_of_session on transcript_turns (tenant_id, environment, session_id)`,
    {
      // The ascii tokenizer cuts at spaces and leaves all other letters alone.
      sqlite: `create virtual table transcript_words using fts5 (words, content='', contentless_delete=1, tokenize='ascii')`,
      postgres: `create index transcript_turns_words on transcript_turns using gin (words)`,
    },
    `insert into changed_traces (tenant_id, environment, trace_id, changed_at_ms)
      select tenant_id, environment, trace_id, 9007199254740991 from trace_facts where true
      on conflict (tenant_id, environment, trace_id) do nothing`,
  ],
};
