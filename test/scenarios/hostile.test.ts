import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStack, type Stack } from '../kit/stack.js';
import { runHostile } from './hostile.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ settleMs: 100 });
});
afterAll(() => stack.stop());

it(
  'changes nothing wrongly whatever the model does, in 60 random scripts',
  { timeout: 300_000 },
  async () => {
    const seed = Number(process.env['HOSTILE_SEED'] ?? randomInt(1_000_000_000));
    const { problems, ...counts } = await runHostile(stack, 60, seed);
    expect(problems, `HOSTILE_SEED=${seed}`).toEqual([]);
    // Scripts that never get anywhere prove nothing.
    expect(counts.booked, `HOSTILE_SEED=${seed}`).toBeGreaterThan(0);
    expect(counts.findings, `HOSTILE_SEED=${seed}`).toBeGreaterThan(0);
  },
);
