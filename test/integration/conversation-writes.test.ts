import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { bookedCaller, consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { call, say, type ScriptedTurn } from '../kit/model-script.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeEach(() => stack.practice.clearFaults());

/** A caller with one appointment, made in this conversation. */
const search = (): ScriptedTurn =>
  call('find_slots', {
    visit_type: 'exam',
    location: 'downtown',
    from: addDays(practiceDateOf(Date.now(), 'America/New_York'), 1),
    to: addDays(practiceDateOf(Date.now(), 'America/New_York'), 28),
    part_of_day: 'any',
    patients: ['P1'],
  });

const moveTo = (slot: string, claims: Parameters<typeof say>[1]): ScriptedTurn[] => [
  search(),
  call('hold_slots', { visits: [{ patient: 'P1', slot }] }),
  say('Shall I move it?'),
  call('reschedule', { appointment: 'A1', hold: 'H2', caller_said: 'yes' }),
  say('The new visit is arranged.', claims),
];

it('cancels one appointment after a yes to the very question', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  const cancel = call('cancel', { appointment: 'A1', reason: 'moving away', caller_said: 'yes' });
  await stack.model.play(caller.conversationId, [
    cancel,
    say('Shall I cancel it?'),
    cancel,
    say('It is cancelled.', [{ kind: 'cancelled', ref: 'A1' }]),
  ]);
  await caller.say('Cancel my visit please, yes.');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  const reply = await caller.say('Yes, cancel it.');

  expect(reply.outcome).toBe('cancelled');
  expect(await stack.practice.bookings()).toHaveLength(before);
});

it('moves an appointment: the new one stands, the old one is gone', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);
  await stack.model.play(caller.conversationId, moveTo('S3', [{ kind: 'moved', ref: 'A2' }]));
  await caller.say('Can we move it?');
  const reply = await caller.say('Yes, move it.');

  expect(reply.outcome).toBe('rescheduled');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('leaves both appointments and one staff task when the old one cannot be cancelled', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);
  await stack.practice.fail('SetAppointmentStatusCanceled', '502', { times: 2 });
  await stack.model.play(caller.conversationId, moveTo('S3', [{ kind: 'booked', ref: 'A2' }]));
  await caller.say('Can we move it?');
  await caller.say('Yes, move it.');

  expect(await stack.practice.bookings()).toHaveLength(before + 2);
  expect((await tasksOf(caller)).map((task) => task.kind)).toEqual(['rescheduleIncomplete']);
  expect((await caller.state()).ledger.map((line) => line.kind)).toEqual(['booked', 'booked']);
});

it('keeps the first sibling and leaves a task when the second place is taken meanwhile', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2),
    say('Shall I book both?'),
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('One visit is arranged, the other time was taken.', [{ kind: 'booked', ref: 'A1' }]),
  ]);
  await caller.say('Two kids, both new.');
  const [, second] = await stack.heldPlaces(caller);
  await stack.practice.frontDeskTakes(second!);
  await caller.say('Yes, both please.');

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect((await tasksOf(caller)).map((task) => task.kind)).toEqual(['partialBooking']);
});

it('keeps the sibling that was booked when the practice system fails for good on the next', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2),
    say('Shall I book both?'),
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('One visit is arranged.', [{ kind: 'booked', ref: 'A1' }]),
  ]);
  await caller.say('Two kids, both new.');
  // The look-up before the second child is created: the practice withdraws our right to it.
  await stack.practice.fail('GetPortalPatientLookup', 'error', { afterCalls: 1, code: 10 });
  await caller.say('Yes, both please.');

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect((await caller.state()).ledger).toHaveLength(1);
});

it('locks the look-up after three wrong guesses, also when they come side by side', async () => {
  const caller = await stack.caller();
  const guess = (zip: string) => ({
    name: 'identify_patient',
    input: { first_name: 'Nobody', last_name: 'Inventedname', birth_date: '2012-01-02', second_factor: zip },
  });
  const searches = await stack.practice.callCount('GetPortalPatientLookup');
  await stack.model.play(caller.conversationId, [
    { toolCalls: ['10001', '10002', '10003', '10004', '10005'].map(guess) },
    say('I could not find a record.'),
  ]);
  await caller.say('I am a patient.');

  expect(await stack.practice.callCount('GetPortalPatientLookup')).toBe(searches + 3);
  expect((await caller.state()).identityLevel).toBe('L0');
});

it('shows somebody new only what this conversation has made, nothing else of the record', async () => {
  const caller = await bookedCaller(stack);
  const [{ patientGuid } = { patientGuid: '' }] = (await stack.practice.bookings()).slice(-1);
  const other = await stack.caller();
  await stack.model.play(other.conversationId, [...newFamily(1), ...findAndHold(1), say('Shall I book it?')]);
  await other.say('My son is new.');
  const [place] = await stack.heldPlaces(other);
  await stack.practice.frontDeskTakes({ ...place!, patientGuid });
  const cancel = call('cancel', { appointment: 'A2', reason: 'none', caller_said: 'yes' });
  await stack.model.play(caller.conversationId, [
    call('list_my_appointments', {}),
    cancel,
    say('Shall I cancel the other one?'),
    cancel,
    say('I cannot see any other visit.'),
  ]);
  await caller.say('Cancel my other visit.');
  await caller.say('Yes, cancel it.');

  expect((await caller.state()).identityLevel).toBe('L1');
  const desk = (await stack.practice.appointments()).filter(
    ({ columnGuid, start }) => columnGuid === place!.columnGuid && start === place!.start,
  );
  expect(desk.map((appointment) => appointment.status)).toEqual(['Scheduled']);
});

it('drops the model step that a newer message overtakes, and answers both messages in one turn', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ hold: true }, say('Nine thirty then.')]);
  const calls = await stack.model.calls();
  const first = caller.say('At nine please.');
  await stack.model.called(calls + 1);
  const second = caller.say('No, nine thirty.');
  const replies = await Promise.all([first, second]);

  expect(replies[0].text).toBe(replies[1].text);
  expect((await caller.state()).turn).toBe(1);
  await stack.model.release();
});

it('finishes a booking although the caller writes again, and tells the truth about it', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    ...consentToHold(1),
  ]);
  await caller.say('My daughter is new.');
  await stack.practice.fail('SetAppointment', 'commitThenHang');
  const committed = await stack.practice.nextCommit('SetAppointment');
  const yes = caller.say('Yes, please.');
  await committed();
  const messageId = randomUUID();
  await caller.post('Hello, are you there?', { messageId, waitMs: 0 });
  await stack.practice.release();

  expect((await yes).outcome).toBe('booked');
  expect((await caller.replyTo(messageId)).outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
});

it('books nothing more by fixed questions in a turn that has booked: says what is done and leaves one task', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    consentToHold(1)[0]!,
    { fault: '401' },
  ]);
  await caller.say('My daughter is new.');
  const reply = await caller.say('Yes, please.');

  expect(reply.text).toMatch(/: booked.*colleague will get back/);
  expect(reply.outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect((await tasksOf(caller)).map((task) => task.kind)).toEqual(['conversationFailed']);
});

it('books nobody twice for one kind of visit, whatever the model asks for', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);
  await stack.model.play(caller.conversationId, [
    search(),
    call('hold_slots', { visits: [{ patient: 'P1', slot: 'S3' }] }),
    say('Shall I book that too?'),
    call('confirm_booking', { hold: 'H2', caller_said: 'yes' }),
    say('You have a visit already.'),
  ]);
  await caller.say('And one more first visit for her.');
  await caller.say('Yes, please.');

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  expect((await caller.state()).ledger).toHaveLength(1);
});
