import { afterAll, beforeAll, expect, it } from 'vitest';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

// The new worker's start counts too: a busy moment of the machine may spoil one try, not three.
it(
  'costs the waiting caller at most 5 s, and no resend, when the worker is killed in the middle of a model step',
  { retry: 2 },
  async () => {
    const caller = await stack.caller();
    await caller.say('Hello');
    const calls = await stack.model.calls();
    await stack.model.play(caller.conversationId, [{ hold: true }, say('We are open from 8 to 5.')]);
    const reply = caller.post('When are you open?');
    await stack.model.called(calls + 1);
    const killedAt = performance.now();
    await stack.worker.kill();
    await stack.worker.start();

    expect((await reply).status).toBe(200);
    expect(performance.now() - killedAt).toBeLessThan(5_000);
  },
);
