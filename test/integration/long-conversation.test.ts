import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { defaultTimings } from '../../workflows/booking-conversation/timings.js';
import { conversationWorkflowId } from '../../workflows/ids.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

/** What a conversation keeps when it is longer than the product's budget allows, and than one run may be. */
let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
});

/** The workflow carries this many replies into its next run (workflows/booking-conversation/state.ts). */
const carriedReplies = 50;
const { turnsPerRun } = defaultTimings.chat;

it('answers a message again after several runs, also one that the workflow has forgotten, and no turn grows', async () => {
  const turns = carriedReplies + 15;
  const caller = await stack.caller();
  await stack.hurry(caller, {
    budget: { callerTurns: turns + 5, modelCalls: 200 },
  });
  const handle = stack.client.workflow.getHandle(
    conversationWorkflowId('bright-smiles', caller.conversationId),
  );
  const ids = Array.from({ length: turns }, () => randomUUID());
  const runs = new Set<string>();
  const replies = [];
  const sizes: { readonly runId: string; readonly events: number }[] = [];
  for (const [index, id] of ids.entries()) {
    replies.push(await caller.say(`Message ${String(index).padStart(3, '0')}`, id));
    const { runId, historyLength } = await handle.describe();
    sizes.push({ runId, events: historyLength });
    runs.add(runId);
    // A caller draws breath some time; one who never does would put the next run off for ever.
    if ((index + 1) % turnsPerRun === 0)
      await expect
        .poll(async () => runs.has((await handle.describe()).runId), { timeout: 10_000 })
        .toBe(false);
  }
  expect(runs.size).toBeGreaterThanOrEqual(3);
  expect(replies.at(-1)).toMatchObject({ status: 'open', turn: turns });

  const calls = await stack.model.calls();
  for (const index of [0, 7, turns - carriedReplies + 2, turns - 1])
    expect(await caller.say(`Message ${String(index).padStart(3, '0')}`, ids[index])).toMatchObject({
      messageId: ids[index],
      turn: replies[index]!.turn,
      text: replies[index]!.text,
    });
  expect(await stack.model.calls()).toBe(calls);
  expect((await caller.state()).turn).toBe(turns);

  // The turn that ends a run also pays for the pause before the next one.
  const ordinary = sizes.slice(1).flatMap(({ runId, events }, index) => {
    const before = sizes[index]!;
    const place = index + 1 - sizes.findIndex((size) => size.runId === runId);
    return before.runId === runId && place < turnsPerRun - 1 ? [events - before.events] : [];
  });
  expect(ordinary.length).toBeGreaterThan(turns / 2);
  expect(Math.max(...ordinary)).toBeLessThanOrEqual(11);
});
