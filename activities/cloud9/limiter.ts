import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../platform/clock.js';
import type { Reservations } from '../../platform/store/reservations.js';
import type { ThrottleJournal } from './throttle-journal.js';

/** One exchange that wants its turn. */
export interface Turn {
  readonly tenantId: string;
  readonly clientId: string;
  readonly procedure: { readonly name: string; readonly minGapMs: number; readonly timeoutMs: number };
  /** Names the exchange, also across retries of its activity: the same ticket keeps its place. */
  readonly ticket: string;
}

type Admission = { readonly kind: 'go' } | { readonly kind: 'wait'; readonly waitMs: number };

/**
 * The queue per client id and procedure (cloud9.md 4.3, "Client rule"): one exchange in flight, a least gap between starts, back-off after
 * code 8. Its places are rows in the store, so that all workers share one budget.
 */
export interface Limiter {
  /**
   * Takes a place. A wait of up to two seconds is spent here; for a longer one the place is kept under the ticket and `wait` says when to
   * come back. Rejects with the signal's reason when it ends first.
   */
  enter(turn: Turn, signal?: AbortSignal): Promise<Admission>;
  /** The exchange has ended, however. */
  leave(turn: Pick<Turn, 'clientId' | 'procedure' | 'ticket'>): Promise<void>;
  /** The server answered code 8: nobody starts before the returned time has passed. Writes the journal. */
  throttled(turn: Turn): Promise<number>;
}

export interface LimiterDeps {
  readonly reservations: Reservations;
  readonly clock: Clock;
  readonly journal: ThrottleJournal;
  /** Multiplies gaps and back-off; 1 in production, small against simulators. */
  readonly gapScale: number;
}

/** Longer waits are durable timers, so that they hold no activity slot. */
const shortWaitMs = 2_000;
/** After code 8: 15 s, then doubling to 5 min (cloud9.md 4.3). */
const firstBackOffMs = 15_000;
const longestBackOffMs = 300_000;
/** A worker that dies in mid-exchange blocks its queue until the deadline of that exchange and this margin have passed. */
const leaseMarginMs = 5_000;

/** Name of a queue; a hash, because client ids are credentials. */
const budgetOf = (turn: Pick<Turn, 'clientId' | 'procedure'>): string =>
  createHash('sha256').update(`${turn.clientId.toLowerCase()}\n${turn.procedure.name}`).digest('hex');

export function createLimiter({ reservations, clock, journal, gapScale }: LimiterDeps): Limiter {
  return {
    async enter(turn, signal) {
      let waitedMs = 0;
      for (;;) {
        signal?.throwIfAborted();
        const nowMs = clock.nowMs();
        const { startAtMs } = await reservations.reserve({
          budget: budgetOf(turn),
          ticket: turn.ticket,
          gapMs: Math.ceil(turn.procedure.minGapMs * gapScale),
          leaseMs: turn.procedure.timeoutMs + leaseMarginMs,
          nowMs,
        });
        const waitMs = startAtMs - nowMs;
        if (waitMs <= 0) return { kind: 'go' };
        // While another exchange is in flight the store can only say "ask again soon"; leaving for less than we waited is no use.
        if (waitedMs + waitMs > shortWaitMs) return { kind: 'wait', waitMs: Math.max(waitMs, waitedMs) };
        waitedMs += waitMs;
        await abortable(sleep(waitMs, undefined, signal ? { signal } : {}), signal);
      }
    },

    async leave(turn) {
      await reservations.finish(budgetOf(turn), turn.ticket, clock.nowMs());
    },

    async throttled(turn) {
      const budget = budgetOf(turn);
      const penalties = await reservations.penalties(budget);
      const atMs = clock.nowMs();
      const waitMs = Math.ceil(Math.min(firstBackOffMs * 2 ** penalties, longestBackOffMs) * gapScale);
      await reservations.backOff(budget, atMs + waitMs);
      await journal.append({ atMs, tenantId: turn.tenantId, procedure: turn.procedure.name, waitMs });
      return waitMs;
    },
  };
}

/** Timers reject with their own AbortError; callers want the signal's reason. */
async function abortable(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  try {
    await work;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
