import Anthropic from '@anthropic-ai/sdk';
import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages';
import { startClaudeSimulator, type ClaudeSimulator } from '../server.js';

/** A running simulator with the vendor's own client in front of it. */
export interface Served {
  readonly simulator: ClaudeSimulator;
  readonly client: Anthropic;
  /** The vendor's client for one conversation, so that the rules about its whole life apply. */
  clientOf(conversation: string): Anthropic;
  /** One order at the admin door. */
  order(method: string, path: string, body?: unknown): Promise<unknown>;
  /** The next turns of every conversation. */
  play(...turns: readonly unknown[]): Promise<void>;
}

export async function serve(): Promise<Served> {
  const simulator = await startClaudeSimulator({});
  const clientOf = (conversation: string): Anthropic =>
    new Anthropic({
      apiKey: 'invented-key',
      baseURL: simulator.url,
      maxRetries: 0,
      timeout: 5_000,
      ...(conversation !== '' && { defaultHeaders: { 'x-chairside-conversation': conversation } }),
    });
  const order: Served['order'] = async (method, path, body) => {
    const response = await fetch(`${simulator.url}/admin${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  return {
    simulator,
    client: clientOf(''),
    clientOf,
    order,
    play: async (...turns) => {
      await order('POST', '/scripts', { conversation: '*', turns });
    },
  };
}

/** A request as the product sends it, with whatever a test changes. */
export const request = (
  changes: Partial<MessageCreateParamsNonStreaming> = {},
): MessageCreateParamsNonStreaming => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 800,
  cache_control: { type: 'ephemeral' },
  system: [{ type: 'text', text: 'You are an invented receptionist.', cache_control: { type: 'ephemeral' } }],
  tools: [tool],
  tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  thinking: { type: 'between_tools' },
  output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
  metadata: { user_id: 'a-hash' },
  messages: [{ role: 'user', content: 'Hello' }],
  ...changes,
});

const tool = {
  name: 'find_slots',
  description: 'Looks for slots.',
  strict: true,
  input_schema: {
    type: 'object' as const,
    additionalProperties: false,
    required: ['day'],
    properties: { day: { type: 'string' } },
  },
};
