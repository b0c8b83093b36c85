import { AnthropicError, APIConnectionError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';

/** A 2xx answer that is no message of the protocol. Its text names the missing part, never what was received. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** A call of the model that the CLI says has failed. Status null: none is known, as after a timeout. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly status: number | null;

  constructor(status: number | null) {
    super('The Claude CLI reports a failed call.');
    this.status = status;
  }
}

/** The only facts of a vendor error that may leave the activity: its message may echo the body (claude.md 1.7). */
export interface LlmErrorFacts {
  readonly status: number | null;
  readonly type: string | null;
  readonly errorCode: string | null;
  readonly requestId: string | null;
}

/** What one failed model call means. `waitMs` null = the usual backoff. */
export type LlmFault =
  | { readonly kind: 'cancelled' }
  | {
      readonly kind: 'fatal';
      readonly type: 'LlmBadRequest' | 'LlmAuth' | 'LlmSpendCap' | 'LlmUnavailable' | 'LlmBug';
      readonly facts: LlmErrorFacts;
    }
  | { readonly kind: 'unavailable'; readonly waitMs: number; readonly facts: LlmErrorFacts }
  | { readonly kind: 'retry'; readonly waitMs: number | null; readonly facts: LlmErrorFacts }
  | { readonly kind: 'malformed'; readonly facts: LlmErrorFacts };

/** Longer waits than this are not slept inside a turn: a caller is waiting (claude.md 1.8). */
const longestWaitMs = 20_000;

/** An unreadable answer is asked for twice in all; after that it is not chance (claude.md 1.8). */
const malformedAttempts = 2;

/** 429 codes that mean "the money is used up", not "too fast" (claude.md 1.7). */
const spendCapCodes = new Set(['contract_spend_limit_reached', 'enforced_spend_limit_reached']);

/** Error types of an SSE `error` event after HTTP 200, which has no status (claude.md 1.6). */
const retryableStreamErrors = new Set(['overloaded_error', 'api_error', 'timeout_error', 'rate_limit_error']);

/** `instanceof` alone would narrow to `APIError<any, any, any>`. */
const isApiError = (error: unknown): error is APIError => error instanceof APIError;

const noFacts: LlmErrorFacts = { status: null, type: null, errorCode: null, requestId: null };

/** The classifier of claude.md 1.8, rule by rule in its order. `cancelled`: Temporal asked the activity to stop. */
export function classify(error: unknown, cancelled: boolean, nowMs: number): LlmFault {
  if (cancelled) return { kind: 'cancelled' };
  const facts = factsOf(error);
  const hint = isApiError(error) ? headerOf(error, 'x-should-retry') : null;
  if (hint === 'false') return { kind: 'fatal', type: fatalType(facts), facts };
  // Connection and abort classes derive from APIError, so they are told apart before it.
  if (error instanceof APIConnectionError) return { kind: 'retry', waitMs: null, facts };
  if (error instanceof APIUserAbortError || isNamed(error, 'AbortError', 'TimeoutError')) {
    return { kind: 'retry', waitMs: null, facts };
  }
  if (error instanceof CliFailure) return classifyCli(error);
  if (isApiError(error)) return classifyStatus(error, facts, hint, nowMs);
  if (error instanceof SyntaxError || error instanceof AnthropicError || error instanceof MalformedAnswer) {
    return { kind: 'malformed', facts };
  }
  return { kind: 'fatal', type: 'LlmBug', facts };
}

/** The CLI tells a status at most: no header, no code (claude.md 2.4). Without one it was a timeout or a broken connection. */
function classifyCli({ status }: CliFailure): LlmFault {
  const facts = { ...noFacts, status };
  const mayRetry = status === null || status === 408 || status === 409 || status === 429 || status >= 500;
  return mayRetry ? { kind: 'retry', waitMs: null, facts } : { kind: 'fatal', type: fatalType(facts), facts };
}

function classifyStatus(error: APIError, facts: LlmErrorFacts, hint: string | null, nowMs: number): LlmFault {
  const wait = retryAfter(error, nowMs);
  const spent =
    facts.status === 429 &&
    ((facts.errorCode !== null && spendCapCodes.has(facts.errorCode)) ||
      (wait === 'absent' && hint !== 'true'));
  if (spent) return { kind: 'fatal', type: 'LlmSpendCap', facts };
  const { status } = facts;
  const mayRetry =
    hint === 'true' ||
    (status === null
      ? facts.type !== null && retryableStreamErrors.has(facts.type)
      : status === 408 || status === 409 || status === 429 || status >= 500);
  if (!mayRetry) return { kind: 'fatal', type: fatalType(facts), facts };
  if (typeof wait === 'number' && wait > longestWaitMs) return { kind: 'unavailable', waitMs: wait, facts };
  return { kind: 'retry', waitMs: typeof wait === 'number' && wait > 0 ? wait : null, facts };
}

function fatalType({
  status,
}: LlmErrorFacts): 'LlmBadRequest' | 'LlmAuth' | 'LlmSpendCap' | 'LlmUnavailable' {
  // 402: the spend limit of a linked organisation (claude.md 1.7).
  if (status === 402) return 'LlmSpendCap';
  if (status === 401 || status === 403) return 'LlmAuth';
  // Told not to repeat something that is not our request's fault.
  if (status === 429 || (status !== null && status >= 500)) return 'LlmUnavailable';
  return 'LlmBadRequest';
}

/** `retry-after-ms`, else `retry-after` as seconds, else as a date. A header that cannot be read is not the same as none. */
function retryAfter(error: APIError, nowMs: number): number | 'absent' | 'unreadable' {
  const inMs = headerOf(error, 'retry-after-ms');
  if (inMs !== null && isAmount(inMs)) return Number(inMs);
  const after = headerOf(error, 'retry-after');
  if (after === null) return inMs === null ? 'absent' : 'unreadable';
  if (isAmount(after)) return Number(after) * 1_000;
  const at = Date.parse(after);
  return Number.isNaN(at) ? 'unreadable' : at - nowMs;
}

const isAmount = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

const headerOf = (error: APIError, name: string): string | null => error.headers?.get(name) ?? null;

const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);

