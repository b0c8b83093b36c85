import { beforeAll, expect, it } from 'vitest';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import type { Caller } from '../kit/caller.js';
import { call, say, type ScriptedTurn } from '../kit/model-script.js';
import type { PracticeSystem } from '../kit/practice-system.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

/** A practice that sees siblings together or not at all. */
let stack: Stack;
let practice: PracticeSystem;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  practice = await stack.openRiverOrtho();
});

async function familyWithHold(afterYes: readonly ScriptedTurn[]): Promise<Caller> {
  const caller = await stack.caller({ tenantId: 'river-ortho' });
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2, 'mesa'),
    say('Shall I book both?'),
    ...afterYes,
  ]);
  await caller.say('Two kids, both new.');
  return caller;
}

it('books both siblings when both places are free', async () => {
  const before = (await practice.bookings()).length;
  const caller = await familyWithHold(consentToHold(2));

  expect((await caller.say('Yes, both please.')).outcome).toBe('booked');
  expect(await practice.bookings()).toHaveLength(before + 2);
});

it('takes the first sibling back when the second place is taken meanwhile, and does not speak of a booking', async () => {
  const before = (await practice.bookings()).length;
  const sent = (await practice.writes('SetAppointment')).length;
  const lie = say('Both are booked.', [{ kind: 'booked', ref: 'A1' }]);
  const caller = await familyWithHold([
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    lie,
    lie,
  ]);
  const [, second] = await stack.heldPlaces(caller);
  await practice.frontDeskTakes(second!);
  const reply = await caller.say('Yes, both please.');

  expect(await practice.bookings()).toHaveLength(before);
  // The first one was really made: what is asserted is that it was taken back.
  expect(await practice.writes('SetAppointment')).toHaveLength(sent + 2);
  expect(reply.text).toMatch(/nothing has been booked/);
  expect((await caller.state()).ledger).toEqual([]);
  expect(await stack.heldPlaces(caller)).toEqual([]);
});

it('leaves a task when the first sibling cannot be taken back', async () => {
  const before = (await practice.bookings()).length;
  const caller = await familyWithHold([
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('A colleague will get back to you about this.'),
  ]);
  const [, second] = await stack.heldPlaces(caller);
  await practice.frontDeskTakes(second!);
  await practice.fail('SetAppointmentStatusCanceled', '502', { times: 2 });
  await caller.say('Yes, both please.');

  expect(await practice.bookings()).toHaveLength(before + 1);
  expect((await tasksOf(caller)).map((task) => task.kind)).toEqual(['bookingUnclear']);
});
