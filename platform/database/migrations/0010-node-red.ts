import type { Migration } from '../migration.js';

/** Node-RED targets, flows by content, backups, deployments with their steps and what each write was meant to do. */
export const nodeRed: Migration = {
  name: '0010-node-red',
  statements: [
    `create table flow_targets (
      tenant_id text not null, target_id text not null, environment text not null, name text not null,
      settings_json text not null, lock_json text, version $int not null, created_by text not null,
      created_at_ms $int not null, updated_at_ms $int not null, deleted_at_ms $int,
      primary key (tenant_id, target_id))`,
    // A name may be used again after its target was deleted.
    `create unique index flow_targets_name on flow_targets (tenant_id, environment, name) where deleted_at_ms is null`,
    // Sealed: real flows hold passwords in plain properties and comments (node-red.md 7.10).
    `create table flow_documents (
      tenant_id text not null, hash text not null, sealed text not null, key_id text not null, bytes $int not null,
      created_at_ms $int not null, primary key (tenant_id, hash))`,
    `create table flow_artifacts (
      tenant_id text not null, hash text not null, name text not null, origin text not null, nodes $int not null,
      tabs_json text not null, registered_by text not null, created_at_ms $int not null,
      primary key (tenant_id, hash))`,
    `create index flow_artifacts_newest on flow_artifacts (tenant_id, created_at_ms, hash)`,
    `create table flow_backups (
      tenant_id text not null, backup_id text not null, environment text not null, target_id text not null,
      instance text not null, rev text not null, flows_hash text not null, facts_hash text not null,
      nodes $int not null, reason text not null, actor text not null, deployment_id text,
      verified_at_ms $int not null, created_at_ms $int not null, primary key (tenant_id, backup_id))`,
    `create index flow_backups_newest on flow_backups (tenant_id, environment, target_id, created_at_ms, backup_id)`,
    `create table flow_deployments (
      tenant_id text not null, deployment_id text not null, environment text not null, target_id text not null,
      request_hash text not null, request_json text not null, status text not null, outcome text, detail text,
      plan_json text, actor text not null, created_at_ms $int not null, updated_at_ms $int not null,
      ended_at_ms $int, primary key (tenant_id, deployment_id))`,
    `create index flow_deployments_newest
      on flow_deployments (tenant_id, environment, created_at_ms, deployment_id)`,
    `create table flow_deployment_events (
      tenant_id text not null, deployment_id text not null, event_id text not null, seq $int not null,
      step text not null, instance text, phase text not null, detail_json text not null, at_ms $int not null,
      primary key (tenant_id, deployment_id, event_id), unique (tenant_id, deployment_id, seq))`,
    // What a write is meant to turn into what: after a crash it alone tells whether the write landed (node-red.md 3.1).
    `create table flow_intents (
      tenant_id text not null, deployment_id text not null, intent_id text not null, target_id text not null,
      instance text not null, purpose text not null, base_rev text not null, expected_rev text not null,
      flows_hash text not null, state text not null, deaths $int not null, created_at_ms $int not null, settled_at_ms $int,
      primary key (tenant_id, deployment_id, intent_id))`,
    // What each instance was last proven to run: drift is measured against it.
    `create table flow_deployed (
      tenant_id text not null, target_id text not null, instance text not null, source_key text not null,
      deployment_id text not null, rev text not null, flows_hash text not null, owned_json text not null, backup_id text, deployed_at_ms $int not null,
      primary key (tenant_id, target_id, instance, source_key))`,
    // Which secret stands in which credential, so that a restore can put it back: an instance never gives one out.
    `create table flow_credential_bindings (
      tenant_id text not null, target_id text not null, node_id text not null, field text not null,
      secret_name text not null, secret_version $int not null, updated_at_ms $int not null,
      primary key (tenant_id, target_id, node_id, field))`,
    `create table flow_drift_reports (
      tenant_id text not null, report_id text not null, environment text not null, target_id text not null,
      instance text not null, kind text not null, detail_json text not null, created_at_ms $int not null,
      primary key (tenant_id, report_id))`,
    `create index flow_drift_newest on flow_drift_reports (tenant_id, environment, target_id, created_at_ms, report_id)`,
  ],
};
