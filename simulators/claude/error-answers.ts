import type { ServerResponse } from 'node:http';

/** An error answer of the API: status, `type`, and what else tells a client what to do. */
export interface ErrorRow {
  readonly status: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly errorCode?: string;
}

/** Error answers by the name that a script gives; status and type as in claude.md 1.7. */
export const errorRows: Readonly<Record<string, ErrorRow>> = {
  '400': { status: 400, type: 'invalid_request_error' },
  '401': { status: 401, type: 'authentication_error' },
  '402': { status: 402, type: 'billing_error' },
  '403': { status: 403, type: 'permission_error' },
  '404': { status: 404, type: 'not_found_error' },
  '408': { status: 408, type: 'timeout_error' },
  '409': { status: 409, type: 'conflict_error' },
  '413': { status: 413, type: 'request_too_large' },
  '422': { status: 422, type: 'invalid_request_error' },
  '431': { status: 431, type: 'invalid_request_error' },
  '499': { status: 499, type: 'invalid_request_error' },
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
