import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import type { Caller } from '../kit/caller.js';
import { call, say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

const today = practiceDateOf(Date.now(), 'America/New_York');
const ann = { firstName: 'Ann', birthDate: '2012-05-06', phone: '5555550155' };

/** A patient of the practice with an appointment that the front desk has made, and the turns that find them. */
async function knownPatient() {
  const lastName = `Fake-${randomUUID().slice(0, 8)}`;
  const patientGuid = await stack.practice.addPatient({ ...ann, lastName });
  const [place] = await stack.practice.freePlaces(addDays(today, 7), addDays(today, 28));
  await stack.practice.frontDeskTakes({ ...place!, patientGuid });
  const find = [
    call('identify_patient', {
      first_name: ann.firstName,
      last_name: lastName,
      birth_date: ann.birthDate,
      second_factor: ann.phone,
    }),
    call('list_my_appointments', {}),
  ];
  return { patientGuid, lastName, find };
}

it('confirms attendance at the practice, once, and only when the caller says so', async () => {
  const { find } = await knownPatient();
  const sent = async () => (await stack.practice.writes('SetAppointmentStatusConfirmed')).length;
  const before = await sent();
  const caller = await stack.caller();
  const confirm = call('confirm_attendance', { appointment: 'A1' });
  await stack.model.play(caller.conversationId, [...find, confirm, say('Are you coming?')]);
  await caller.say('Hello, it is about Ann.');
  expect(await sent()).toBe(before);

  const done = say('It is confirmed.', [{ kind: 'confirmed', ref: 'A1' }]);
  await stack.model.play(caller.conversationId, [confirm, confirm, done]);
  const reply = await caller.say('Yes.');
  expect(reply.text).toBe('It is confirmed.');
  expect(await sent()).toBe(before + 1);
});

it('confirms nothing for a caller who is not known, and replaces words that claim it', async () => {
  const before = (await stack.practice.writes('SetAppointmentStatusConfirmed')).length;
  const caller = await stack.caller();
  const lie = say('Your visit is confirmed.', [{ kind: 'confirmed', ref: 'A1' }]);
  await stack.model.play(caller.conversationId, [
    call('confirm_attendance', { appointment: 'A1' }),
    lie,
    lie,
  ]);
  const reply = await caller.say("Please confirm that I'm coming.");
  expect(reply.text).not.toMatch(/is confirmed/);
  expect(await stack.practice.writes('SetAppointmentStatusConfirmed')).toHaveLength(before);
});

it('answers from the file of the practice, and does not know what is not in it', async () => {
  const caller = await stack.caller({ language: 'es' });
  await stack.model.play(caller.conversationId, [
    call('practice_info', { topic: 'hours' }),
    call('practice_info', { topic: 'other' }),
    say('Un momento.'),
  ]);
  await caller.say('¿Cuándo abren?');
  const told = await stack.toldToModel(caller.conversationId);
  expect(told).toMatch(/Horario de Downtown: lunes de 8:00/);
  expect(told).toContain('not_known');
});

it('notes the insurance of a verified patient once, with our marker, and nobody else’s', async () => {
  const { patientGuid, find } = await knownPatient();
  const comments = async () =>
    (await stack.practice.writes('SetPatientComment')).filter(
      ({ parameters }) => parameters['patGUID']?.toLowerCase() === patientGuid.toLowerCase(),
    );
  const note = call('save_insurance', {
    patient: 'P1',
    insurer: 'Invented Dental',
    member_id: 'X-123',
    policy_holder: null,
  });
  const caller = await stack.caller();
  await stack.practice.fail('SetPatientComment', '502');
  await stack.model.play(caller.conversationId, [
    ...find,
    note,
    note,
    say('I have noted your insurance.', [{ kind: 'noted', ref: 'N1' }]),
  ]);
  const reply = await caller.say('Our insurance is Invented Dental, member X-123.');
  expect(reply.text).toBe('I have noted your insurance.');
  const committed = (await comments()).filter((write) => write.committed);
  expect(committed).toHaveLength(1);
  expect(committed[0]?.parameters['patComment']).toMatch(
    new RegExp(`Invented Dental, member X-123 \\[chairside ${caller.conversationId.slice(0, 8)}\\.N1\\]$`),
  );

  const before = (await stack.practice.writes('SetPatientComment')).length;
  const stranger = await stack.caller();
  await stack.model.play(stranger.conversationId, [...newFamily(1), note, say('Which visit is it?')]);
  await stranger.say('Our insurance is Invented Dental.');
  expect(await stack.practice.writes('SetPatientComment')).toHaveLength(before);
});

interface Entry {
  readonly entryId: string;
  readonly conversationId: string;
  readonly status: string;
  readonly offeredStart: string | null;
  readonly offerTaskId: string | null;
}

const entriesOf = async (caller: Caller): Promise<readonly Entry[]> => {
  const { body } = await caller.request('GET', '/api/waitlist?limit=100');
  const { entries } = body as { entries: Entry[] };
  return entries.filter(({ conversationId }) => conversationId === caller.conversationId);
};

it('offers a place that a cancellation frees to whoever waits for it, through staff', async () => {
  const waiting = await stack.caller();
  const join = call('join_waitlist', {
    patient: 'P1',
    visit_type: 'exam',
    location: 'downtown',
    from: addDays(today, 1),
    to: addDays(today, 28),
    part_of_day: 'any',
  });
  await stack.model.play(waiting.conversationId, [
    ...newFamily(1),
    join,
    join,
    say('You are on the waiting list.', [{ kind: 'waitlisted', ref: 'W1' }]),
  ]);
  const reply = await waiting.say('Nothing suits, put us on the waiting list.');
  expect(reply.text).toBe('You are on the waiting list.');
  expect(await entriesOf(waiting)).toMatchObject([{ status: 'open', offeredStart: null }]);

  const booked = await stack.caller();
  await stack.model.play(booked.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I?'),
    ...consentToHold(1),
    call('cancel', { appointment: 'A1', reason: 'ill', caller_said: '' }),
    say('Shall I cancel it?'),
    call('cancel', { appointment: 'A1', reason: 'ill', caller_said: 'yes' }),
    say('It is cancelled.', [{ kind: 'cancelled', ref: 'A1' }]),
  ]);
  await booked.say('My daughter is new.');
  await booked.say('Yes, please.');
  await booked.say('Sorry, please cancel it.');
  expect((await booked.say('Yes, cancel it.')).outcome).toBe('cancelled');
  const { ledger } = await booked.state();

  const [entry] = await entriesOf(waiting);
  expect(entry).toMatchObject({ status: 'open', offeredStart: ledger[0]?.start });
  const tasks = (await waiting.request('GET', '/api/staff-tasks?limit=100')).body as {
    tasks: { taskId: string; kind: string; detail: unknown }[];
  };
  expect(tasks.tasks.filter(({ taskId }) => taskId === entry?.offerTaskId)).toMatchObject([
    { kind: 'waitlistOffer', detail: { entryId: entry?.entryId } },
  ]);

  const path = `/api/waitlist/${entry!.entryId}`;
  expect((await waiting.request('POST', `${path}/take`, {})).body).toMatchObject({ status: 'taken' });
  const closed = await waiting.request('POST', `${path}/close`, { note: 'Booked the place.' });
  expect(closed.body).toMatchObject({ status: 'closed', note: 'Booked the place.' });
  expect((await waiting.request('POST', `${path}/take`, {})).status).toBe(409);
});
