import { sql, type Expression, type Kysely, type RawBuilder, type SqlBool, type Transaction } from 'kysely';
import type { SearchTerm } from '../../domain/search/search-terms.js';
import type { Database } from './database.js';
import type { Schema } from './schema.js';

export interface IndexedTurn {
  readonly tenantId: string;
  readonly environment: string;
  readonly traceId: string;
  readonly sessionId: string;
  readonly wordsHash: string;
  readonly words: readonly string[];
}

/** A condition on the index. */
type IndexPart = RawBuilder<SqlBool>;

/** The full-text index of one dialect: SQLite's FTS5, PostgreSQL's tsvector. Words contain letters and digits only (domain/search/words.ts). */
export interface TranscriptIndex {
  /** Writes the words of turns, in place of what was there. */
  put(trx: Transaction<Schema>, turns: readonly IndexedTurn[]): Promise<void>;
  remove(
    trx: Transaction<Schema>,
    tenantId: string,
    environment: string,
    traceIds: readonly string[],
  ): Promise<void>;
  /** The part of the index in which the turns of these sessions are: a common word need not be followed through the whole history. */
  partWith(
    kysely: Kysely<Schema>,
    tenantId: string,
    environment: string,
    sessionIds: readonly string[],
  ): Promise<IndexPart>;
  /** Query for the ids of the sessions in which a term is said; with a part, at least of the sessions that it was made for. */
  sessionsWith(
    tenantId: string,
    environment: string,
    term: SearchTerm,
    part: IndexPart | null,
  ): RawBuilder<unknown>;
  /** Whether one of the terms is said in the row `turn` of transcript_turns, which is of a session that the part was made for. */
  saidInTurn(terms: readonly SearchTerm[], part: IndexPart): Expression<SqlBool>;
}

export const transcriptIndexOf = ({ dialect }: Pick<Database, 'dialect'>): TranscriptIndex =>
  dialect === 'sqlite' ? fts5 : tsvector;

const updates = sql`on conflict (tenant_id, environment, trace_id)
  do update set session_id = excluded.session_id, words_hash = excluded.words_hash`;

const ftsQuery = (terms: readonly SearchTerm[]): string =>
  terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? '*' : ''}`).join(' OR ');

const fts5: TranscriptIndex = {
  put: async (trx, turns) => {
    if (turns.length === 0) return;
    // Nobody else writes while this transaction does. A turn that is there keeps its number.
    const last = await sql<{
      last: number | null;
    }>`select max(turn_number) as last from transcript_turns`.execute(trx);
    const next = (last.rows[0]?.last ?? 0) + 1;
    const rows = turns.map(
      ({ tenantId, environment, traceId, sessionId, wordsHash }, index) =>
        sql`(${tenantId}, ${environment}, ${traceId}, ${sessionId}, ${wordsHash}, ${next + index})`,
    );
    const numbered = await sql<{ turn_number: number; trace_id: string }>`
      insert into transcript_turns (tenant_id, environment, trace_id, session_id, words_hash, turn_number)
      values ${sql.join(rows)} ${updates} returning turn_number, trace_id`.execute(trx);
    const wordsOf = new Map(turns.map(({ traceId, words }) => [traceId, words.join(' ')]));
    const words = numbered.rows.map((row) => sql`(${row.turn_number}, ${wordsOf.get(row.trace_id)})`);
    await sql`insert or replace into transcript_words (rowid, words) values ${sql.join(words)}`.execute(trx);
  },
  remove: async (trx, tenantId, environment, traceIds) => {
    if (traceIds.length === 0) return;
    const { rows } = await sql<{ turn_number: number }>`delete from transcript_turns
      where tenant_id = ${tenantId} and environment = ${environment} and trace_id in (${sql.join(traceIds)})
      returning turn_number`.execute(trx);
    if (rows.length === 0) return;
    const numbers = rows.map((row) => row.turn_number);
    await sql`delete from transcript_words where rowid in (${sql.join(numbers)})`.execute(trx);
  },
  // Sessions of one time were imported at one time: their turns have numbers that lie together.
  partWith: async (kysely, tenantId, environment, sessionIds) => {
    const { rows } = await sql<{ low: number | null; high: number | null }>`
      select min(turn_number) as low, max(turn_number) as high from transcript_turns
      where tenant_id = ${tenantId} and environment = ${environment}
      and session_id in (${sql.join(sessionIds)})`.execute(kysely);
    return sql<SqlBool>`transcript_words.rowid between ${rows[0]?.low ?? 0} and ${rows[0]?.high ?? 0}`;
  },
  sessionsWith: (tenantId, environment, term, part) => sql`(
    select turn.session_id from transcript_words
    join transcript_turns as turn on turn.turn_number = transcript_words.rowid
    where transcript_words match ${ftsQuery([term])} and ${part ?? sql`true`}
    and turn.tenant_id = ${tenantId} and turn.environment = ${environment})`,
  saidInTurn: (terms, part) => sql<SqlBool>`turn.turn_number in (
    select rowid from transcript_words where transcript_words match ${ftsQuery(terms)} and ${part})`,
};

/** PostgreSQL keeps no more places of a word, and none behind the last. */
const mostPlaces = 256;
const lastPlace = 16_383;

function vectorText(words: readonly string[]): string {
  const places = new Map<string, number[]>();
  words.forEach((word, index) => {
    const known = places.get(word) ?? [];
    places.set(word, known);
    if (known.length < mostPlaces) known.push(Math.min(index + 1, lastPlace));
  });
  return [...places].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}

const tsQuery = (terms: readonly SearchTerm[]): RawBuilder<unknown> => {
  const text = terms
    .map(({ words, prefix }) => `(${words.map((word) => `'${word}'`).join(' <-> ')}${prefix ? ':*' : ''})`)
    .join(' | ');
  return sql`cast(${text} as tsquery)`;
};

const tsvector: TranscriptIndex = {
  put: async (trx, turns) => {
    if (turns.length === 0) return;
    const rows = turns.map(
      ({ tenantId, environment, traceId, sessionId, wordsHash, words }) =>
        sql`(${tenantId}, ${environment}, ${traceId}, ${sessionId}, ${wordsHash},
          cast(${vectorText(words)} as tsvector))`,
    );
    await sql`insert into transcript_turns (tenant_id, environment, trace_id, session_id, words_hash, words)
      values ${sql.join(rows)} ${updates}, words = excluded.words`.execute(trx);
  },
  remove: async (trx, tenantId, environment, traceIds) => {
    if (traceIds.length === 0) return;
    await sql`delete from transcript_turns where tenant_id = ${tenantId} and environment = ${environment}
      and trace_id in (${sql.join(traceIds)})`.execute(trx);
  },
  partWith: (_kysely, _tenantId, _environment, sessionIds) =>
    Promise.resolve(sql<SqlBool>`turn.session_id in (${sql.join(sessionIds)})`),
  sessionsWith: (tenantId, environment, term, part) => sql`(
    select turn.session_id from transcript_turns as turn
    where turn.tenant_id = ${tenantId} and turn.environment = ${environment} and turn.words @@ ${tsQuery([term])}
    and ${part ?? sql`true`})`,
  saidInTurn: (terms) => sql<SqlBool>`turn.words @@ ${tsQuery(terms)}`,
};
