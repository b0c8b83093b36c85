import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { beforeEach, expect, it } from 'vitest';
import {
  bookingConversationType,
  sendMessage,
  type ConversationTimings,
} from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue, visitsWorkflowId } from '../../workflows/ids.js';
import {
  bookedCaller,
  callerWithHold,
  consentToHold,
  findAndHold,
  newFamily,
} from '../kit/booking-script.js';
import type { Caller } from '../kit/caller.js';
import { fillForm, newChild } from '../kit/form-answers.js';
import { call, say } from '../kit/model-script.js';
import { keepHistory, type WorkflowType } from '../kit/recorded-histories.js';
import { tasksOf } from '../kit/staff-tasks.js';
import { useSharedStack } from '../kit/shared-stack.js';
import { seededSecrets, type Stack } from '../kit/stack.js';

/** One test a branch of the workflows; each hands its run over to the replay corpus (docs/testing.md). */
let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeEach(() => stack.practice.clearFaults());

const workflowIdOf = (caller: Caller): string =>
  conversationWorkflowId('bright-smiles', caller.conversationId);
const keepConversation = (caller: Caller, branch: string): Promise<void> =>
  keepHistory(stack.client, 'bookingConversation', branch, { workflowId: workflowIdOf(caller) });
const keepOrder = (caller: Caller, branch: string, orderSeq = 1): Promise<void> =>
  keepHistory(stack.client, 'bookVisits' satisfies WorkflowType, branch, {
    workflowId: visitsWorkflowId('bright-smiles', caller.conversationId, orderSeq),
  });

/** Begins a conversation whose timings a test can wait for; the API never sets them. */
async function beginWithTimings(caller: Caller, timings: Partial<ConversationTimings>): Promise<void> {
  const message = { messageId: randomUUID(), text: 'Hello' };
  await stack.client.workflow.executeUpdateWithStart(sendMessage, {
    args: [message],
    updateId: message.messageId,
    startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
      workflowId: workflowIdOf(caller),
      taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [
        {
          tenantId: 'bright-smiles',
          environment: 'sandbox',
          conversationId: caller.conversationId,
          channel: 'chat',
          language: 'en',
          isTest: true,
          timings,
        },
      ],
    }),
  });
}

it('plain booking: one child, one appointment', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  await keepConversation(caller, 'plain-booking');
  await keepOrder(caller, 'one-visit');
});

it('siblings: an order of two takes exactly these activities', async () => {
  const caller = await callerWithHold(stack, 2);
  await stack.model.play(caller.conversationId, consentToHold(2));
  expect((await caller.say('Yes, both please.')).outcome).toBe('booked');

  const order = stack.client.workflow.getHandle(visitsWorkflowId('bright-smiles', caller.conversationId, 1));
  const { events } = await order.fetchHistory();
  const activities = (events ?? []).flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  const perChild = [
    'prepareCreatePatient',
    'createPatient',
    'prepareAppointment',
    'setAppointment',
    'reconcileAppointment',
  ];
  expect(activities).toEqual([...perChild, ...perChild]);
  await keepConversation(caller, 'siblings');
  await keepOrder(caller, 'siblings');
});

it('commit then drop: the appointment is found by reading, sent once', async () => {
  const sent = (await stack.practice.writes('SetAppointment')).length;
  const caller = await callerWithHold(stack);
  await stack.practice.fail('SetAppointment', 'commitThenDrop');
  await stack.model.play(caller.conversationId, consentToHold(1));
  expect((await caller.say('Yes, please book it.')).outcome).toBe('booked');

  expect(await stack.practice.writes('SetAppointment')).toHaveLength(sent + 1);
  await keepOrder(caller, 'reconciled-after-commit-then-drop');
});

it('failed before commit: sent once more after two readings, booked once', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await callerWithHold(stack);
  await stack.practice.fail('SetAppointment', '502');
  await stack.model.play(caller.conversationId, consentToHold(1));
  expect((await caller.say('Yes, please book it.')).outcome).toBe('booked');

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  await keepOrder(caller, 'sent-once-more');
});

it('slot taken: the front desk was faster and nothing is booked', async () => {
  const caller = await callerWithHold(stack);
  for (const place of await stack.heldPlaces(caller)) await stack.practice.frontDeskTakes(place);
  const before = (await stack.practice.bookings()).length;
  await stack.model.play(caller.conversationId, [
    call('confirm_booking', { hold: 'H1', caller_said: 'yes' }),
    say('Somebody was faster. Shall I look for another time?'),
  ]);
  expect((await caller.say('Yes, please book it.')).outcome).not.toBe('booked');

  expect(await stack.practice.bookings()).toHaveLength(before);
  await keepConversation(caller, 'slot-taken');
  await keepOrder(caller, 'slot-taken');
});

