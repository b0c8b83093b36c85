/**
 * The tools that the model may ask for: names, input types and JSON schemas. Descriptions are the tenant's (`tenants/<slug>/v1/tools.json`).
 * All are strict with every property required (claude.md 1.3); an absent value is `null`. References (P1, S1, H1, A1) are minted by the
 * workflow and valid in one conversation only (claude.md 5.1).
 */
export interface ToolInputs {
  /** Existing patient. `second_factor` is a phone number (10 digits) or a postal code; null until the caller gives one. */
  identify_patient: {
    first_name: string;
    last_name: string;
    birth_date: string;
    second_factor: string | null;
  };
  /** A child or adult who is new to the practice; nothing is written until a booking is confirmed. Call it once per person. */
  start_new_patient: {
    first_name: string;
    last_name: string;
    birth_date: string;
    phone: string;
    email: string | null;
  };
  /** Free slots. `patients` lists the people to be seen (P1, P2…): their number decides how many slots are looked for. Dates are YYYY-MM-DD. */
  find_slots: {
    visit_type: string;
    location: string;
    from: string;
    to: string;
    part_of_day: 'any' | 'morning' | 'afternoon';
    patients: readonly string[];
  };
  /** Reserves one slot for each patient, together, for some minutes. A new hold releases the earlier one. */
  hold_slots: { visits: readonly { patient: string; slot: string }[] };
  /** Books everything under the hold. Allowed only after the caller, in a later message than the hold, has said yes. */
  confirm_booking: { hold: string; caller_said: string };
  list_my_appointments: Record<string, never>;
  /** Moves one appointment to the held slot. Same consent rule as confirm_booking. */
  reschedule: { appointment: string; hold: string; caller_said: string };
  /** The first call asks for the caller's consent (error consent_needed); the call after the caller's yes cancels. */
  cancel: { appointment: string; reason: string; caller_said: string };
  /** Tells the practice that the patient will come. The caller must say so themselves. */
  confirm_attendance: { appointment: string };
  /** Facts of the practice from its own file; what is not there is not known. */
  practice_info: { topic: PracticeTopic };
  /** Notes that somebody would like an earlier or other place, should one become free. Dates are YYYY-MM-DD. */
  join_waitlist: {
    patient: string;
    visit_type: string;
    location: string;
    from: string;
    to: string;
    part_of_day: 'any' | 'morning' | 'afternoon';
  };
  /** Leaves a note about the insurance with the patient's record. */
  save_insurance: {
    patient: string;
    insurer: string;
    member_id: string | null;
    policy_holder: string | null;
  };
  transfer_to_human: { reason: string; summary: string };
  end_conversation: { outcome: 'booked' | 'rescheduled' | 'cancelled' | 'information' | 'abandoned' };
}

export const practiceTopics = ['hours', 'address', 'phone', 'visit_types', 'languages', 'other'] as const;
/** What a practice can be asked about; `other` = everything that its file does not tell. */
export type PracticeTopic = (typeof practiceTopics)[number];

export type ToolName = keyof ToolInputs;
export type ToolCall = {
  readonly [N in ToolName]: { readonly toolUseId: string; readonly name: N; readonly input: ToolInputs[N] };
}[ToolName];

/**
 * What a tool answers, as JSON in the `tool_result` block. `data` of each tool:
 * - identify_patient: `{patient:'P1', first_name, verified:boolean}`; errors `second_factor_needed`, `not_found` (also for a mismatch), `ambiguous`, `locked`
 * - start_new_patient: `{patient:'P2', first_name}`; errors `invalid_birth_date`, `invalid_phone`, `too_many_patients`
 * - find_slots: `{slots:[{slot:'S1', date, weekday, time:'9:00 AM', minutes, location}], together:[['S1','S2'],…], searched:{from,to}}`;
 *   `together` lists sets of slots, one per patient, in the order of `patients`; for one patient it is empty. Errors `none_free`, `age_rule`,
 *   `unknown_location`, `unknown_visit_type`, `invalid_range`, `try_later`
 * - hold_slots: `{hold:'H1', minutes, visits:[{patient, first_name, slot, date, weekday, time, location}]}`; errors `slot_taken`, `unknown_reference`
 * - confirm_booking: `{outcome:'booked'|'partly_booked', appointments:[{appointment:'A1', patient, first_name, date, weekday, time, location}],
 *   not_booked:[{patient, first_name, why}]}`; errors `consent_needed`, `hold_expired`, `slot_taken`, `being_checked`, `refused`, `unknown_reference`
 * - list_my_appointments: `{appointments:[{appointment:'A1', patient, first_name, date, weekday, time, location, visit_type, status}]}`; error `not_verified`
 * - reschedule: as confirm_booking with outcome `'moved'`; and `'reschedule_incomplete'` when the old one could not be cancelled
 * - cancel: `{appointment:'A1', outcome:'cancelled'|'already_cancelled'}`; errors `consent_needed`, `in_the_past`, `refused`, `being_checked`
 * - confirm_attendance: `{appointment:'A1', outcome:'confirmed'}`; errors `consent_needed`, `not_verified`, `unknown_reference`, `in_the_past`,
 *   `already_cancelled`, `refused`
 * - practice_info: `{topic, answers:[sentences]}`; error `not_known`
 * - join_waitlist: `{entry:'W1', patient, first_name, from, to}`; errors `unknown_reference`, `age_rule`, `invalid_range`, `too_many_entries`
 * - save_insurance: `{note:'N1', patient, first_name}`; errors `not_verified`, `not_booked_yet`, `unknown_reference`,
 *   `invalid_insurer`, `invalid_member_id`, `too_many_notes`
 * - transfer_to_human: `{task:'T1'}`
 * - end_conversation: `{}`
 */
