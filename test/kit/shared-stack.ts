import { test } from 'vitest';
import { startStack, type Stack } from './stack.js';

/** The stack of this process of the test runner: it is started for the first file that needs it and stopped when the process ends. */
const inSharedStack = test.extend('stack', { scope: 'worker' }, async ({}, { onCleanup }) => {
  const stack = await startStack();
  onCleanup(() => stack.stop());
  return stack;
});

/**
 * Gives the tests of a file the stack that other files use too: for those that need no settings of their own and leave every process running.
 * Starting one costs more CPU than most tests. Faults and stub of an earlier file are taken back; its conversations and appointments stay.
 */
export function useSharedStack(take: (stack: Stack) => void): void {
  inSharedStack.beforeAll(async ({ stack }) => {
    await stack.practice.clearFaults();
    await stack.model.stub(null);
    take(stack);
  });
}
