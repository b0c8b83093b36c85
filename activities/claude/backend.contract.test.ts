import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toolEffect, type ToolName } from '../../domain/agent/tools.js';
import { Secret } from '../../platform/config/secret.js';
import { buildPromptBundle, type BackendName } from '../../platform/prompts/prompt-bundle.js';
import { startClaudeSimulator, type ClaudeSimulator } from '../../simulators/claude/server.js';
import { installedClaudeCli } from '../../test/kit/claude-cli.js';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { createApiBackend } from './api-backend.js';
import type { LlmBackend, LlmRequest } from './backend.js';
import { createCliBackend } from './cli-backend.js';
import { classify } from './errors.js';
import { costOf } from './usage.js';

const installed = installedClaudeCli();
const cliName: BackendName = `cli@${installed?.version ?? 'missing'}`;
const tools = Object.fromEntries(Object.keys(toolEffect).map((name) => [name, name])) as Record<
  ToolName,
  string
>;

let simulator: ClaudeSimulator;
beforeAll(async () => {
  simulator = await startClaudeSimulator({});
});
afterAll(() => simulator.close());

const account = () => ({ apiKey: new Secret('invented-key'), baseUrl: simulator.url, version: 1 });
const kinds: {
  readonly name: BackendName;
  readonly create: () => LlmBackend;
  /** The name under which the model knows a tool. */
  readonly toolName: (name: string) => string;
}[] = [
  { name: 'api', create: () => createApiBackend(account()), toolName: (name) => name },
  {
    name: cliName,
    create: () => createCliBackend(account(), installed?.cli ?? { command: '', searchPath: '' }, cliName),
    toolName: (name) => `mcp__pms__${name}`,
  },
];

const order = async (path: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(`${simulator.url}/admin${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return response.json();
};

const callsOf = async ({ conversationId }: LlmRequest): Promise<unknown[]> =>
  ((await order(`/journal?conversation=${conversationId}`)) as { requests: unknown[] }).requests;

describe.each(kinds)('the backend $name', ({ name, create, toolName }) => {
  // The binary exists for some platforms only; a skipped line in the report says so.
  const claim = it.skipIf(name !== 'api' && installed === null);
  let conversation = 0;
  let request: LlmRequest;
  beforeEach(() => {
    const conversationId = `${name}-${++conversation}`;
    request = {
      bundle: buildPromptBundle(sampleTenant, { system: 'You are an invented receptionist.', tools }, name),
      messages: [{ role: 'user', content: [{ type: 'text', text: '/help me with "quotes"' }] }],
      maxTokens: 800,
      userKey: 'a-hash',
      conversationId,
      promptBundle: 'a'.repeat(64),
    };
  });
  const play = (...turns: readonly object[]) =>
    order('/scripts', { conversation: request.conversationId, turns });
  const step = (signal = new AbortController().signal) => create().step(request, signal);
  const faultOf = (error: unknown) => classify(error, false, Date.now());

  claim('gives the text of a final answer, with a usage that our own table prices', async () => {
    await play({ text: '{"say":"Hello"}' });
    const answer = await step();
    expect(answer).toMatchObject({ stopReason: 'end_turn', model: 'claude-sonnet-5-5' });
    expect(answer.content).toMatchObject([{ type: 'text', text: '{"say":"Hello"}' }]);
    expect(costOf(answer, 'claude-sonnet-5-5', '2026-11-24')).toMatchObject({ price: { kind: 'priced' } });
    expect(await callsOf(request)).toHaveLength(1);
  });

  claim('gives every tool call in its order, by our names, and runs none', async () => {
    const call = (date: string) => ({ name: toolName('find_slots'), input: { from: date } });
    await play({ toolCalls: [call('2030-01-01'), call('2030-01-02')] });
    const { content, stopReason } = await step();
    expect(stopReason).toBe('tool_use');
    expect(content).toMatchObject([
      {
        type: 'tool_use',
        id: expect.any(String) as unknown,
        name: 'find_slots',
        input: { from: '2030-01-01' },
      },
      { type: 'tool_use', name: 'find_slots', input: { from: '2030-01-02' } },
    ]);
  });

  claim('gives a refusal as an answer that cost money', async () => {
    await play({ fault: 'refusal' });
    const answer = await step();
    expect(answer.stopReason).toBe('refusal');
    expect(answer.usage).toMatchObject({ input_tokens: expect.any(Number) as unknown });
  });

  claim.each([
    ['529', { kind: 'retry' }],
    ['500', { kind: 'retry' }],
    ['400', { kind: 'fatal', type: 'LlmBadRequest' }],
    ['401', { kind: 'fatal', type: 'LlmAuth' }],
    ['404', { kind: 'fatal', type: 'LlmBadRequest' }],
  ])('tries once on %s and says what it means', async (fault, meaning) => {
    // Twice: the CLI takes a 404 for an endpoint without streaming and asks once more without.
    await play(...(fault === '404' ? [{ fault }, { fault }] : [{ fault }]));
    const error: unknown = await step().catch((thrown: unknown) => thrown);
    expect(faultOf(error)).toMatchObject(meaning);
    expect(JSON.stringify(faultOf(error))).not.toContain('simulated');
  });

  claim('does not ask again by itself when an answer breaks off', async () => {
    await play({ fault: 'sseCut' });
    await expect(step()).rejects.toThrow();
    expect(await callsOf(request)).toHaveLength(1);
  });

  claim('ends at its deadline, leaves nothing behind, and may be tried again', async () => {
    await play({ hold: true });
    const error: unknown = await step(AbortSignal.timeout(1_500)).catch((thrown: unknown) => thrown);
    expect(faultOf(error)).toMatchObject({ kind: 'retry' });
    expect(readdirSync(tmpdir()).filter((entry) => entry.startsWith('chairside-cli-'))).toEqual([]);
  });
});
