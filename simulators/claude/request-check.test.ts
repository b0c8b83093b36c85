import type Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { request, serve, type Served } from './testing/sdk-client.js';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

/** `accepted`, or why it was refused with 400. */
async function verdict(body: object, client: Anthropic = served.client): Promise<string> {
  await served.play({ text: 'Accepted.' });
  return client.messages.create(body as MessageCreateParamsNonStreaming).then(
    () => 'accepted',
    (error: unknown) => {
      expect(error).toMatchObject({ status: 400, type: 'invalid_request_error' });
      return (error as Error).message;
    },
  );
}

const user = (...content: object[]): MessageParam => ({ role: 'user', content: content as never });
const assistant = (...content: object[]): MessageParam => ({ role: 'assistant', content: content as never });
const said = (text: string): object => ({ type: 'text', text });
const called = (id: string): object => ({
  type: 'tool_use',
  id,
  name: 'find_slots',
  input: { day: '2030-03-05' },
});
const answered = (id: string): object => ({
  type: 'tool_result',
  tool_use_id: id,
  content: '{}',
  is_error: false,
});

describe('the schema of the SDK', () => {
  test.each([
    ['no max_tokens', { max_tokens: undefined }],
    ['no messages', { messages: undefined }],
    ['an unknown role', { messages: [{ role: 'caller', content: 'Hello' }] }],
    ['a tool without a schema', { tools: [{ name: 'find_slots' }] }],
    ['a cache that lives for 2 hours', { cache_control: { type: 'ephemeral', ttl: '2h' } }],
    ['an option that does not exist', { temprature: 0 }],
  ])('refuses %s', async (_, changes) => {
    expect(await verdict({ ...request(), ...changes })).toContain('schema:');
  });

  it('is asked of what a conversation adds, too', async () => {
    const client = served.clientOf('conversation-0');
    const first = [user(said('Hi'))];
    expect(await verdict(request({ messages: first }), client)).toBe('accepted');
    const longer = [...first, assistant(said('Hello.')), user({ type: 'text' })];
    expect(await verdict(request({ messages: longer }), client)).toContain('schema: /messages/2/');
  });

  it('is asked of a message that was changed before others that were not, too', async () => {
    const client = served.clientOf('conversation-0');
    const first = [user(said('Hi')), assistant(said('Hello.')), user(said('A visit.'))];
    expect(await verdict(request({ messages: first }), client)).toBe('accepted');
    const changed = [
      first[0]!,
      assistant({ type: 'text' }),
      first[2]!,
      assistant(said('Yes.')),
      user(said('Ok')),
    ];
    expect(await verdict(request({ messages: changed }), client)).toContain('schema: /messages/1/');
  });

  it('accepts what the product sends', async () => {
    expect(await verdict(request())).toBe('accepted');
  });
});

describe('rule 1: every call is answered in the next user message, results first', () => {
  test.each([
    ['no answer at all', [user(said('Hi')), assistant(called('c1')), user(said('And?'))]],
    [
      'only one of two answered',
      [user(said('Hi')), assistant(called('c1'), called('c2')), user(answered('c1'))],
    ],
    [
      'words before the result',
      [user(said('Hi')), assistant(called('c1')), user(said('And?'), answered('c1'))],
    ],
    [
      'an answer one message late',
      [
        user(said('Hi')),
        assistant(called('c1')),
        user(said('And?')),
        assistant(said('Hm')),
        user(answered('c1')),
      ],
    ],
  ])('refuses %s', async (_, messages) => {
    expect(await verdict(request({ messages }))).toContain('rule 1');
  });

  it('accepts results first, then words, also in two user messages in a row', async () => {
    const open = [user(said('Hi')), assistant(called('c1'), called('c2'))];
    expect(
      await verdict(request({ messages: [...open, user(answered('c2'), answered('c1'), said('And?'))] })),
    ).toBe('accepted');
    expect(
      await verdict(
        request({ messages: [...open, user(answered('c1'), answered('c2')), user(said('And?'))] }),
      ),
    ).toBe('accepted');
  });
});

