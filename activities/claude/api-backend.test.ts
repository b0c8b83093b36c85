import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  bytes,
  json,
  message,
  stall,
  startRawMessagesApi,
  type RawMessagesApi,
} from '../../test/kit/raw-messages-api.js';
import { answerSchema } from '../../domain/agent/answer.js';
import { toolSchemas } from '../../domain/agent/tools.js';
import { Secret } from '../../platform/config/secret.js';
import { createApiBackend } from './api-backend.js';
import type { LlmRequest } from './backend.js';
import { MalformedAnswer } from './errors.js';
import type { PromptBundle } from '../../platform/prompts/prompt-bundle.js';

const bundle: PromptBundle = {
  backend: 'api',
  model: 'claude-sonnet-5-5',
  effort: 'low',
  thinking: { type: 'between_tools' },
  maxTokens: 800,
  toolChoice: { type: 'auto', disable_parallel_tool_use: true },
  system: [{ type: 'text', text: 'You are an invented receptionist.', cache_control: { type: 'ephemeral' } }],
  tools: [
    {
      name: 'list_my_appointments',
      description: 'Lists them.',
      strict: true,
      input_schema: toolSchemas({ visitTypes: [], locations: [] }).list_my_appointments,
    },
  ],
  formatSchema: answerSchema,
  guardVersion: '1',
};

const request: LlmRequest = {
  bundle,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  maxTokens: 800,
  userKey: 'a-hash',
  conversationId: 'conversation-1',

  promptBundle: 'a'.repeat(64),
};

const never = new AbortController().signal;
const apiKey = new Secret('invented-key');

let api: RawMessagesApi;
beforeEach(async () => {
  api = await startRawMessagesApi();
});
afterEach(async () => {
  delete process.env['ANTHROPIC_AUTH_TOKEN'];
  await api.close();
});

describe('the api backend', () => {
  it('sends the whole bundle, no sampling parameter, no forced tool, and a cache breakpoint on both ends', async () => {
    api.answers(message([{ type: 'text', text: 'Hi' }]));
    await createApiBackend({ apiKey, baseUrl: api.url }).step(request, never);
    expect(api.requests).toHaveLength(1);
    expect(api.requests[0]?.body).toEqual({
      model: 'claude-sonnet-5-5',
      max_tokens: 800,
      cache_control: { type: 'ephemeral' },
      system: bundle.system,
      tools: bundle.tools,
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
      output_config: { effort: 'low', format: { type: 'json_schema', schema: answerSchema } },
      thinking: { type: 'between_tools' },
      metadata: { user_id: 'a-hash' },
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    });
  });

  it('uses the key of the tenant and never one of the process', async () => {
    process.env['ANTHROPIC_AUTH_TOKEN'] = 'ambient';
    api.answers(message([{ type: 'text', text: 'Hi' }]));
    await createApiBackend({ apiKey, baseUrl: api.url }).step(request, never);
    expect(api.requests[0]?.headers['authorization']).toBe('Bearer invented-key');
  });

  it('names the conversation to an endpoint that is not the vendor', async () => {
    api.answers(message([{ type: 'text', text: 'Hi' }]));
    await createApiBackend({ apiKey, baseUrl: api.url }).step(request, never);
    expect(api.requests[0]?.headers['x-chairside-conversation']).toBe('conversation-1');
  });

  it('gives blocks back verbatim, also of kinds that it does not know', async () => {
    const content = [
      { type: 'thinking', thinking: '', signature: 'c2ln' },
      { type: 'something_new', payload: { deep: [1, null, 'x'] } },
      {
        type: 'tool_use',
        id: 'toolu_1',
        name: 'list_my_appointments',
        input: {},
        caller: { type: 'direct' },
      },
    ];
    api.answers(message(content, 'tool_use'));
    const answer = await createApiBackend({ apiKey, baseUrl: api.url }).step(request, never);
    expect(answer).toMatchObject({
      stopReason: 'tool_use',
      requestId: 'req_invented',
      model: 'claude-sonnet-5-5',
    });
    expect(JSON.stringify(answer.content)).toBe(JSON.stringify(content));
  });

  it('tries once: repeating is for Temporal', async () => {
    api.answers(json(529, { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }));
    await expect(createApiBackend({ apiKey, baseUrl: api.url }).step(request, never)).rejects.toThrow();
    expect(api.requests).toHaveLength(1);
  });

  it('lets go of a stalled body when its signal ends', async () => {
    api.answers(stall);
    const deadline = new AbortController();
    const step = createApiBackend({ apiKey, baseUrl: api.url }).step(request, deadline.signal);
    const failed = expect(step).rejects.toThrow();
    await api.arrived();
    deadline.abort();
    await failed;
    await api.abandoned();
  });

  it.each([
    ['an empty object', json(200, {})],
    ['a message without a stop reason', json(200, { content: [], model: 'm', stop_reason: null })],
    ['a block without a type', json(200, { content: [{}], model: 'm', stop_reason: 'end_turn' })],
    ['a gateway page', bytes('<html>welcome</html>', 'text/html')],
  ])('takes %s for no answer', async (_what, answer) => {
    api.answers(answer);
    const step = createApiBackend({ apiKey, baseUrl: api.url }).step(request, never);
    await expect(step).rejects.toBeInstanceOf(MalformedAnswer);
  });
});
