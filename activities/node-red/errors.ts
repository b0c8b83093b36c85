import { ApplicationFailure } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';
import type { WireAnswer } from './transport.js';

export type NodeRedFailureType = Extract<FailureType, `NodeRed${string}`>;

/** What speaking to an instance failed with. The message is ours: no body, no header, no credential. */
export class NodeRedError extends Error {
  override readonly name = 'NodeRedError';
  constructor(
    readonly type: NodeRedFailureType,
    message: string,
    /** After which time another try may help. */
    readonly retryAfterMs: number | null = null,
    /** What the socket said, when it broke. */
    readonly socketCode: string | null = null,
  ) {
    super(message);
  }
}

export function toApplicationFailure(error: NodeRedError): ApplicationFailure {
  return ApplicationFailure.create({
    type: error.type,
    message: error.message,
    nonRetryable: failures[error.type].retry === 'never',
    ...(error.retryAfterMs === null ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}

/** More than five attempts in ten minutes, right password or not, lock a user name (node-red.md 2). */
const lockoutMs = 11 * 60_000;

/** The connection broke or nobody answered in time. What was asked for may have happened. */
export function lost(error: unknown): NodeRedError {
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string'
      ? error.code
      : error instanceof Error && error.name === 'TimeoutError'
        ? 'no answer in time'
        : 'connection lost';
  return new NodeRedError('NodeRedUnavailable', `The instance did not answer (${code}).`, null, code);
}

/** An answer to a token request that is not a token. */
export function loginRefused({ status, body }: WireAnswer): NodeRedError {
  // A lockout looks like a broken server, and each try makes it longer.
  if (status === 500 && /too many login attempts/i.test(body)) {
    return new NodeRedError(
      'NodeRedLoginLocked',
      'Too many logins in ten minutes; the instance locks the user for a while.',
      lockoutMs,
    );
  }
  if (status >= 500) return new NodeRedError('NodeRedUnavailable', `The login answered ${status}.`);
  return new NodeRedError('NodeRedAuth', `The login was refused (${status}).`);
}

/** An answer other than 2xx to anything but a deploy. */
export function refused(what: string, answer: WireAnswer): NodeRedError {
  const { status } = answer;
  if (status === 401) {
    return answer.headers['www-authenticate'] === undefined
      ? new NodeRedError('NodeRedPermission', `The account may not ${what}.`)
      : new NodeRedError('NodeRedAuth', `The token was refused (${what}).`);
  }
  if (status === 403) return new NodeRedError('NodeRedPermission', `The account may not ${what} (403).`);
  if (status === 404) {
    return new NodeRedError(
      'NodeRedMalformed',
      `There is no admin API at this address (404 on ${what}); check its root.`,
    );
  }
  if (status === 502 || status === 503 || status === 504)
    return new NodeRedError('NodeRedUnavailable', `Something before the instance answered ${status}.`);
  if (status >= 500) return new NodeRedError('NodeRedUnavailable', `It answered ${status} (${what}).`);
  return new NodeRedError('NodeRedMalformed', `It answered ${status} (${what}).`);
}
