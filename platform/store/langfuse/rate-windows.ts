import { urgencies, shareOf, type Limit, type Urgency } from '../../../domain/langfuse/rate-limits.js';
import type { Database } from '../../database/database.js';
import { platformTenant } from '../platform-tenant.js';

/**
 * Requests that an organisation at a host has left in the running window of a bucket. Rows, so that all workers and all tenants of the
 * organisation share them; platform-wide for that reason.
 */
export interface RateWindows {
  /**
   * Takes one request under `ticket`, or says when to come back with it. Nobody overtakes a more urgent one that waits.
   * `limit` is null where none is known.
   */
  take(request: {
    readonly budget: string;
    readonly ticket: string;
    readonly urgency: Urgency;
    readonly limitOf: (learned: number | null) => Limit | null;
    readonly nowMs: number;
  }): Promise<{ readonly kind: 'go' } | { readonly kind: 'wait'; readonly untilMs: number }>;
  /** The server refused: nobody asks before `untilMs`. `most` is the limit that it named. */
  close(budget: string, untilMs: number, most: number | null): Promise<void>;
}

/** Somebody who did not come back this long after the time that we named is no longer waited for. */
const forgottenAfterMs = 5_000;

export function createRateWindows(database: Database): RateWindows {
  const tenant_id = platformTenant;
  return {
    take: ({ budget, ticket, urgency, limitOf, nowMs }) =>
      database.transaction(async (trx) => {
        const row = await trx
          .selectFrom('rate_windows')
          .selectAll()
          .where('tenant_id', '=', tenant_id)
          .where('budget', '=', budget)
          .executeTakeFirst();
        const limit = limitOf(row?.most ?? null);
        const notBeforeMs = row?.not_before_at_ms ?? 0;
        const rank = urgencies.indexOf(urgency);
        const wait = async (untilMs: number): Promise<{ kind: 'wait'; untilMs: number }> => {
          const place = { urgency: rank, forgotten_at_ms: untilMs + forgottenAfterMs };
          await trx
            .insertInto('rate_waiters')
            .values({ tenant_id, budget, ticket, ...place })
            .onConflict((conflict) => conflict.columns(['tenant_id', 'budget', 'ticket']).doUpdateSet(place))
            .execute();
          return { kind: 'wait', untilMs };
        };
        if (notBeforeMs > nowMs) return wait(notBeforeMs);
        if (limit === null) return { kind: 'go' };
        // The server's window runs from its first request (langfuse.md 7).
        const runs = row !== undefined && nowMs < row.started_at_ms + limit.perMs;
        const used = runs ? row.used : 0;
        const startedAtMs = runs ? row.started_at_ms : nowMs;
        const endMs = startedAtMs + limit.perMs;
        await trx
          .deleteFrom('rate_waiters')
          .where('tenant_id', '=', tenant_id)
          .where('budget', '=', budget)
          .where((where) => where.or([where('ticket', '=', ticket), where('forgotten_at_ms', '<', nowMs)]))
          .execute();
        const ahead = await trx
          .selectFrom('rate_waiters')
          .select('urgency')
          .where('tenant_id', '=', tenant_id)
          .where('budget', '=', budget)
          .where('urgency', '<', rank)
          .execute();
        if (used + ahead.length >= shareOf(limit, urgency)) return wait(endMs);
        const change = { used: used + 1, started_at_ms: startedAtMs };
        await trx
          .insertInto('rate_windows')
          .values({ tenant_id, budget, most: null, not_before_at_ms: 0, ...change })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'budget']).doUpdateSet(change))
          .execute();
        return { kind: 'go' };
      }),

    close: async (budget, untilMs, most) => {
      const change = { not_before_at_ms: untilMs, ...(most === null ? {} : { most }) };
      await database.kysely
        .insertInto('rate_windows')
        .values({ tenant_id, budget, started_at_ms: 0, used: 0, most, not_before_at_ms: untilMs })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'budget']).doUpdateSet(change))
        .execute();
    },
  };
}
