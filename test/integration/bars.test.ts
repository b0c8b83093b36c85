import { afterAll, beforeAll, expect, it } from 'vitest';
import { stat } from 'node:fs/promises';
import { conversationWorkflowId } from '../../workflows/ids.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  await stack.model.stub({ claims: [], needs_human: false, language: 'en', say: 'How can I help you?' });
});
afterAll(() => stack.stop());

const size = async (conversationId: string): Promise<{ readonly events: number; readonly bytes: number }> => {
  const { historyLength, raw } = await stack.client.workflow
    .getHandle(conversationWorkflowId('bright-smiles', conversationId))
    .describe();
  return { events: historyLength, bytes: Number(raw.workflowExecutionInfo?.historySizeBytes ?? 0) };
};

it('spends at most 11 events on a plain turn, and as many bytes on turn 40 as on turn 5', async () => {
  const caller = await stack.caller();
  const sizes: { readonly events: number; readonly bytes: number }[] = [];
  for (let turn = 1; turn <= 40; turn++) {
    await caller.say(`Message number ${String(turn).padStart(2, '0')}`);
    sizes.push(await size(caller.conversationId));
  }
  const cost = (turn: number): { readonly events: number; readonly bytes: number } => {
    const [before, after] = [sizes[turn - 2]!, sizes[turn - 1]!];
    return { events: after.events - before.events, bytes: after.bytes - before.bytes };
  };
  for (let turn = 3; turn <= 40; turn++) expect(cost(turn).events).toBeLessThanOrEqual(11);
  expect(cost(40).bytes).toBeLessThanOrEqual(cost(5).bytes * 1.05);
});

it('keeps the workflow bundle under 1.8 MB', async () => {
  // Ours has 1.66 MB; what is above is a new workflow, or something that crept in.
  expect((await stat('dist/worker/bundle/workflow-bundle.cjs')).size).toBeLessThan(1_800_000);
});
