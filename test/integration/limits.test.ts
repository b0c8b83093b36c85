import { expect, it } from 'vitest';
import { findAndHold, newFamily } from '../kit/booking-script.js';
import { call, say } from '../kit/model-script.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

/** Time and money that run out, and the person who then takes over. */
let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

it('books nothing under a hold whose minutes have passed, and lets somebody else have the place', async () => {
  const sent = (await stack.practice.writes('SetAppointment')).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('That took a little long. Shall I look again?'),
  ]);
  await caller.say('My son is new.');
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  await stack.letHoldRunOut(caller.conversationId);
  const reply = await caller.say('Yes, book it.');

  expect(reply.outcome).not.toBe('booked');
  expect(await stack.practice.writes('SetAppointment')).toHaveLength(sent);
  expect(await stack.heldPlaces(caller)).toEqual([]);
  expect((await caller.state()).hold).toBeNull();
});

it('goes on by fixed questions when a call has used up its model calls: honest words, not one call more, one task for a person', async () => {
  const callsOfOnePhoneCall = 40;
  const caller = await stack.caller({ channel: 'voice' });
  const hello = say('How can I help you?');
  await stack.model.play(
    caller.conversationId,
    Array.from({ length: callsOfOnePhoneCall + 2 }, () => hello),
  );
  for (let turn = 1; turn <= callsOfOnePhoneCall; turn++) await caller.say(`Message ${turn}`);
  expect(await tasksOf(caller)).toEqual([]);
  const calls = await stack.model.calls();
  expect((await caller.say('Are you there?')).text).toMatch(/step by step.*Who is the visit for/);
  expect((await caller.say('Hello?')).text).toMatch(/did not understand/);
  expect(await tasksOf(caller)).toEqual([]);
  expect((await caller.say('Hello?')).text).toMatch(/colleague/);

  expect(await stack.model.calls()).toBe(calls);
  // A colleague now or a callback: the hour of the day decides.
  expect((await tasksOf(caller)).map((task) => task.kind)).toMatchObject([
    expect.stringMatching(/^(transfer|callback)$/),
  ]);
});

it('leaves the staff the very request when the model transfers the caller, and says no more than that', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    call('transfer_to_human', { reason: 'billing', summary: 'A question about a bill.' }),
    say('A colleague will get in touch.', [{ kind: 'handed_off', ref: 'T1' }]),
  ]);
  expect((await caller.say('I have a question about my bill.')).outcome).toBe('transferred');

  // A colleague now or a callback: which of them depends on the hour of the day (hand-off.test.ts has both).
  const tasks = await tasksOf(caller);
  expect(tasks).toMatchObject([{ summary: 'A question about a bill.' }]);
  expect(tasks[0]!.kind).toMatch(/^(transfer|callback)$/);
});

it('carries out eight calls of one model step and answers all others untried', async () => {
  const searches = Array.from({ length: 30 }, (_, index) => ({
    name: 'list_my_appointments',
    input: { [`made_up_${index}`]: index },
  }));
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ toolCalls: searches }, say('How can I help?')]);
  expect((await caller.say('Hello')).text).toBe('How can I help?');
  const told = await stack.toldToModel(caller.conversationId);
  expect(told.match(/too_many_calls/g)).toHaveLength(30 - 8);
  expect(told.match(/invalid_input/g)).toHaveLength(8);
  expect(await stack.model.violations()).toEqual([]);
});
