import { randomInt } from 'node:crypto';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import type { Caller } from './caller.js';
import { call, say, type ScriptedTurn } from './model-script.js';
import type { Stack } from './stack.js';

const people = ['Ada', 'Bea', 'Cleo'] as const;

/** The model notes this many new children of one invented family. */
export function newFamily(children: 1 | 2 | 3): ScriptedTurn[] {
  const lastName = `Fake-${String.fromCharCode(65 + randomInt(26))}${randomInt(1_000_000)}`;
  return people.slice(0, children).map((firstName) =>
    call('start_new_patient', {
      first_name: firstName,
      last_name: lastName,
      birth_date: '2014-05-06',
      phone: '5555550142',
      email: null,
    }),
  );
}

/** The model searches the next four weeks at an office and holds the first set of slots. */
export function findAndHold(children: 1 | 2 | 3, location = 'downtown'): ScriptedTurn[] {
  const today = practiceDateOf(Date.now(), 'America/New_York');
  const patients = people.slice(0, children).map((_, index) => `P${index + 1}`);
  return [
    call('find_slots', {
      visit_type: 'exam',
      location,
      from: addDays(today, 1),
      to: addDays(today, 28),
      part_of_day: 'any',
      patients,
    }),
    call('hold_slots', { visits: patients.map((patient, index) => ({ patient, slot: `S${index + 1}` })) }),
  ];
}

/** The model confirms the hold and claims what it then knows. */
export function consentToHold(children: 1 | 2 | 3): ScriptedTurn[] {
  const claims = people
    .slice(0, children)
    .map((_, index) => ({ kind: 'booked' as const, ref: `A${index + 1}` }));
  return [call('confirm_booking', { hold: 'H1', caller_said: 'yes' }), say('It is booked.', claims)];
}

/** A caller who holds places for new children and was asked for a yes. */
export async function callerWithHold(
  stack: Pick<Stack, 'caller' | 'model'>,
  children: 1 | 2 | 3 = 1,
): Promise<Caller> {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(children),
    ...findAndHold(children),
    say('Shall I book it?'),
  ]);
  await caller.say('My family is new. Exam please.');
  return caller;
}

/** A caller with one new child who has a visit. */
export async function bookedCaller(stack: Pick<Stack, 'caller' | 'model'>): Promise<Caller> {
  const caller = await callerWithHold(stack);
  await stack.model.play(caller.conversationId, consentToHold(1));
  const { outcome } = await caller.say('Yes, please book it.');
  if (outcome !== 'booked') throw new Error(`Nothing was booked: ${outcome}`);
  return caller;
}
