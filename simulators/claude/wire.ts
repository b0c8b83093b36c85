import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { MessagesRequest, Turn } from './messages.js';

const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

export const newRequestId = (): string => id('req');
export const newToolUseId = (): string => id('toolu');

/** Four characters a token: near enough for budgets and caches. */
const tokensOf = (value: unknown): number => Math.ceil(JSON.stringify(value ?? '').length / 4);

/** Counts as the API gives them: what was sent before is read from the cache, the rest is written to it (claude.md 1.4, 1.5). */
function usageOf(request: MessagesRequest, turn: Turn, cachedTokens: number): Record<string, unknown> {
  const total = tokensOf([request.system, request.tools, request.messages]);
  const read = Math.min(cachedTokens, total);
  const written = Math.max(total - read - 4, 0);
  return {
    input_tokens: total - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokensOf(turn.content),
    output_tokens_details: { thinking_tokens: 0 },
    service_tier: 'standard',
    speed: 'standard',
    inference_geo: null,
    server_tool_use: null,
  };
}

/** Tokens of a request's prefix, which a later request of the same conversation reads from the cache. */
export const prefixTokens = (request: MessagesRequest): number =>
  tokensOf([request.system, request.tools, request.messages]);

/** Answers with a message, as JSON or as a stream of events. */
export function sendTurn(
  response: ServerResponse,
  request: MessagesRequest,
  turn: Turn,
  cachedTokens: number,
  requestId: string,
): void {
  const message = {
    id: id('msg'),
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: turn.content,
    stop_reason: turn.stopReason,
    stop_sequence: null,
    stop_details:
      turn.stopReason === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
    container: null,
    diagnostics: null,
    usage: usageOf(request, turn, cachedTokens),
  };
  if (!request.stream) {
    response
      .writeHead(200, { 'content-type': 'application/json', 'request-id': requestId })
      .end(JSON.stringify(message));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': requestId });
  const event = (type: string, data: object): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  event('message_start', {
    message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } },
  });
  turn.content.forEach((block, index) => {
    const call = block.type === 'tool_use';
    event('content_block_start', {
      index,
      content_block: call ? { ...block, input: {} } : { ...block, text: '' },
    });
    event('content_block_delta', {
      index,
      delta: call
        ? { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
        : { type: 'text_delta', text: block.text },
    });
    event('content_block_stop', { index });
  });
  event('message_delta', {
    delta: { stop_reason: turn.stopReason, stop_sequence: null },
    usage: message.usage,
  });
  event('message_stop', {});
  response.end();
}
