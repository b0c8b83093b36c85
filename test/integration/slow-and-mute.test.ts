import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { say } from '../kit/model-script.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

/** A practice system that takes its time or gives no reason, and a model that asks twice (failure-modes 4, 15, 16). */
let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeEach(() => stack.practice.clearFaults());

it('books once when one turn of the model confirms the same hold twice', async () => {
  const sent = (await stack.practice.writes('SetAppointment')).length;
  const caller = await stack.caller();
  const confirm = { name: 'confirm_booking', input: { hold: 'H1', caller_said: 'yes' } };
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    { toolCalls: [confirm, confirm] },
    say('It is booked.', [{ kind: 'booked', ref: 'A1' }]),
  ]);
  await caller.say('My son is new.');
  const reply = await caller.say('Yes, book it.');

  expect(reply).toMatchObject({ outcome: 'booked', text: 'It is booked.' });
  expect(await stack.practice.writes('SetAppointment')).toHaveLength(sent + 1);
  expect((await caller.state()).ledger).toHaveLength(1);
});

it('answers 202 within the caller’s patience while the slot search is slow, searches once, and then offers', async () => {
  const caller = await stack.caller();
  const searches = await stack.practice.callCount('GetOnlineReservations');
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
  ]);
  await stack.practice.fail('GetOnlineReservations', 'hang');
  const messageId = randomUUID();
  const answer = await caller.post('My son is new.', { messageId, waitMs: 1_000 });
  const again = await caller.post('My son is new.', { messageId, waitMs: 1 });
  await stack.practice.release();

  expect([answer.status, again.status]).toEqual([202, 202]);
  expect((await caller.replyTo(messageId)).turn).toBe(1);
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  expect(await stack.practice.callCount('GetOnlineReservations')).toBe(searches + 1);
});

it('books nothing, promises nothing and leaves one task when the practice system refuses a new patient without a reason', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    ...consentToHold(1),
    ...consentToHold(1).slice(1),
  ]);
  await caller.say('My son is new.');
  // The first try and the one repeat that reading allows.
  await stack.practice.fail('SetPatient', 'error', { result: '', times: 2 });
  const reply = await caller.say('Yes, book it.');

  expect(reply.outcome).not.toBe('booked');
  expect(reply.text).toMatch(/still being confirmed/);
  expect(await stack.practice.bookings()).toHaveLength(before);
  expect((await tasksOf(caller)).map((task) => task.kind)).toEqual(['bookingUnclear']);
});
