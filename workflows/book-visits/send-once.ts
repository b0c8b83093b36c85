import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';

/** A write that the limiter put off: nothing was sent, ask again after the wait. */
interface PutOff {
  readonly kind: 'wait';
  readonly waitMs: number;
}

/** Longest time that an order waits for its turn at the practice system before it gives up: the caller's promise must end. */
const longestQueueMs = 15 * 60_000;

/** Failures that are thrown before the first byte is sent: the write did not happen and need not be looked up. */
const neverSent: ReadonlySet<string> = new Set<FailureType>([
  'Cloud9Auth',
  'Cloud9NotAuthorised',
  'Cloud9OutsideWindow',
  'Cloud9BadRequest',
  'IntegrationNotConfigured',
  'TenantForbidden',
  'TenantInactive',
]);

/**
 * Calls a single-try write and waits durably while the limiter puts it off. A try that failed is `unavailable` when nothing can have
 * been sent, else `unclear`: a worker that died, a lost answer and a time-out all may have booked (cloud9.md 6.10).
 */
export async function sendOnce<Answer extends { readonly kind: string }>(
  send: () => Promise<Answer | PutOff>,
): Promise<Answer | { readonly kind: 'unclear' } | { readonly kind: 'unavailable' }> {
  let waitedMs = 0;
  for (;;) {
    let answer: Answer | PutOff;
    try {
      answer = await send();
    } catch (error) {
      if (!(error instanceof ActivityFailure)) throw error;
      const { cause } = error;
      const sent = !(cause instanceof ApplicationFailure && neverSent.has(cause.type ?? ''));
      return { kind: sent ? 'unclear' : 'unavailable' };
    }
    if (!isPutOff(answer)) return answer;
    if (waitedMs > longestQueueMs) return { kind: 'unavailable' };
    waitedMs += answer.waitMs;
    await sleep(answer.waitMs, { summary: 'our turn at the practice system' });
  }
}

const isPutOff = (answer: { readonly kind: string }): answer is PutOff => answer.kind === 'wait';

/**
 * Looks an unclear write up, and once more later when nothing is there: the practice system may commit after we stopped listening.
 * `absent` from here means absent twice, so that one safe repeat is allowed (claude.md 5.2). A read that cannot be had at all is `ambiguous`.
 */
export async function lookUpTwice<Answer extends { readonly kind: string }>(
  lookUp: () => Promise<Answer>,
  settleMs: number,
): Promise<Answer | { readonly kind: 'ambiguous' }> {
  await sleep(settleMs, { summary: 'a late commit, before the first look' });
  const first = await lookUpNow(lookUp);
  if (first.kind !== 'absent') return first;
  await sleep(2 * settleMs, { summary: 'a late commit, before the last look' });
  return lookUpNow(lookUp);
}

/** One look-up. A read that cannot be had says nothing about the write: `ambiguous`. */
export async function lookUpNow<Answer extends { readonly kind: string }>(
  lookUp: () => Promise<Answer>,
): Promise<Answer | { readonly kind: 'ambiguous' }> {
  try {
    return await lookUp();
  } catch (error) {
    if (error instanceof ActivityFailure) return { kind: 'ambiguous' };
    throw error;
  }
}

/** The reading before a write. When it cannot be had nothing was sent, and the other visits of the order must not suffer for it. */
export async function prepared<Answer extends { readonly kind: string }>(
  prepare: () => Promise<Answer>,
): Promise<Answer | { readonly kind: 'unavailable' }> {
  try {
    return await prepare();
  } catch (error) {
    if (error instanceof ActivityFailure) return { kind: 'unavailable' };
    throw error;
  }
}
