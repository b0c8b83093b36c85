import type { Migration } from '../migration.js';

/** How far each import is (lanes), the windows that it walks with their proofs, and what the walk under way has seen. */
export const traceImports: Migration = {
  name: '0007-trace-imports',
  statements: [
    `create table import_lanes (
      tenant_id text not null, config_id text not null, lane_id text not null, kind text not null, state text not null,
      from_at_ms $int not null, to_at_ms $int not null, position_at_ms $int not null, reread_from_at_ms $int,
      window_ms $int not null, next_window $int not null, windows_done $int not null, row_count $int not null,
      subject text, outcome text, created_at_ms $int not null, started_at_ms $int not null, ended_at_ms $int,
      primary key (tenant_id, config_id, lane_id))`,
    `create index import_lanes_newest on import_lanes (tenant_id, created_at_ms, lane_id)`,
    `create table import_windows (
      tenant_id text not null, config_id text not null, window_id text not null, lane_id text not null, kind text not null,
      from_at_ms $int not null, to_at_ms $int not null, api text not null, state text not null, attempt $int not null,
      walk_json text not null, counts_json text not null, verdict text, proof_json text, opened_at_ms $int not null,
      sealed_at_ms $int, primary key (tenant_id, config_id, window_id))`,
    `create index import_windows_newest on import_windows (tenant_id, config_id, opened_at_ms, window_id)`,
    `create table import_seen (
      tenant_id text not null, config_id text not null, window_id text not null, trace_id text not null,
      observation_id text not null, primary key (tenant_id, config_id, window_id, trace_id, observation_id))`,
  ],
};
