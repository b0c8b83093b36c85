import type { ServerResponse } from 'node:http';

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
  '500': { status: 500, type: 'api_error' },
  '502': { status: 502, type: 'api_error' },
  '503': { status: 503, type: 'api_error' },
  '504': { status: 504, type: 'timeout_error' },
  '529': { status: 529, type: 'overloaded_error' },
  '529-no-retry': { status: 529, type: 'overloaded_error', headers: { 'x-should-retry': 'false' } },
  '400-retry': { status: 400, type: 'invalid_request_error', headers: { 'x-should-retry': 'true' } },
};

/** Answers with an error body of the API's shape. */
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

/** Plays a fault of the wire instead of an answer. Returns false for a name that is none. */
export function playFault(name: string, response: ServerResponse, requestId: string): boolean {
  const row = errors[name];
  if (row) {
    sendError(response, row, `simulated ${name}`, requestId);
    return true;
  }
  const ok = { 'content-type': 'application/json', 'request-id': requestId };
  const stream = { 'content-type': 'text/event-stream', 'request-id': requestId };
  switch (name) {
    case 'malformed':
      response.writeHead(200, ok).end('{"id": "msg_1", "content": [');
      return true;
    case 'stallHeaders':
      return true;
    case 'stallBody':
      response.writeHead(200, ok).write('{"id": "msg_1",');
      return true;
    case 'reset':
      response.socket?.destroy();
      return true;
    case 'sseError':
      response
        .writeHead(200, stream)
        .end(
          'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"simulated"}}\n\n',
        );
      return true;
    case 'sseEmpty':
      response.writeHead(200, stream).end();
      return true;
    case 'sseStall':
      response.writeHead(200, stream).write(': waiting\n\n');
      return true;
    case 'sseCut':
      response
        .writeHead(200, stream)
        .end(
          'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"x","usage":{"input_tokens":1,"output_tokens":1}}}\n\n',
        );
      return true;
    default:
      return false;
  }
}

/** Faults that are answers: cut off, refused, empty, or with a stop reason that nobody expects (claude.md 1.4). */
export const answerFaults: Readonly<
  Record<string, { readonly content: readonly { readonly type: string }[]; readonly stopReason: string }>
> = {
  truncated: {
    content: [
      {
        type: 'tool_use',
        id: 'toolu_cut',
        name: 'confirm_booking',
        input: {},
        caller: { type: 'direct' },
      } as { type: string },
    ],
    stopReason: 'max_tokens',
  },
  refusal: { content: [], stopReason: 'refusal' },
  empty: { content: [], stopReason: 'end_turn' },
  pauseTurn: { content: [{ type: 'text', text: 'wait' } as { type: string }], stopReason: 'pause_turn' },
  unknownStop: { content: [{ type: 'text', text: 'x' } as { type: string }], stopReason: 'something_new' },
  contextExceeded: { content: [], stopReason: 'model_context_window_exceeded' },
};
