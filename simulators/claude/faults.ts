import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Turn } from './messages.js';
import { sseEvent } from './wire.js';

interface ErrorRow {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errorCode?: string;
}

/** Errors by the name that a script gives; status and type as in claude.md 1.7. */
const errors: Readonly<Record<string, ErrorRow>> = {
  '400': { status: 400, type: 'invalid_request_error' },
  '401': { status: 401, type: 'authentication_error' },
  '402': { status: 402, type: 'billing_error' },
  '403': { status: 403, type: 'permission_error' },
  '404': { status: 404, type: 'not_found_error' },
  '408': { status: 408, type: 'timeout_error' },
  '409': { status: 409, type: 'conflict_error' },
  '413': { status: 413, type: 'request_too_large' },
  '422': { status: 422, type: 'invalid_request_error' },
  '429': { status: 429, type: 'rate_limit_error', headers: { 'retry-after': '3' } },
  '429-long': { status: 429, type: 'rate_limit_error', headers: { 'retry-after': '900' } },
  '429-bare': { status: 429, type: 'rate_limit_error' },
  '429-spend': {
    status: 429,
    type: 'rate_limit_error',
    errorCode: 'enforced_spend_limit_reached',
    headers: { 'retry-after': '3' },
  },
  '429-ramp': {
    status: 429,
    type: 'rate_limit_error',
    errorCode: 'ramp_limit_exceeded',
    headers: { 'retry-after': '3' },
  },
  '500': { status: 500, type: 'api_error' },
  '501': { status: 501, type: 'api_error' },
  '502': { status: 502, type: 'api_error' },
  '503': { status: 503, type: 'api_error' },
  '504': { status: 504, type: 'timeout_error' },
  '529': { status: 529, type: 'overloaded_error' },
  '529-no-retry': { status: 529, type: 'overloaded_error', headers: { 'x-should-retry': 'false' } },
  '400-retry': { status: 400, type: 'invalid_request_error', headers: { 'x-should-retry': 'true' } },
};

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

/** What a script may order: one of the names above, and for errors another wait, hint or code. `retryAfterSeconds: null` takes the header away. */
export const scriptedFault = z.strictObject({
  fault: z.enum([...Object.keys(errors), ...Object.keys(answers), ...Object.keys(wire)]),
  retryAfterSeconds: z.number().nullable().optional(),
  shouldRetry: z.boolean().optional(),
  errorCode: z.string().optional(),
  message: z.string().optional(),
});
type ScriptedFault = z.output<typeof scriptedFault>;

/** The answer that a fault stands for; null when it is an error or a fault of the wire. */
export const answerOfFault = (name: string): Turn | null => answers[name] ?? null;

/** Plays an error or a fault of the wire instead of an answer. */
export function playFault(order: ScriptedFault, response: ServerResponse, requestId: string): void {
  const row = errors[order.fault];
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

function adjusted(row: ErrorRow, { retryAfterSeconds, shouldRetry, errorCode }: ScriptedFault): ErrorRow {
  const { 'retry-after': usual, ...others } = row.headers ?? {};
  const wait = retryAfterSeconds === undefined ? usual : retryAfterSeconds?.toString();
  return {
    ...row,
    ...(errorCode !== undefined && { errorCode }),
    headers: {
      ...others,
      ...(wait !== undefined && { 'retry-after': wait }),
      ...(shouldRetry !== undefined && { 'x-should-retry': String(shouldRetry) }),
    },
  };
}

/** Answers with an error body of the API's shape (claude.md 1.7). */
export function sendError(response: ServerResponse, row: ErrorRow, message: string, requestId: string): void {
  response.writeHead(row.status, {
    'content-type': 'application/json',
    'request-id': requestId,
    ...row.headers,
  });
  response.end(
    JSON.stringify({
      type: 'error',
      error: { type: row.type, message, ...(row.errorCode && { details: { error_code: row.errorCode } }) },
      request_id: requestId,
    }),
  );
}
