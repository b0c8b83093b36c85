import type { Migration } from '../migration.js';

/** Conversations, transcript, booking (holds, intents, ledger), staff tasks, prompt bundles, call budgets, identity, credentials. */
export const spine: Migration = {
  name: '0001-spine',
  statements: [
    `create table conversations (
      tenant_id text not null, conversation_id text not null, environment text not null, channel text not null,
      language text not null, status text not null, outcome text not null, prompt_bundle text, turns $int not null,
      is_test $int not null, caller_number_hash text, created_at_ms $int not null, updated_at_ms $int not null,
      closed_at_ms $int, close_reason text, primary key (tenant_id, conversation_id))`,
    `create index conversations_newest on conversations (tenant_id, environment, created_at_ms, conversation_id)`,
    `create table transcript_entries (
      tenant_id text not null, conversation_id text not null, entry_id text not null, seq $int not null, role text not null,
      content_json text not null, messages_json text not null, say text, stop_reason text, undelivered_reason text,
      prompt_bundle text not null, created_at_ms $int not null, primary key (tenant_id, conversation_id, entry_id),
      unique (tenant_id, conversation_id, seq))`,
    `create table model_steps (
      tenant_id text not null, conversation_id text not null, step_id text not null, attempt $int not null,
      prompt_bundle text not null, model text not null, backend text not null, request_id text, usage_json text,
      price_version text, cost_pico_usd text, weighted_tokens $int not null, stop_reason text, latency_ms $int not null,
      outcome text not null, created_at_ms $int not null, primary key (tenant_id, conversation_id, step_id, attempt))`,
    // One active hold a place: the key is what two callers compete for (failure-modes.md 3).
    `create table holds (
      tenant_id text not null, environment text not null, column_guid text not null, start_at text not null,
      hold_id text not null, conversation_id text not null, expires_at_ms $int not null,
      primary key (tenant_id, environment, column_guid, start_at))`,
    `create index holds_of_one on holds (tenant_id, hold_id)`,
    `create table intents (
      tenant_id text not null, intent_id text not null, environment text not null, conversation_id text not null,
      kind text not null, payload_json text not null, payload_hash text not null, status text not null,
      attempts $int not null, snapshot_json text, result_json text, created_at_ms $int not null,
      updated_at_ms $int not null, primary key (tenant_id, intent_id))`,
    `create table ledger_entries (
      tenant_id text not null, entry_id text not null, environment text not null, conversation_id text not null,
      kind text not null, appointment_guid text, patient_guid text, intent_id text not null, detail_json text not null,
      created_at_ms $int not null, primary key (tenant_id, entry_id))`,
    `create index ledger_of_conversation on ledger_entries (tenant_id, conversation_id)`,
    `create table findings (
      tenant_id text not null, finding_id text not null, conversation_id text not null, kind text not null,
      detail_json text not null, created_at_ms $int not null, primary key (tenant_id, finding_id))`,
    `create index findings_of_conversation on findings (tenant_id, conversation_id)`,
    `create table staff_tasks (
      tenant_id text not null, task_id text not null, environment text not null, conversation_id text, kind text not null,
      summary text not null, detail_json text not null, status text not null, taken_by text, closed_by text, note text,
      created_at_ms $int not null, updated_at_ms $int not null, primary key (tenant_id, task_id))`,
    `create index staff_tasks_newest on staff_tasks (tenant_id, environment, created_at_ms, task_id)`,
    `create table prompt_bundles (
      tenant_id text not null, hash text not null, bundle_json text not null, created_at_ms $int not null,
      primary key (tenant_id, hash))`,
    `create table prompt_pointers (
      tenant_id text not null, environment text not null, hash text not null, actor text not null,
      updated_at_ms $int not null, primary key (tenant_id, environment))`,
    `create table call_budgets (
      tenant_id text not null, budget text not null, last_start_at_ms $int not null, not_before_at_ms $int not null,
      penalties $int not null, primary key (tenant_id, budget))`,
    `create table call_reservations (
      tenant_id text not null, budget text not null, ticket text not null, start_at_ms $int not null,
      lease_until_at_ms $int not null, running $int not null, primary key (tenant_id, budget, ticket))`,
    `create table users (
      tenant_id text not null, user_id text not null, email text not null, password_hash text not null, role text not null,
      active $int not null, token_version $int not null, created_at_ms $int not null, updated_at_ms $int not null,
      primary key (tenant_id, user_id), unique (tenant_id, email))`,
    `create table memberships (
      tenant_id text not null, user_id text not null, role text not null, primary key (tenant_id, user_id))`,
    `create table login_attempts (
      tenant_id text not null, attempt_key text not null, failures $int not null, last_failure_at_ms $int not null,
      locked_until_at_ms $int not null, primary key (tenant_id, attempt_key))`,
    `create table audit_entries (
      tenant_id text not null, audit_id text not null, actor_user_id text not null, action text not null,
      target text not null, detail_json text not null, ip text not null, correlation_id text not null,
      created_at_ms $int not null, primary key (tenant_id, audit_id))`,
    `create index audit_newest on audit_entries (tenant_id, created_at_ms, audit_id)`,
    `create table credentials (
      tenant_id text not null, environment text not null, integration text not null, sealed text not null,
      key_id text not null, version $int not null, source text not null, updated_at_ms $int not null,
      primary key (tenant_id, environment, integration))`,
  ],
};
