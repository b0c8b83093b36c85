import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitOf, type Bucket, type Plan, type Urgency } from '../../domain/langfuse/rate-limits.js';
import type { Clock } from '../../platform/clock.js';
import type { RateWindows } from '../../platform/store/langfuse/rate-windows.js';
import { LangfuseError } from './errors.js';

/** Whose budget: an organisation at a host. All its projects and all our tenants in it share it (langfuse.md 7). */
export interface Payer {
  readonly host: string;
  readonly organization: string;
  readonly plan: Plan;
}

export interface RateBudget {
  /**
   * Takes one request. A wait of up to two seconds is spent here; a longer one throws LangfuseError `throttled` with its time, so that it
   * becomes a durable timer.
   */
  admit(
    payer: Payer,
    bucket: Bucket,
    who: { readonly urgency: Urgency; readonly ticket: string; readonly endpoint: string },
    signal: AbortSignal,
  ): Promise<void>;
  /** The server said 429: nobody of this payer asks before the time has passed. */
  refused(payer: Payer, bucket: Bucket, waitMs: number, most: number | null): Promise<void>;
}

/** Longer waits are durable timers, so that they hold no activity slot. */
const shortWaitMs = 2_000;

const budgetOf = ({ host, organization }: Payer, bucket: Bucket): string =>
  createHash('sha256')
    .update(`${new URL(host).origin.toLowerCase()}\n${organization}\n${bucket}`)
    .digest('hex');

export const createRateBudget = (rateWindows: RateWindows, clock: Clock): RateBudget => ({
  admit: async (payer, bucket, { urgency, ticket, endpoint }, signal) => {
    let waitedMs = 0;
    for (;;) {
      const nowMs = clock.nowMs();
      const answer = await rateWindows.take({
        budget: budgetOf(payer, bucket),
        ticket,
        urgency,
        limitOf: (learned) => limitOf(payer.plan, bucket, learned),
        nowMs,
      });
      if (answer.kind === 'go') return;
      const waitMs = answer.untilMs - nowMs;
      if (waitedMs + waitMs > shortWaitMs)
        throw new LangfuseError(endpoint, { kind: 'throttled', waitMs, most: null });
      waitedMs += waitMs;
      await sleep(waitMs, undefined, { signal }).catch((error: unknown) => {
        // Timers reject with their own AbortError; callers want the signal's reason.
        signal.throwIfAborted();
        throw error;
      });
    }
  },
  refused: (payer, bucket, waitMs, most) =>
    rateWindows.close(budgetOf(payer, bucket), clock.nowMs() + waitMs, most),
});
