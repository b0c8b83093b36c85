import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { call, say, type ScriptedTurn } from '../kit/model-script.js';
import { dayFromToday, type KnownPatient } from './stage.js';

/** The model notes this many new children, holds places and asks; then it confirms and says so. */
export const bookChildren = (children: 1 | 2 | 3): readonly ScriptedTurn[] => [
  ...askForYes(children),
  ...consentToHold(children),
];

/** The same up to the question. */
export const askForYes = (children: 1 | 2 | 3): readonly ScriptedTurn[] => [
  ...newFamily(children),
  ...findAndHold(children),
  say('Shall I book it?'),
];

export const confirm = (hold = 'H1'): ScriptedTurn => call('confirm_booking', { hold, caller_said: 'yes' });

export const search = (patients: readonly string[] = ['P1']): ScriptedTurn =>
  call('find_slots', {
    visit_type: 'exam',
    location: 'downtown',
    from: dayFromToday(1),
    to: dayFromToday(28),
    part_of_day: 'any',
    patients,
  });

export const hold = (slot: string, patient = 'P1'): ScriptedTurn =>
  call('hold_slots', { visits: [{ patient, slot }] });

/** The model proves that the caller knows this patient, and lists the appointments. */
export const identifyAndList = (patient: KnownPatient): readonly ScriptedTurn[] => [
  identify(patient, patient.phone),
  call('list_my_appointments', {}),
];

export const identify = (
  patient: Pick<KnownPatient, 'firstName' | 'lastName' | 'birthDate'>,
  factor: string,
): ScriptedTurn =>
  call('identify_patient', {
    first_name: patient.firstName,
    last_name: patient.lastName,
    birth_date: patient.birthDate,
    second_factor: factor,
  });

export const cancel = (appointment = 'A1'): ScriptedTurn =>
  call('cancel', { appointment, reason: 'the caller asked', caller_said: 'yes' });

export const transfer = (reason: string): readonly ScriptedTurn[] => [
  call('transfer_to_human', { reason, summary: 'A colleague must decide.' }),
  say('A colleague will get in touch.', [{ kind: 'handed_off', ref: 'T1' }]),
];

/** Words that promise a booking. */
export const promises = /\b(?:is|are|'re) (?:now |all )?(?:booked|set|confirmed|scheduled)\b/i;