export type ToolAnswer =
  | { readonly ok: true; readonly data: unknown; readonly flagged?: true }
  | {
      readonly ok: false;
      readonly error: {
        readonly code: string;
        readonly retryable: boolean;
        readonly say_hint: string;
        readonly data?: unknown;
      };
    };

/** Reads may run side by side; writes run one by one, in the order of the calls (claude.md 1.2). */
export const toolEffect = {
  identify_patient: 'read',
  start_new_patient: 'write',
  find_slots: 'read',
  hold_slots: 'write',
  confirm_booking: 'write',
  list_my_appointments: 'read',
  reschedule: 'write',
  cancel: 'write',
  confirm_attendance: 'write',
  practice_info: 'read',
  join_waitlist: 'write',
  save_insurance: 'write',
  transfer_to_human: 'write',
  end_conversation: 'write',
} as const satisfies Record<ToolName, 'read' | 'write'>;

const text = { type: 'string' } as const;
const textOrNull = { anyOf: [{ type: 'string' }, { type: 'null' }] } as const;
const day = { type: 'string', format: 'date' } as const;

const object = (properties: Record<string, unknown>): JsonObjectSchema => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

export interface JsonObjectSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Input schemas of all tools for a tenant whose visit types and locations have these keys (they become enums; no patient data). */
export function toolSchemas(practice: {
  readonly visitTypes: readonly string[];
  readonly locations: readonly string[];
}): Readonly<Record<ToolName, JsonObjectSchema>> {
  return {
    identify_patient: object({
      first_name: text,
      last_name: text,
      birth_date: day,
      second_factor: textOrNull,
    }),
    start_new_patient: object({
      first_name: text,
      last_name: text,
      birth_date: day,
      phone: text,
      email: textOrNull,
    }),
    find_slots: object({
      visit_type: { type: 'string', enum: [...practice.visitTypes] },
      location: { type: 'string', enum: [...practice.locations] },
      from: day,
      to: day,
      part_of_day: { type: 'string', enum: ['any', 'morning', 'afternoon'] },
      patients: { type: 'array', items: text },
    }),
    hold_slots: object({ visits: { type: 'array', items: object({ patient: text, slot: text }) } }),
    confirm_booking: object({ hold: text, caller_said: text }),
    list_my_appointments: object({}),
    reschedule: object({ appointment: text, hold: text, caller_said: text }),
    cancel: object({ appointment: text, reason: text, caller_said: text }),
    confirm_attendance: object({ appointment: text }),
    practice_info: object({ topic: { type: 'string', enum: [...practiceTopics] } }),
    join_waitlist: object({
      patient: text,
      visit_type: { type: 'string', enum: [...practice.visitTypes] },
      location: { type: 'string', enum: [...practice.locations] },
      from: day,
      to: day,
      part_of_day: { type: 'string', enum: ['any', 'morning', 'afternoon'] },
    }),
    save_insurance: object({
      patient: text,
      insurer: text,
      member_id: textOrNull,
      policy_holder: textOrNull,
    }),
    transfer_to_human: object({ reason: text, summary: text }),
    end_conversation: object({
      outcome: { type: 'string', enum: ['booked', 'rescheduled', 'cancelled', 'information', 'abandoned'] },
    }),
  };
}
