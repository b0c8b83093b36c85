import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';

/** Why the practice system refused a write, in our own words; its sentences never leave the client. */
export type RefusalReason =
  | 'inThePast'
  | 'patientUnknown'
  | 'typeNotOnline'
  | 'notScheduled'
  | 'alreadyCancelled'
  | 'badParameter'
  | 'notFound'
  | 'unspecified';

/** What can go wrong in one exchange. `code` is the ErrorCode of the envelope (cloud9.md 4.1), null when none was given. */
export type Cloud9Fault =
  | { readonly kind: 'auth'; readonly code: number }
  | { readonly kind: 'badRequest'; readonly code: number }
  | { readonly kind: 'outsideWindow' }
  | { readonly kind: 'notAuthorised' }
  /** Not executed: refused by the server, or by our own limiter before anything was sent. `waitMs` is set once the limiter knows. */
  | { readonly kind: 'throttled'; readonly waitMs: number | null }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'slotTaken' }
  | { readonly kind: 'notFound' }
  /** No usable answer: unknown error, no connection, gateway page, deadline. A write may have happened. */
  | { readonly kind: 'unavailable'; readonly why: 'network' | 'deadline' | 'gateway' | 'unknownCode' }
  /** Something arrived that is no envelope of the protocol. A write may have happened. */
  | { readonly kind: 'malformed'; readonly why: string };

/** One failed exchange. Its message holds the procedure and the kind, never what was sent or received. */
export class Cloud9Error extends Error {
  override readonly name = 'Cloud9Error';
  constructor(
    readonly procedure: string,
    readonly fault: Cloud9Fault,
  ) {
    super(`${procedure}: ${fault.kind}`);
  }
}

/** True when the server, or nobody, took the request: nothing was executed (cloud9.md 4.1, 4.3). False = it may have been. */
export function nothingHappened(fault: Cloud9Fault): boolean {
  return fault.kind !== 'unavailable' && fault.kind !== 'malformed';
}

const failureTypes = {
  auth: 'Cloud9Auth',
  badRequest: 'Cloud9BadRequest',
  outsideWindow: 'Cloud9OutsideWindow',
  notAuthorised: 'Cloud9NotAuthorised',
  throttled: 'Cloud9Throttled',
  refused: 'Cloud9Refused',
  slotTaken: 'SlotTaken',
  notFound: 'Cloud9NotFound',
  unavailable: 'Cloud9Unavailable',
  malformed: 'Cloud9Malformed',
} as const satisfies Record<Cloud9Fault['kind'], FailureType>;

/** Until production's access window is known (cloud9.md 4.5), ask again each quarter of an hour. */
const windowRetryMs = 15 * 60_000;

/** An `ApplicationFailure` of the table with our own words and no cause: causes are serialised with all they carry. */
export function failureOf(
  type: FailureType,
  detail: { readonly procedure?: string; readonly waitMs?: number; readonly reason?: string } = {},
): ApplicationFailure {
  const about = detail.procedure === undefined ? '' : ` (${detail.procedure})`;
  return ApplicationFailure.create({
    message: `${failures[type].title}${about}`,
    type,
    nonRetryable: failures[type].retry === 'never',
    details: [detail],
    ...(detail.waitMs === undefined
      ? {}
      : // Waiting is normal flow here: logged at debug, counted as no failure (temporal.md 5).
        { nextRetryDelay: detail.waitMs, category: ApplicationFailureCategory.BENIGN }),
  });
}

/** The boundary of the room: what a workflow sees of a failed exchange. */
export function toApplicationFailure(error: Cloud9Error): ApplicationFailure {
  const { procedure, fault } = error;
  const type = failureTypes[fault.kind];
  switch (fault.kind) {
    case 'throttled':
      return failureOf(type, { procedure, waitMs: fault.waitMs ?? 0 });
    case 'outsideWindow':
      return failureOf(type, { procedure, waitMs: windowRetryMs });
    case 'refused':
      return failureOf(type, { procedure, reason: fault.reason });
    case 'unavailable':
    case 'malformed':
      return failureOf(type, { procedure, reason: fault.why });
    case 'auth':
    case 'badRequest':
    case 'notAuthorised':
    case 'slotTaken':
    case 'notFound':
      return failureOf(type, { procedure });
  }
}
