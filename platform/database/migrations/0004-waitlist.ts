import type { Migration } from '../migration.js';

/** The waiting list: who would take a place that becomes free, and which one was offered to them last. */
export const waitlist: Migration = {
  name: '0004-waitlist',
  statements: [
    `create table waitlist (
      tenant_id text not null, entry_id text not null, environment text not null, conversation_id text not null,
      first_name text not null, last_name text, phone text, patient_guid text, visit_type_key text not null,
      location_key text not null, from_date text not null, to_date text not null, part_of_day text not null,
      status text not null, taken_by text, closed_by text, note text, offered_start text, offer_task_id text,
      created_at_ms $int not null, updated_at_ms $int not null, primary key (tenant_id, entry_id))`,
    `create index waitlist_newest on waitlist (tenant_id, environment, created_at_ms, entry_id)`,
  ],
};
