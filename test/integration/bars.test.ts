import { beforeAll, expect, it, vi } from 'vitest';
import { stat } from 'node:fs/promises';
import { defaultTimings } from '../../workflows/booking-conversation/timings.js';
import { conversationWorkflowId } from '../../workflows/ids.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
});

interface Size {
  readonly runId: string;
  readonly events: number;
  readonly bytes: number;
}

const size = async (conversationId: string): Promise<Size> => {
  const { runId, historyLength, raw } = await stack.client.workflow
    .getHandle(conversationWorkflowId('bright-smiles', conversationId))
    .describe();
  return { runId, events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
};

it('spends at most 11 events on a plain turn, and as many bytes on turn 39 as on turn 5', async () => {
  const caller = await stack.caller();
  const { turnsPerRun } = defaultTimings.chat;
  const sizes: Size[] = [];
  for (let turn = 1; turn <= 40; turn++) {
    await caller.say(`Message number ${String(turn).padStart(2, '0')}`);
    const now = await size(caller.conversationId);
    sizes.push(now);
    // A caller who writes on at once keeps the run from ending, at the price of a timer a turn.
    if (turn % turnsPerRun === 0)
      await vi.waitUntil(async () => (await size(caller.conversationId)).runId !== now.runId, {
        timeout: 20_000,
        interval: 50,
      });
  }
  const cost = (turn: number): { readonly events: number; readonly bytes: number } => {
    const [before, after] = [sizes[turn - 2]!, sizes[turn - 1]!];
    return { events: after.events - before.events, bytes: after.bytes - before.bytes };
  };
  // The last turn of a run is followed by the timer before the next run, and the first one begins its history.
  const plain = Array.from({ length: 38 }, (_, index) => index + 3).filter((turn) => turn % turnsPerRun > 1);
  expect(plain.length).toBeGreaterThan(30);
  for (const turn of plain) expect(cost(turn).events, `turn ${turn}`).toBeLessThanOrEqual(11);
  expect(cost(39).bytes).toBeLessThanOrEqual(cost(5).bytes * 1.05);
});

it('keeps the workflow bundle under 1.8 MB', async () => {
  // Ours has 1.66 MB; what is above is a new workflow, or something that crept in.
  expect((await stat('dist/worker/bundle/workflow-bundle.cjs')).size).toBeLessThan(1_800_000);
});
