import Anthropic from '@anthropic-ai/sdk';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { schemaFromSdk } from './request-schema.js';
import { request, serve, type Served } from './testing/sdk-client.js';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

const longSystem = [
  {
    type: 'text' as const,
    text: 'An invented sentence. '.repeat(200),
    cache_control: { type: 'ephemeral' as const },
  },
];

describe('an answer', () => {
  it('is a whole message by the types of the SDK, for text, thinking and tools', async () => {
    const isMessage = new Ajv({ strict: false, logger: false }).compile(
      JSON.parse(await schemaFromSdk('Answer')) as object,
    );
    await served.play(
      { text: 'Hello.' },
      { toolCalls: [{ name: 'find_slots', input: { day: '2030-03-05' } }] },
      { raw: { content: [{ type: 'thinking', thinking: 'Hm.', signature: 's1' }], stopReason: 'end_turn' } },
      { fault: 'refusal' },
    );
    for (let turn = 0; turn < 4; turn++) {
      const response = await fetch(`${served.simulator.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: 'Bearer invented-key' },
        body: JSON.stringify(request()),
      });
      expect(isMessage(await response.json()), JSON.stringify(isMessage.errors)).toBe(true);
    }
  });

  it('carries the request id in its header, as the SDK reads it', async () => {
    await served.play({ text: 'Hello.' });
    const { data, request_id: requestId } = await served.client.messages.create(request()).withResponse();
    expect(requestId).toMatch(/^req_/);
    expect((data as { _request_id?: string })._request_id).toBe(requestId);
    expect(data).toMatchObject({ role: 'assistant', model: 'claude-sonnet-5-5', stop_details: null });
  });

  it('gives several tool calls as blocks of their own, called directly', async () => {
    await served.play({
      toolCalls: [
        { name: 'find_slots', input: { day: '2030-03-05' } },
        { name: 'find_slots', input: { day: '2030-03-06' } },
      ],
    });
    const message = await served.client.messages.create(request());
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'tool_use', input: { day: '2030-03-05' }, caller: { type: 'direct' } },
      { type: 'tool_use', input: { day: '2030-03-06' }, caller: { type: 'direct' } },
    ]);
    const ids = message.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    expect(new Set(ids).size).toBe(2);
  });

  it('comes as a stream that the SDK puts together to the same message', async () => {
    await served.play({
      raw: {
        content: [
          { type: 'thinking', thinking: 'A long thought that comes in several parts.', signature: 's1' },
          { type: 'text', text: 'A sentence that comes in more than one part.', citations: null },
          {
            type: 'tool_use',
            id: 'toolu_1',
            name: 'find_slots',
            input: { day: '2030-03-05', note: 'a text longer than one delta' },
            caller: { type: 'direct' },
          },
        ],
        stopReason: 'tool_use',
      },
    });
    const deltas: string[] = [];
    const stream = served.client.messages.stream(request()).on('text', (text) => deltas.push(text));
    const message = await stream.finalMessage();
    expect(deltas.length).toBeGreaterThan(1);
    expect(stream.request_id).toMatch(/^req_/);
    expect(message.stop_reason).toBe('tool_use');
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'A long thought that comes in several parts.', signature: 's1' },
      { type: 'text', text: 'A sentence that comes in more than one part.' },
      { type: 'tool_use', input: { day: '2030-03-05', note: 'a text longer than one delta' } },
    ]);
    expect(message.usage.output_tokens).toBeGreaterThan(10);
    expect(message.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0);
  });
});

describe('usage', () => {
  it('writes the prefix of a conversation to the cache once, then reads it', async () => {
    await served.play({ text: 'One.' }, { text: 'Two.' });
    const first = await served.client.messages.create(request({ system: longSystem }));
    const second = await served.client.messages.create(
      request({
        system: longSystem,
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: 'One.' },
          { role: 'user', content: 'And now?' },
        ],
      }),
    );
    expect(first.usage.cache_creation_input_tokens).toBeGreaterThan(512);
    expect(first.usage.cache_creation?.ephemeral_5m_input_tokens).toBe(
      first.usage.cache_creation_input_tokens,
    );
    expect(first.usage.cache_read_input_tokens).toBe(0);
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
    expect(second.usage.cache_creation_input_tokens).toBeGreaterThan(0);
  });

  it('does not find a prefix that ended more than 20 blocks ago, only tools and system', async () => {
    const words = Array.from({ length: 31 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `Word ${index}`,
    }));
    const readOf = async (length: number): Promise<number> => {
      await served.play({ text: 'One.' });
      const asked = request({ system: longSystem, messages: words.slice(0, length) });
      return (await served.client.messages.create(asked)).usage.cache_read_input_tokens ?? 0;
    };
    expect(await readOf(1)).toBe(0);
    const far = await readOf(31);
    const near = await readOf(19);
    expect(far).toBeGreaterThan(512);
    expect(near).toBeGreaterThan(far);
  });

  it('caches nothing below the shortest prefix, silently', async () => {
    await served.play({ text: 'One.' });
    const { usage } = await served.client.messages.create(request());
    expect(usage.cache_creation_input_tokens).toBe(0);
    expect(usage.cache_read_input_tokens).toBe(0);
    expect(usage.input_tokens).toBeGreaterThan(0);
  });
});

describe('the door', () => {
  it('takes a Bearer token and an x-api-key, and refuses to serve without either', async () => {
    await served.play({ text: 'One.' }, { text: 'Two.' });
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${served.simulator.url}/v1/messages`, {
        method: 'POST',
        headers,
        body: JSON.stringify(request()),
      });
    expect((await post({ authorization: 'Bearer invented-key' })).status).toBe(200);
    expect((await post({ 'x-api-key': 'invented-key' })).status).toBe(200);
    const refused = await post({});
    expect(refused.status).toBe(401);
    expect(refused.headers.get('request-id')).toMatch(/^req_/);
    expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
  });

  it('answers the HEAD with which the CLI begins, and the query with which it goes on', async () => {
    expect((await fetch(served.simulator.url, { method: 'HEAD' })).status).toBe(200);
    await served.play({ text: 'One.' });
    const streamed = await fetch(`${served.simulator.url}/v1/messages?beta=true`, {
      method: 'POST',
      headers: { 'x-api-key': 'invented-key', 'anthropic-beta': 'an-invented-beta' },
      body: JSON.stringify({ ...request(), stream: true, betas_of_the_cli: true }),
    });
    expect(await streamed.text()).toContain('event: message_stop');
  });

  it('refuses a body that is no JSON, and a path that it does not have', async () => {
    const headers = { 'x-api-key': 'invented-key' };
    const unreadable = await fetch(`${served.simulator.url}/v1/messages`, {
      method: 'POST',
      headers,
      body: '{',
    });
    expect(unreadable.status).toBe(400);
    await expect(served.client.models.list()).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  it('refuses a body of more than 32 MB with 413', async () => {
    const huge = request({ messages: [{ role: 'user', content: 'x'.repeat(33 * 1024 * 1024) }] });
    await expect(served.client.messages.create(huge)).rejects.toMatchObject({
      status: 413,
      type: 'request_too_large',
    });
  });
});
