import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { installedClaudeCli } from '../kit/claude-cli.js';
import { say, type ScriptedTurn } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

const installed = installedClaudeCli();

/** Tools by the name that the CLI gives them. */
const byCli = (turn: ScriptedTurn): ScriptedTurn =>
  'toolCalls' in turn
    ? { toolCalls: turn.toolCalls.map((call) => ({ ...call, name: `mcp__pms__${call.name}` })) }
    : turn;

// The binary exists for some platforms only; a skipped line in the report says so.
describe.skipIf(installed === null)('a conversation through the Claude CLI', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({
      env: { USE_CLAUDE_CLI: 'true', CLAUDE_CLI_PATH: installed?.cli.command ?? '' },
    });
  });
  afterAll(() => stack.stop());

  it('books exactly one appointment, step by step, with every message stamped with a bundle of the CLI', async () => {
    const before = (await stack.practice.bookings()).length;
    const caller = await stack.caller();
    await stack.model.play(
      caller.conversationId,
      [...newFamily(1), ...findAndHold(1), say('Shall I book it?'), ...consentToHold(1)].map(byCli),
    );
    await caller.say('My daughter is new. Exam please.');
    const reply = await caller.say('Yes, please book it.');

    expect(reply.outcome).toBe('booked');
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
    const bundle = await caller.request('GET', `/api/prompts/${reply.promptBundle}`);
    expect(bundle.body).toMatchObject({ backend: `cli@${installed?.version}` });
    expect(await stack.logs()).not.toContain('invented-model-key');
  });

  it('leaves no process behind when the caller speaks again in the middle of a step', async () => {
    const caller = await stack.caller();
    const calls = await stack.model.calls();
    await stack.model.play(caller.conversationId, [{ hold: true }]);
    const first = caller.say('Hello?');
    await stack.model.called(calls + 1);
    const second = await caller.say('Are you there?');
    expect((await first).turn).toBe(second.turn);
    const running = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(installed?.cli.command ?? '-') && line.includes('--bare'));
    expect(running).toEqual([]);
  });
});
