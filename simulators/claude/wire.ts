import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Block, MessagesRequest, Turn } from './messages.js';
import { tokensOf, type InputTokens } from './prompt-cache.js';

const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

export const newRequestId = (): string => id('req');
export const newToolUseId = (): string => id('toolu');

/** Counts as the API gives them (claude.md 1.4). */
function usageOf(turn: Turn, input: InputTokens): Record<string, unknown> {
  const thinking = turn.content.filter((block) => block.type === 'thinking');
  return {
    input_tokens: input.uncached,
    cache_creation_input_tokens: input.written,
    cache_read_input_tokens: input.read,
    cache_creation: { ephemeral_5m_input_tokens: input.written, ephemeral_1h_input_tokens: 0 },
    output_tokens: tokensOf(turn.content),
    output_tokens_details: { thinking_tokens: thinking.length > 0 ? tokensOf(thinking) : 0 },
    service_tier: 'standard',
    speed: 'standard',
    inference_geo: null,
    server_tool_use: null,
  };
}

/** Answers with a message, as JSON or as a stream of events. */
export function sendTurn(
  response: ServerResponse,
  request: MessagesRequest,
  turn: Turn,
  input: InputTokens,
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
    usage: usageOf(turn, input),
  };
  if (request.stream) stream(response, message, turn, requestId);
  else {
    response
      .writeHead(200, { 'content-type': 'application/json', 'request-id': requestId })
      .end(JSON.stringify(message));
  }
}

function stream(
  response: ServerResponse,
  message: { readonly usage: Record<string, unknown>; readonly stop_details: unknown },
  turn: Turn,
  requestId: string,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': requestId });
  const event = (type: string, data: object): void => void response.write(sseEvent(type, data));
  event('message_start', {
    message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } },
  });
  turn.content.forEach((block, index) => {
    const { start, deltas } = pieces(block);
    event('content_block_start', { index, content_block: start });
    for (const delta of deltas) event('content_block_delta', { index, delta });
    event('content_block_stop', { index });
  });
  event('message_delta', {
    delta: { stop_reason: turn.stopReason, stop_sequence: null, stop_details: message.stop_details },
    usage: message.usage,
  });
  event('message_stop', {});
  response.end();
}

/** One event of a stream, as bytes. */
export const sseEvent = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

/** How a block travels: an empty start, then what it holds in parts. Kinds that are not streamed come whole. */
function pieces(block: Block): { readonly start: object; readonly deltas: readonly object[] } {
  switch (block.type) {
    case 'text':
      return {
        start: { ...block, text: '' },
        deltas: parts(block.text ?? '').map((text) => ({ type: 'text_delta', text })),
      };
    case 'tool_use':
      return {
        start: { ...block, input: {} },
        deltas: parts(JSON.stringify(block.input)).map((partial_json) => ({
          type: 'input_json_delta',
          partial_json,
        })),
      };
    case 'thinking':
      return {
        start: { ...block, thinking: '', signature: '' },
        deltas: [
          ...parts(block.thinking ?? '').map((thinking) => ({ type: 'thinking_delta', thinking })),
          { type: 'signature_delta', signature: block.signature ?? '' },
        ],
      };
    default:
      return { start: block, deltas: [] };
  }
}

/** Characters of one delta: a sentence comes in several. */
const deltaLength = 24;

const parts = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / deltaLength) }, (_, index) =>
    text.slice(index * deltaLength, (index + 1) * deltaLength),
  );
