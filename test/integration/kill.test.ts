import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { visitsWorkflowId } from '../../workflows/ids.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import type { Caller } from '../kit/caller.js';
import { activitiesCompleted, started } from '../kit/history.js';
import { say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeEach(() => stack.practice.clearFaults());

/** A family of two that has been offered a hold and is about to say yes. */
async function readyToBook(): Promise<Caller> {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(2),
    ...findAndHold(2),
    say('Shall I book both?'),
    ...consentToHold(2),
  ]);
  await caller.say('Two kids, both new.');
  return caller;
}

/** The two bookings of a conversation, each in a place of its own, and none besides. */
async function expectExactlyTwo(caller: Caller, before: number): Promise<void> {
  const bookings = (await stack.practice.bookings()).slice(before);
  expect(bookings).toHaveLength(2);
  const { ledger } = await caller.state();
  expect(ledger.map((line) => line.appointmentGuid).sort()).toEqual(
    bookings.map((row) => row.appointmentGuid).sort(),
  );
}

// Per child: prepare and create the patient, prepare, send and verify the appointment.
const boundaries = Array.from({ length: 11 }, (_, completed) => completed);

describe.each(boundaries)(
  'with the worker killed after activity %i of a two-sibling booking',
  (completed) => {
    it('both siblings are booked exactly once and the caller hears it', async () => {
      const before = (await stack.practice.bookings()).length;
      const caller = await readyToBook();
      const reply = caller.say('Yes, both please.');
      const order = visitsWorkflowId('bright-smiles', caller.conversationId, 1);
      await started(stack.client, order);
      await activitiesCompleted(stack.client, order, completed);
      await stack.worker.kill();
      await stack.worker.start();

      expect((await reply).outcome).toBe('booked');
      await expectExactlyTwo(caller, before);
    });
  },
);

it('finds the appointment that was committed while the worker was killed waiting for the answer', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await readyToBook();
  await stack.practice.fail('SetAppointment', 'commitThenHang');
  const committed = await stack.practice.nextCommit('SetAppointment');
  const reply = caller.say('Yes, both please.');
  await committed();
  await stack.worker.kill();
  await stack.worker.start();

  expect((await reply).outcome).toBe('booked');
  await expectExactlyTwo(caller, before);
});

it('finishes the booking after the Temporal server was killed in the middle of a write', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await readyToBook();
  await stack.practice.fail('SetAppointment', 'commitThenHang');
  const messageId = randomUUID();
  const committed = await stack.practice.nextCommit('SetAppointment');
  const sent = caller.post('Yes, both please.', { messageId }).catch(() => undefined);
  await committed();
  await stack.temporal.restart();
  await stack.practice.release();
  await sent;

  expect((await caller.replyTo(messageId)).outcome).toBe('booked');
  await expectExactlyTwo(caller, before);
});

it('still has the answer for a caller whose API died while the message waited', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ hold: true }, say('Good morning, how can I help?')]);
  const messageId = randomUUID();
  const calls = await stack.model.calls();
  const sent = caller.post('Hello', { messageId }).catch(() => undefined);
  await stack.model.called(calls + 1);
  await stack.api.kill();
  await sent;
  await stack.api.start();
  await stack.model.release();

  expect((await caller.replyTo(messageId)).turn).toBe(1);
});
