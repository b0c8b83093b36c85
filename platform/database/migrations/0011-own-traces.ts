import type { Migration } from '../migration.js';

/** Our own conversations as traces: what is to be submitted to a Langfuse project, how it went, and how far each conversation is. */
export const ownTraces: Migration = {
  name: '0011-own-traces',
  statements: [
    `alter table langfuse_configs add column submit_enabled $int not null default 0`,
    `alter table langfuse_configs add column submit_mask text not null default 'all'`,
    // Turns that began earlier stay here.
    `alter table langfuse_configs add column submit_from_at_ms $int not null default 0`,
    // Conversations that were closed, and written, before it are collected.
    `alter table langfuse_configs add column collected_to_at_ms $int not null default 0`,
    `alter table langfuse_configs add column submit_run_json text`,
    `create table own_trace_events (
      tenant_id text not null, config_id text not null, event_id text not null, conversation_id text not null,
      turn $int not null, kind text not null, trace_id text not null, observation_id text not null,
      position $int not null, state text not null, event_json text not null, way text, body text, sent_at_ms $int,
      reason text, created_at_ms $int not null, settled_at_ms $int, primary key (tenant_id, config_id, event_id))`,
    `create index own_trace_events_by_state
      on own_trace_events (tenant_id, config_id, state, created_at_ms, event_id)`,
    `create table own_trace_conversations (
      tenant_id text not null, config_id text not null, conversation_id text not null, seq $int not null,
      done $int not null, primary key (tenant_id, config_id, conversation_id))`,
    // Neither is written by a plain turn, which leaves its conversation's row alone.
    `create index conversations_by_status on conversations (tenant_id, environment, status)`,
    `create index conversations_by_change on conversations (tenant_id, environment, updated_at_ms)`,
  ],
};
