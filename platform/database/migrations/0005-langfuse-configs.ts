import type { Migration } from '../migration.js';

/** Which Langfuse projects a tenant's traces are read from, what their servers can do, and the shared request budgets. */
export const langfuseConfigs: Migration = {
  name: '0005-langfuse-configs',
  statements: [
    `create table langfuse_configs (
      tenant_id text not null, config_id text not null, environment text not null, name text not null, host text not null,
      project_id text, plan text not null, read_api text not null, is_default $int not null, active $int not null,
      every_ms $int not null, settle_ms $int not null, overlap_ms $int not null, import_from_at_ms $int not null,
      version $int not null, organization_id text, mode text, server_version text, mode_checked_at_ms $int,
      previous_mode text, mode_changed_at_ms $int, deprecation_json text, last_run_json text,
      created_at_ms $int not null, updated_at_ms $int not null, primary key (tenant_id, config_id),
      unique (tenant_id, environment, name))`,
    // Requests of an organisation count together, whoever asks (langfuse.md 7).
    `create table rate_windows (
      tenant_id text not null, budget text not null, started_at_ms $int not null, used $int not null, most $int,
      not_before_at_ms $int not null, primary key (tenant_id, budget))`,
    `create table rate_waiters (
      tenant_id text not null, budget text not null, ticket text not null, urgency $int not null,
      forgotten_at_ms $int not null, primary key (tenant_id, budget, ticket))`,
  ],
};
