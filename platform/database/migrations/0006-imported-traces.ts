import type { Migration } from '../migration.js';

/**
 * Traces and observations as read from Langfuse, one row each whatever API gave it. The trace itself is observation '' where both share a
 * table. `changed_traces` is the queue of what reads them next.
 */
export const importedTraces: Migration = {
  name: '0006-imported-traces',
  statements: [
    `create table imported_traces (
      tenant_id text not null, environment text not null, trace_id text not null, config_id text not null,
      started_at_ms $int not null, start_source text not null, name text, session_id text, user_id text,
      tags_json text, trace_environment text, release text, version text, server_created_at_ms $int,
      server_updated_at_ms $int, source_api text not null, stale_body $int not null, absent_walks $int not null,
      created_at_ms $int not null, updated_at_ms $int not null, deleted_at_ms $int,
      primary key (tenant_id, environment, trace_id))`,
    `create index imported_traces_by_time on imported_traces (tenant_id, config_id, started_at_ms)`,
    `create index imported_traces_of_session on imported_traces (tenant_id, environment, session_id)`,
    `create table imported_observations (
      tenant_id text not null, environment text not null, trace_id text not null, observation_id text not null,
      config_id text not null, type text not null, name text, level text not null, status_message text, version text,
      trace_environment text, parent_id text, started_at_ms $int not null, ended_at_ms $int, completion_started_at_ms $int,
      model text, model_parameters_json text, prompt_name text, prompt_version $int, usage_json text, input_tokens $int,
      output_tokens $int, total_tokens $int, costs_json text, cost_pico_usd $int, synthetic $int not null,
      server_created_at_ms $int, server_updated_at_ms $int, source_api text not null, created_at_ms $int not null,
      updated_at_ms $int not null, deleted_at_ms $int,
      primary key (tenant_id, environment, trace_id, observation_id))`,
    `create index imported_observations_by_time on imported_observations (tenant_id, config_id, started_at_ms)`,
    `create table imported_bodies (
      tenant_id text not null, environment text not null, trace_id text not null, observation_id text not null,
      input text, output text, metadata text, updated_at_ms $int not null,
      primary key (tenant_id, environment, trace_id, observation_id))`,
    `create table import_quarantine (
      tenant_id text not null, quarantine_id text not null, config_id text not null, window_id text, api text not null,
      kind text not null, reason text not null, raw text not null, first_seen_at_ms $int not null,
      last_seen_at_ms $int not null, primary key (tenant_id, quarantine_id))`,
    `create index import_quarantine_newest on import_quarantine (tenant_id, first_seen_at_ms, quarantine_id)`,
    `create table changed_traces (
      tenant_id text not null, environment text not null, trace_id text not null, changed_at_ms $int not null,
      primary key (tenant_id, environment, trace_id))`,
  ],
};