function factsOf(error: unknown): LlmErrorFacts {
  if (!isApiError(error)) return noFacts;
  return {
    status: error.status ?? null,
    type: token(error.type),
    errorCode: token(error.errorCode),
    requestId: token(error.requestID),
  };
}

/** Codes and ids are short words. Anything else in their place is a text of somebody else's and stays here. */
const token = (value: unknown): string | null =>
  typeof value === 'string' && /^[A-Za-z0-9_.:-]{1,100}$/.test(value) ? value : null;

/**
 * What Temporal sees of a fault: our own words, a type of the table, no cause (a cause is serialised with all it carries). `attempt` is
 * the activity's, from 1.
 */
export function toFailure(fault: LlmFault, attempt: number): ApplicationFailure | CancelledFailure {
  switch (fault.kind) {
    case 'cancelled':
      return new CancelledFailure('The model step was cancelled');
    case 'fatal':
      return failureOf(fault.type, { facts: fault.facts });
    case 'unavailable':
      return failureOf('LlmUnavailable', { facts: fault.facts, waitMs: fault.waitMs });
    case 'retry':
      return failureOf('LlmRetry', {
        facts: fault.facts,
        ...(fault.waitMs === null ? {} : { waitMs: fault.waitMs }),
      });
    case 'malformed':
      return failureOf('LlmMalformed', { facts: fault.facts, final: attempt >= malformedAttempts });
  }
}

/** A failure of the table with the facts that may be known. `final` ends the retries of a type that is repeated otherwise. */
export function failureOf(
  type: FailureType,
  about: {
    readonly facts?: LlmErrorFacts;
    readonly waitMs?: number;
    readonly final?: boolean;
    readonly why?: string;
  } = {},
): ApplicationFailure {
  const nonRetryable = failures[type].retry === 'never' || about.final === true;
  const { facts, waitMs, why } = about;
  return ApplicationFailure.create({
    message: why === undefined ? failures[type].title : `${failures[type].title}: ${why}`,
    type,
    nonRetryable,
    ...(facts ? { details: [{ ...facts, ...(waitMs === undefined ? {} : { waitMs }) }] } : {}),
    ...(waitMs === undefined || nonRetryable ? {} : { nextRetryDelay: waitMs }),
  });
}
