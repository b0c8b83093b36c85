import type { Migration } from '../migration.js';

/**
 * What is derived from imported traces: facts per trace, sessions with the log of their changes, counts by day, and what the price table
 * says otherwise. All of it can be made again from the traces; only session ids are minted here. Money is pico-USD.
 */
export const sessions: Migration = {
  name: '0008-sessions',
  statements: [
    `create table trace_facts (
      tenant_id text not null, environment text not null, trace_id text not null, session_id text not null,
      group_key text not null, started_at_ms $int not null, ended_at_ms $int not null, facts_json text not null,
      primary key (tenant_id, environment, trace_id))`,
    `create index trace_facts_of_session on trace_facts (tenant_id, environment, session_id)`,
    `create table sessions (
      tenant_id text not null, environment text not null, session_id text not null, group_key text not null,
      user_id text, agent text not null,
      outcome text not null, turns $int not null, turns_with_error $int not null, first_at_ms $int not null,
      last_at_ms $int not null, facts_json text not null, created_at_ms $int not null, updated_at_ms $int not null,
      primary key (tenant_id, environment, session_id))`,
    `create index sessions_newest on sessions (tenant_id, environment, last_at_ms, session_id)`,
    `create index sessions_of_group on sessions (tenant_id, environment, group_key, last_at_ms)`,
    `create table session_changes (
      tenant_id text not null, change_id text not null, environment text not null, kind text not null,
      session_id text not null, other_id text, at_ms $int not null, primary key (tenant_id, change_id))`,
    `create index session_changes_of_one on session_changes (tenant_id, environment, session_id, at_ms)`,
    `create index session_changes_of_other on session_changes (tenant_id, environment, other_id, at_ms)`,
    // The day stands behind the item: durations are read for one thing over a range of days.
    `create table daily_counts (
      tenant_id text not null, environment text not null, view text not null, item text not null, day text not null,
      agent text not null, bucket_ms $int not null, counted $int not null, errors $int not null, unpriced $int not null,
      input_tokens $int not null, output_tokens $int not null, total_tokens $int not null, cost_pico_usd $int not null,
      recomputed $int not null, disagreeing $int not null, our_cost_pico_usd $int not null,
      primary key (tenant_id, environment, view, item, day, agent, bucket_ms))`,
    `create table price_findings (
      tenant_id text not null, environment text not null, trace_id text not null, observation_id text not null,
      kind text not null, model text, cost_pico_usd text, our_cost_pico_usd text, started_at_ms $int not null,
      primary key (tenant_id, environment, trace_id, observation_id))`,
    `create index price_findings_newest on price_findings (tenant_id, environment, kind, started_at_ms, observation_id)`,
  ],
};