describe('rule 2: no result without its call', () => {
  it('refuses an orphan, and accepts the pair', async () => {
    expect(await verdict(request({ messages: [user(answered('c9'))] }))).toContain('rule 2');
    expect(
      await verdict(request({ messages: [user(said('Hi')), assistant(called('c1')), user(answered('c1'))] })),
    ).toBe('accepted');
  });
});

describe('rule 3: no forced tool and no prefill where the model refuses them', () => {
  test.each(['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5-1', 'claude-fable-5-2'])(
    '%s takes no forced tool',
    async (model) => {
      expect(await verdict(request({ model, tool_choice: { type: 'any' } }))).toContain('rule 3');
      expect(await verdict(request({ model, tool_choice: { type: 'tool', name: 'find_slots' } }))).toContain(
        'rule 3',
      );
      expect(await verdict(request({ model, tool_choice: { type: 'auto' } }))).toBe('accepted');
    },
  );

  it('lets an older model be forced', async () => {
    expect(await verdict(request({ model: 'claude-haiku-4-5', tool_choice: { type: 'any' } }))).toBe(
      'accepted',
    );
  });

  test.each(['claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-opus-5'])(
    '%s takes no prefill',
    async (model) => {
      const messages = [user(said('Hi')), assistant(said('{"claims":'))];
      expect(await verdict(request({ model, messages }))).toContain('rule 3');
    },
  );
});

describe('rule 4: no sampling parameters', () => {
  test.each(['temperature', 'top_p', 'top_k'])('refuses %s, even with its default value', async (name) => {
    expect(await verdict({ ...request(), [name]: 1 })).toContain(`rule 4: ${name}`);
  });
});

describe('rule 5: tools and system stay as in the first request of a conversation', () => {
  it('refuses another system text or other tools in the same conversation only', async () => {
    const client = served.clientOf('conversation-5');
    expect(await verdict(request(), client)).toBe('accepted');
    expect(await verdict(request({ system: 'Another text.' }), client)).toContain('rule 5');
    expect(await verdict(request({ tools: [] }), client)).toContain('rule 5');
    expect(await verdict(request(), client)).toBe('accepted');
    expect(await verdict(request({ system: 'Another text.' }), served.clientOf('another'))).toBe('accepted');
  });

  it('begins anew at a repin', async () => {
    const client = served.clientOf('conversation-5');
    expect(await verdict(request(), client)).toBe('accepted');
    await served.order('POST', '/repin', { conversation: 'conversation-5' });
    expect(await verdict(request({ system: 'Another text.' }), client)).toBe('accepted');
  });
});

describe('rule 6: earlier messages are a prefix of the new ones', () => {
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 's1' };
  const first = [user(said('Hi')), assistant(thought, said('Hello.')), user(said('A visit.'))];

  test.each([
    ['edited', [user(said('Hi!')), ...first.slice(1)]],
    ['dropped', first.slice(2)],
    ['stripped of thinking', [user(said('Hi')), assistant(said('Hello.')), user(said('A visit.'))]],
  ])('refuses earlier messages that were %s', async (_, messages) => {
    const client = served.clientOf('conversation-6');
    expect(await verdict(request({ messages: first }), client)).toBe('accepted');
    expect(await verdict(request({ messages }), client)).toContain('rule 6');
  });

  it('accepts a longer conversation, and the same without thinking for another model', async () => {
    const client = served.clientOf('conversation-6');
    expect(await verdict(request({ messages: first }), client)).toBe('accepted');
    const longer = [...first, assistant(said('Gladly.')), user(said('Thanks.'))];
    expect(await verdict(request({ messages: longer }), client)).toBe('accepted');
    const stripped = longer.map((message) => (message === first[1] ? assistant(said('Hello.')) : message));
    expect(await verdict(request({ model: 'claude-haiku-5-5', messages: stripped }), client)).toBe(
      'accepted',
    );
  });
});

it('notes every refused request with its reasons, and no text of a caller', async () => {
  await verdict(request({ messages: [user(said('A secret of the caller')), assistant(said('x'))] }));
  const journal = (await served.order('GET', '/journal')) as {
    requests: { status: number; violations: string[] }[];
  };
  expect(journal.requests).toMatchObject([{ status: 400, violations: ['rule 3: a prefilled answer'] }]);
  expect(JSON.stringify(journal)).not.toContain('secret');
});