it('interrupted: a newer message cancels the model step, and one reply answers both', async () => {
  const caller = await stack.caller();
  await caller.say('Hello');
  const calls = await stack.model.calls();
  await stack.model.play(caller.conversationId, [{ hold: true }, say('We are glad that you call.')]);
  const messageIds = [randomUUID(), randomUUID()] as const;
  const first = caller.say('One moment', messageIds[0]);
  await stack.model.called(calls + 1);
  const [one, two] = await Promise.all([first, caller.say('I am back', messageIds[1])]);

  expect(one.text).toBe(two.text);
  expect((await caller.state()).turn).toBe(2);
  await keepConversation(caller, 'interrupted-model-step');
});

it('reschedule: the new place is booked before the old one is cancelled, one appointment stays', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await bookedCaller(stack);
  const [search] = findAndHold(1);
  await stack.model.play(caller.conversationId, [
    search!,
    call('hold_slots', { visits: [{ patient: 'P1', slot: 'S2' }] }),
    say('Shall I move it there?'),
    call('reschedule', { appointment: 'A1', hold: 'H2', caller_said: 'yes' }),
    say('Done.', [{ kind: 'moved', ref: 'A2' }]),
  ]);
  await caller.say('I need another time.');
  expect((await caller.say('Yes, please move it.')).outcome).toBe('rescheduled');

  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  await keepConversation(caller, 'reschedule');
  await keepOrder(caller, 'reschedule', 2);
});

it('cancel: asked first, cancelled after the yes', async () => {
  const caller = await bookedCaller(stack);
  const before = (await stack.practice.bookings()).length;
  const cancel = call('cancel', { appointment: 'A1', reason: 'moving away', caller_said: 'yes' });
  await stack.model.play(caller.conversationId, [
    cancel,
    say('Shall I take it out?'),
    cancel,
    say('Done.', [{ kind: 'cancelled', ref: 'A1' }]),
  ]);
  await caller.say('We are moving away.');
  expect(await stack.practice.bookings()).toHaveLength(before);
  expect((await caller.say('Yes, please do.')).outcome).toBe('cancelled');

  expect(await stack.practice.bookings()).toHaveLength(before - 1);
  await keepConversation(caller, 'cancel');
});

it('transfer: a task is left for the staff', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    call('transfer_to_human', { reason: 'billing', summary: 'A question about a bill.' }),
    say('A colleague will get in touch.', [{ kind: 'handed_off', ref: 'T1' }]),
  ]);
  expect((await caller.say('I have a question about my bill.')).outcome).toBe('transferred');

  await keepConversation(caller, 'transfer');
});

it('false claim: said twice, replaced by our own words', async () => {
  const caller = await stack.caller();
  const lie = say('You are booked for tomorrow at 9:00 AM!', [{ kind: 'booked', ref: 'A1' }]);
  await stack.model.play(caller.conversationId, [lie, lie]);
  expect((await caller.say('Anything free?')).text).not.toMatch(/you are booked/i);

  await keepConversation(caller, 'false-claim');
});

it('model away: fixed questions book a new child, and a person is there for whoever asks', async () => {
  const before = (await stack.practice.bookings()).length;
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ fault: '401' }]);
  const opened = await caller.say('Hello?');
  await fillForm(caller, opened, newChild('Fake-A'), /Shall I go ahead/);
  expect((await caller.say('Yes, please.')).outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  await keepConversation(caller, 'form-booking');

  const other = await stack.caller();
  await stack.model.play(other.conversationId, [{ fault: '401' }]);
  await other.say('Hello?');
  await other.say('A person, please.');
  expect(await tasksOf(other)).toHaveLength(1);
  await keepConversation(other, 'model-away');
});

it('idle: the conversation closes and gives its places back', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
  ]);
  await beginWithTimings(caller, { idleCloseMs: 4_000 });
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  await stack.client.workflow.getHandle(workflowIdOf(caller)).result();

  expect(await stack.heldPlaces(caller)).toEqual([]);
  const closed = await caller.request('GET', `/api/conversations/${caller.conversationId}`);
  expect(closed.body).toMatchObject({ status: 'closed', closeReason: 'idle', outcome: 'abandoned' });
  await keepConversation(caller, 'idle-close');
});

it('continue as new: the second run goes on and still knows the messages of the first', async () => {
  const caller = await stack.caller();
  await beginWithTimings(caller, { turnsPerRun: 2 });
  const workflowId = workflowIdOf(caller);
  const { runId } = await stack.client.workflow.getHandle(workflowId).describe();
  const messageId = randomUUID();
  const second = await caller.say('Where are you?', messageId);
  await stack.client.workflow.getHandle(workflowId, runId, { followRuns: false }).result().catch(String);
  const third = await caller.say('And when are you open?');
  const repeated = await caller.say('Where are you?', messageId);

  expect(third.turn).toBe(3);
  expect(repeated).toEqual(second);
  await keepHistory(stack.client, 'bookingConversation', 'continued-first-run', { workflowId, runId });
  await keepConversation(caller, 'continued-second-run');
});

it('wrote no seeded secret and no word of a caller into any log', async () => {
  const logs = await stack.logs();
  for (const text of [...seededSecrets, '5555550142', 'Shall I book it', 'Fake-']) {
    expect(logs.includes(text), text).toBe(false);
  }
});
