import type { Migration } from '../migration.js';

/** Who registered a bundle, the history of the pointers, experiments, and what statistics by bundle need of a model step. */
export const promptBundles: Migration = {
  name: '0002-prompt-bundles',
  statements: [
    `alter table prompt_bundles add column registered_by text not null default 'system'`,
    `alter table prompt_pointers add column activation $int not null default 0`,
    `create table prompt_activations (
      tenant_id text not null, environment text not null, activation $int not null, hash text not null,
      kind text not null, actor text not null, reason text not null, previous $int, created_at_ms $int not null,
      primary key (tenant_id, environment, activation))`,
    // What is active already is the first line of its history, so that a rollback can come back to it.
    `insert into prompt_activations
      select tenant_id, environment, 1, hash, 'folder', actor, 'active before a history was kept', null, updated_at_ms
      from prompt_pointers`,
    `update prompt_pointers set activation = 1`,
    `create table prompt_experiments (
      tenant_id text not null, experiment_id text not null, environment text not null, control text not null,
      challenger text not null, percent $int not null, started_by text not null, start_reason text not null,
      started_at_ms $int not null, stopped_by text, stop_reason text, stopped_at_ms $int,
      primary key (tenant_id, experiment_id))`,
    // One experiment at a time: two would share out the same conversations.
    `create unique index prompt_experiments_running on prompt_experiments (tenant_id, environment)
      where stopped_at_ms is null`,
    `alter table transcript_entries add column model text`,
    `alter table model_steps add column turn $int`,
    `alter table model_steps add column input_tokens $int`,
    `alter table model_steps add column output_tokens $int`,
    `create index model_steps_of_bundle on model_steps (tenant_id, prompt_bundle)`,
    `create index conversations_of_bundle on conversations (tenant_id, environment, prompt_bundle)`,
  ],
};
