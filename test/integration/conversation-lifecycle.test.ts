import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { beforeEach, expect, it, vi } from 'vitest';
import { searchAttributes } from '../../domain/search-attributes.js';
import {
  bookingConversationType,
  endConversation,
  sendMessage,
  type ConversationTimings,
  type Reply,
} from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import type { Caller } from '../kit/caller.js';
import { say } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeEach(() => stack.practice.clearFaults());

const handleOf = (caller: Caller) =>
  stack.client.workflow.getHandle(conversationWorkflowId('bright-smiles', caller.conversationId));

const row = async (caller: Caller): Promise<unknown> =>
  (await caller.request('GET', `/api/conversations/${caller.conversationId}`)).body;

/** Sends a first message to a conversation that runs with other timings than the product's. */
async function begin(caller: Caller, timings: Partial<ConversationTimings>, text: string): Promise<Reply> {
  const messageId = randomUUID();
  return stack.client.workflow.executeUpdateWithStart(sendMessage, {
    args: [{ messageId, text }],
    updateId: messageId,
    startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
      workflowId: conversationWorkflowId('bright-smiles', caller.conversationId),
      taskQueue,
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
      typedSearchAttributes: [{ key: searchAttributes.tenantId, value: 'bright-smiles' }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}

it('closes in good order when an operator cancels the workflow: places go back, row and reply are final', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
  ]);
  await caller.say('My daughter is new.');
  expect(await stack.heldPlaces(caller)).toHaveLength(1);
  await stack.model.play(caller.conversationId, [{ hold: true }, say('Good day.')]);
  const calls = await stack.model.calls();
  const waiting = caller.say('One question.');
  await stack.model.called(calls + 1);
  await handleOf(caller).cancel();
  await stack.model.release();

  await expect(handleOf(caller).result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
  expect((await waiting).turn).toBe(2);
  expect(await stack.heldPlaces(caller)).toEqual([]);
  expect((await handleOf(caller).describe()).status.name).toBe('CANCELLED');
  expect(await row(caller)).toMatchObject({ status: 'closed', closeReason: 'cancelled by an operator' });
});

it('finishes a booking under way when an operator cancels the workflow', async () => {
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
  const reply = caller.say('Yes, please.');
  await committed();
  await handleOf(caller).cancel();
  await stack.practice.release();

  expect((await reply).outcome).toBe('booked');
  expect(await stack.practice.bookings()).toHaveLength(before + 1);
  await expect(handleOf(caller).result()).rejects.toThrow();
  expect(await row(caller)).toMatchObject({ status: 'closed', outcome: 'booked' });
});

it('answers a caller whose conversation cannot begin, and leaves outcome and task', async () => {
  const caller = await stack.caller();
  // No such row: the opening refuses it for good.
  const messageId = randomUUID();
  const conversationId = randomUUID();
  const sent = stack.client.workflow.executeUpdateWithStart(sendMessage, {
    args: [{ messageId, text: 'Hello' }],
    updateId: messageId,
    startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
      workflowId: conversationWorkflowId('bright-smiles', conversationId),
      taskQueue,
      args: [
        {
          tenantId: 'bright-smiles',
          environment: 'sandbox',
          conversationId,
          channel: 'chat',
          language: 'en',
          isTest: true,
        },
      ],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
  await expect(sent).rejects.toMatchObject({ cause: { type: 'ConversationNotFound' } });
  const handle = stack.client.workflow.getHandle(conversationWorkflowId('bright-smiles', conversationId));
  await expect(handle.result()).rejects.toThrow();
  const { typedSearchAttributes } = await handle.describe();
  expect(typedSearchAttributes.get(searchAttributes.outcome)).toBe('failed');
  const { tasks } = (await caller.request('GET', '/api/staff-tasks')).body as {
    tasks: { taskId: string }[];
  };
  expect(tasks.map((task) => task.taskId)).toContain(`${conversationId}.failed`);
});

it('closes an idle conversation, gives its place back and says goodbye once', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
  ]);
  await begin(caller, { idleCloseMs: 1_500 }, 'My daughter is new.');
  await handleOf(caller).result();

  expect(await stack.heldPlaces(caller)).toEqual([]);
  expect(await row(caller)).toMatchObject({ status: 'closed', outcome: 'abandoned', closeReason: 'idle' });
  expect((await caller.post('Still there?')).status).toBe(409);
});

it('gives a message its old reply after the run continued as new, keeps its attributes and its idle timer', async () => {
  const caller = await stack.caller();
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help?' });
  await begin(caller, { turnsPerRun: 1, idleCloseMs: 8_000 }, 'Hello');
  const firstRun = (await handleOf(caller).describe()).runId;
  const messageId = randomUUID();
  const reply = await caller.say('Second', messageId);
  let current = firstRun;
  while (current === firstRun) {
    current = (await handleOf(caller).describe()).runId;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const calls = await stack.model.calls();
  expect(await caller.say('Second', messageId)).toEqual(reply);
  expect(await stack.model.calls()).toBe(calls);

  const { typedSearchAttributes } = await handleOf(caller).describe();
  expect(typedSearchAttributes.get(searchAttributes.tenantId)).toBe('bright-smiles');
  expect(typedSearchAttributes.get(searchAttributes.promptBundle)).toBe(reply.promptBundle);
  await handleOf(caller).result();
  expect(await row(caller)).toMatchObject({ closeReason: 'idle' });
});

it('takes the next message at once while it is about to continue as new', async () => {
  const caller = await stack.caller();
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help?' });
  await begin(caller, { turnsPerRun: 1 }, 'Hello');
  const { runId } = await handleOf(caller).describe();
  await caller.say('And one more thing');

  const first = stack.client.workflow.getHandle(handleOf(caller).workflowId, runId);
  const { events } = await first.fetchHistory();
  const answers = events?.filter((event) => event.workflowExecutionUpdateCompletedEventAttributes);
  // The pause before the new run was given up for the message: no timer rang between the two answers.
  expect(answers).toHaveLength(2);
  const rang = events?.findIndex((event) => event.timerFiredEventAttributes) ?? -1;
  expect(rang === -1 || rang > events!.indexOf(answers![1]!)).toBe(true);
});

it('refuses an end without a reason, and lives on', async () => {
  const caller = await stack.caller();
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help?' });
  await caller.say('Hello');
  const broken = handleOf(caller).executeUpdate(endConversation.name, { args: [] });
  await expect(broken).rejects.toMatchObject({ cause: { type: 'MessageInvalid' } });
  expect((await caller.say('Still there?')).turn).toBe(2);
});

it('closes the row of a conversation that was terminated from outside, in the list and by itself', async () => {
  const [one, two] = [await stack.caller(), await stack.caller()];
  for (const caller of [one, two]) {
    await caller.say('Hello');
    await stack.client.workflow
      .getHandle(conversationWorkflowId('bright-smiles', caller.conversationId))
      .terminate('an operator gave up');
  }
  const ended = { status: 'closed', outcome: 'failed', closeReason: 'terminated' };
  const read = await one.request('GET', `/api/conversations/${one.conversationId}`);
  expect(read.body).toMatchObject({ ...ended, state: ended });
  // The list asks an index that lags behind by a moment.
  await vi.waitFor(
    async () => {
      const { conversations } = (await two.request('GET', '/api/conversations?limit=100')).body as {
        conversations: { conversationId: string }[];
      };
      const row = conversations.find(({ conversationId }) => conversationId === two.conversationId);
      expect(row).toMatchObject(ended);
    },
    { timeout: 20_000, interval: 200 },
  );
});
