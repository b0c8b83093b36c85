import { expect, it } from 'vitest';
import { say, type ScriptedTurn } from '../kit/model-script.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
useSharedStack((shared) => {
  stack = shared;
});

/** Models that were asked, in order, by what the model server noted. */
async function asked(conversationId: string): Promise<string[]> {
  const url = `${stack.config.anthropic.baseUrl ?? ''}/admin/journal?conversation=${conversationId}`;
  const { requests } = (await (await fetch(url)).json()) as { requests: { model: string }[] };
  return requests.map(({ model }) => model);
}

const overloaded: ScriptedTurn = { fault: '529' };

it.each<[string, ScriptedTurn[]]>([
  ['refuses', [{ fault: 'refusal' }]],
  ['is away for every attempt', [overloaded, overloaded, overloaded, overloaded]],
])('the fallback model answers, and stays, when the first one %s', async (_what, turns) => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [...turns, say('Hello from the other one.'), say('Gladly.')]);
  expect((await caller.say('Hello?')).text).toBe('Hello from the other one.');
  expect((await caller.say('Can you help me?')).text).toBe('Gladly.');
  expect(await asked(caller.conversationId)).toEqual([
    ...turns.map(() => 'claude-sonnet-5-5'),
    'claude-haiku-5-5',
    'claude-haiku-5-5',
  ]);
  expect(await stack.model.violations()).toEqual([]);
});

it('asks no third model: when the fallback refuses too, fixed questions begin', async () => {
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [{ fault: 'refusal' }, { fault: 'refusal' }]);
  expect((await caller.say('Hello?')).text).toMatch(/cannot answer freely at the moment/);
  expect(await asked(caller.conversationId)).toEqual(['claude-sonnet-5-5', 'claude-haiku-5-5']);
});
