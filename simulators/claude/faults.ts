import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Turn } from './messages.js';
import { errorRows, sendError, type ErrorRow } from './error-answers.js';
import { sseEvent } from './wire.js';

/** Faults that are answers: cut off, refused, empty, or with a stop reason that nobody expects (claude.md 1.4). */
const answers: Readonly<Record<string, Turn>> = {
  truncated: {
    content: [
      { type: 'tool_use', id: 'toolu_cut', name: 'confirm_booking', input: {}, caller: { type: 'direct' } },
    ],
    stopReason: 'max_tokens',
  },
  truncatedText: {
    content: [
      {
        type: 'text',
        text: '{"claims":[],"needs_human":false,"language":"en","say":"I can',
        citations: null,
      },
    ],
    stopReason: 'max_tokens',
  },
  refusal: { content: [], stopReason: 'refusal' },
  empty: { content: [], stopReason: 'end_turn' },
  pauseTurn: { content: [{ type: 'text', text: 'wait', citations: null }], stopReason: 'pause_turn' },
  unknownStop: { content: [{ type: 'text', text: 'x', citations: null }], stopReason: 'something_new' },
  contextExceeded: { content: [], stopReason: 'model_context_window_exceeded' },
};

const started = sseEvent('message_start', {
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'simulated',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  },
});
const overloaded = sseEvent('error', { error: { type: 'overloaded_error', message: 'simulated' } });

/** Faults of the wire. Those that stall end when the client goes away or the simulator stops. */
const wire: Readonly<Record<string, (response: ServerResponse, json: Headers, stream: Headers) => unknown>> =
  {
    malformed: (response, json) => response.writeHead(200, json).end('{"id": "msg_1", "content": ['),
    stallHeaders: () => undefined,
    stallBody: (response, json) => response.writeHead(200, json).write('{"id": "msg_1",'),
    reset: (response) => response.socket?.destroy(),
    resetBody: (response, json) =>
      response.writeHead(200, json).write('{"id": "msg_1",', () => response.socket?.destroy()),
    sseError: (response, _, stream) => response.writeHead(200, stream).end(overloaded),
    sseErrorLate: (response, _, stream) => response.writeHead(200, stream).end(started + overloaded),
    sseEmpty: (response, _, stream) => response.writeHead(200, stream).end(),
    sseStall: (response, _, stream) => response.writeHead(200, stream).write(': waiting\n\n'),
    sseStallLate: (response, _, stream) => response.writeHead(200, stream).write(started),
    sseCut: (response, _, stream) => response.writeHead(200, stream).end(started),
  };

type Headers = Record<string, string>;

/** What a script may order: one of the names, and for errors another wait, code or message, or any header (`retry-after-ms`, `x-should-retry`). */
export const scriptedFault = z.strictObject({
  fault: z.enum([...Object.keys(errorRows), ...Object.keys(answers), ...Object.keys(wire)]),
  retryAfterSeconds: z.number().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  errorCode: z.string().optional(),
  message: z.string().optional(),
});
type ScriptedFault = z.output<typeof scriptedFault>;

/** The answer that a fault stands for; null when it is an error or a fault of the wire. */
export const answerOfFault = (name: string): Turn | null => answers[name] ?? null;

/** Plays an error or a fault of the wire instead of an answer. */
export function playFault(order: ScriptedFault, response: ServerResponse, requestId: string): void {
  const row = errorRows[order.fault];
  if (row) sendError(response, adjusted(row, order), order.message ?? `simulated ${order.fault}`, requestId);
  else {
    const head = { 'request-id': requestId };
    wire[order.fault]?.(
      response,
      { ...head, 'content-type': 'application/json' },
      { ...head, 'content-type': 'text/event-stream' },
    );
  }
}

function adjusted(row: ErrorRow, { retryAfterSeconds, headers, errorCode }: ScriptedFault): ErrorRow {
  return {
    ...row,
    ...(errorCode !== undefined && { errorCode }),
    headers: {
      ...row.headers,
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      ...headers,
    },
  };
}
