import type { Migration } from '../migration.js';

/** Reference data of practices with its change log, and writes that the API orders. */
export const practiceData: Migration = {
  name: '0003-practice-data',
  statements: [
    `create table reference_items (
      tenant_id text not null, environment text not null, kind text not null, item_key text not null,
      value_json text not null, changed_at_ms $int not null, primary key (tenant_id, environment, kind, item_key))`,
    `create table reference_syncs (
      tenant_id text not null, environment text not null, kind text not null, read_at_ms $int,
      tried_at_ms $int not null, result text not null, primary key (tenant_id, environment, kind))`,
    `create table reference_changes (
      tenant_id text not null, change_id text not null, environment text not null, kind text not null,
      item_key text not null, change text not null, before_json text, after_json text, at_ms $int not null,
      primary key (tenant_id, change_id))`,
    `create index reference_changes_newest on reference_changes (tenant_id, environment, kind, at_ms, change_id)`,
    `create table desk_orders (
      tenant_id text not null, order_id text not null, environment text not null, operation text not null,
      request_hash text not null, is_test $int not null, actor_user_id text not null, result_json text,
      created_at_ms $int not null, settled_at_ms $int, primary key (tenant_id, order_id))`,
    `create index ledger_newest on ledger_entries (tenant_id, environment, created_at_ms)`,
  ],
};
