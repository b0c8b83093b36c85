import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';

/** What can go wrong in one request (langfuse.md 6). */
export type LangfuseFault =
  | { readonly kind: 'auth' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'wrongHost' }
  /** This API does not exist in the server's present mode. */
  | { readonly kind: 'mode' }
  | { readonly kind: 'badRequest'; readonly status: number }
  | { readonly kind: 'notFound' }
  /** Nothing was answered: by the server, or by our own budget. `most` is the limit that the server named. */
  | { readonly kind: 'throttled'; readonly waitMs: number; readonly most: number | null }
  /** Too much for one answer: a smaller page or window may pass. */
  | { readonly kind: 'tooLarge' }
  | {
      readonly kind: 'unavailable';
      readonly why: 'network' | 'deadline' | 'server' | 'gateway' | 'brokenBody';
    }
  | { readonly kind: 'malformed'; readonly why: string }
  | { readonly kind: 'protocol'; readonly why: string };

/** One failed request. Its message holds endpoint and kind, never what was sent or received. */
export class LangfuseError extends Error {
  override readonly name = 'LangfuseError';
  constructor(
    readonly endpoint: string,
    readonly fault: LangfuseFault,
  ) {
    super(`${endpoint}: ${fault.kind}`);
  }
}

const failureTypes = {
  auth: 'LangfuseAuth',
  forbidden: 'LangfuseForbidden',
  wrongHost: 'LangfuseWrongHost',
  mode: 'LangfuseModeChanged',
  badRequest: 'LangfuseBadRequest',
  notFound: 'LangfuseNotFound',
  throttled: 'LangfuseThrottled',
  tooLarge: 'LangfuseTooLarge',
  unavailable: 'LangfuseUnavailable',
  malformed: 'LangfuseMalformed',
  protocol: 'LangfuseProtocol',
} as const satisfies Record<LangfuseFault['kind'], FailureType>;

/** The boundary of the room: what a workflow sees of a failed request. A throttle becomes a durable wait of the length that it names. */
export function toApplicationFailure({ endpoint, fault }: LangfuseError): ApplicationFailure {
  const type = failureTypes[fault.kind];
  const why = 'why' in fault ? `, ${fault.why}` : '';
  return ApplicationFailure.create({
    message: `${failures[type].title} (${endpoint}${why})`,
    type,
    nonRetryable: failures[type].retry === 'never',
    // Waiting is normal flow here: logged at debug, counted as no failure (temporal.md 5).
    ...(fault.kind === 'throttled'
      ? { nextRetryDelay: fault.waitMs, category: ApplicationFailureCategory.BENIGN }
      : {}),
  });
}

/** A limit that names no time is left alone for a minute, the length of its shortest windows (langfuse.md 7). */
const defaultWaitMs = 60_000;
const longestWaitMs = 60 * 60_000;

/** What a refused request means. `listing` = the endpoint gives lists: a 404 there is never "deleted" (langfuse.md 6). */
export function faultOfAnswer(
  status: number,
  text: string,
  headers: Headers,
  listing: boolean,
): LangfuseFault {
  const body = jsonObject(text);
  switch (status) {
    case 401:
      return { kind: 'auth' };
    case 403:
      return { kind: 'forbidden' };
    case 404:
      if (body === null) return { kind: 'wrongHost' };
      return listing || body['error'] !== 'LangfuseNotFoundError' ? { kind: 'mode' } : { kind: 'notFound' };
    case 408:
      return { kind: 'unavailable', why: 'deadline' };
    case 413:
    case 422:
      return { kind: 'tooLarge' };
    case 429:
      return { kind: 'throttled', ...limitIn(body, headers) };
    default:
      if (status < 500) return { kind: 'badRequest', status };
      return { kind: 'unavailable', why: body === null ? 'gateway' : 'server' };
  }
}

function limitIn(
  body: Readonly<Record<string, unknown>> | null,
  headers: Headers,
): { readonly waitMs: number; readonly most: number | null } {
  const details = (body?.['details'] ?? {}) as Readonly<Record<string, unknown>>;
  const seconds = Number(headers.get('retry-after') ?? details['retryAfterSeconds'] ?? NaN);
  const most = Number(headers.get('x-ratelimit-limit') ?? details['limit'] ?? NaN);
  return {
    waitMs:
      Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, longestWaitMs) : defaultWaitMs,
    most: Number.isSafeInteger(most) && most > 0 ? most : null,
  };
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
