import type { Transaction } from 'kysely';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { platformTenant } from './platform-tenant.js';

/**
 * Places in the queues of a budget (one client id and procedure). Rows, so that all workers share one budget; platform-wide, because two
 * tenants with one client id share it too.
 */
export interface Reservations {
  /**
   * Asks for a place under `ticket`. `startAtMs <= nowMs` means go: the place is taken and in flight until `finish` or the end of its
   * lease. Otherwise come back then with the same ticket. One exchange in flight, `gapMs` between starts.
   */
  reserve(request: {
    readonly budget: string;
    readonly ticket: string;
    readonly gapMs: number;
    readonly leaseMs: number;
    readonly nowMs: number;
  }): Promise<{ readonly startAtMs: number }>;
  finish(budget: string, ticket: string, nowMs: number): Promise<void>;
  /** Nobody starts before `untilMs`; counts as one penalty. */
  backOff(budget: string, untilMs: number): Promise<void>;
  /** Penalties in a row; a finished exchange without one starts again at 0. */
  penalties(budget: string): Promise<number>;
}

/** How soon to ask again while another exchange is in flight: its end is not known in advance. */
const inFlightPollMs = 100;
/** A queued ticket whose holder never came back is forgotten after this. */
const queuedForgottenMs = 60_000;

export function createReservations(database: Database): Reservations {
  const tenant_id = platformTenant;
  return {
    reserve: ({ budget, ticket, gapMs, leaseMs, nowMs }) =>
      database.transaction(async (trx) => {
        await forgetDead(trx, budget, nowMs);
        const state = await budgetState(trx, budget);
        const rows = await trx
          .selectFrom('call_reservations')
          .select(['ticket', 'start_at_ms', 'running'])
          .where('tenant_id', '=', tenant_id)
          .where('budget', '=', budget)
          .execute();
        const others = rows.filter((row) => row.ticket !== ticket);
        const mine = rows.find((row) => row.ticket === ticket);
        const inFlight = others.some((row) => row.running === 1);
        const earliest = Math.max(
          state.last_start_at_ms + gapMs,
          state.not_before_at_ms,
          inFlight ? nowMs + inFlightPollMs : 0,
        );
        const go = mine?.running === 1 || earliest <= nowMs;
        const queued = others.filter((row) => row.running === 0).map((row) => row.start_at_ms + gapMs);
        const startAtMs = go ? nowMs : Math.max(earliest, ...(mine ? [] : queued));
        const place = {
          tenant_id,
          budget,
          ticket,
          start_at_ms: startAtMs,
          lease_until_at_ms: startAtMs + (go ? leaseMs : queuedForgottenMs),
          running: go ? 1 : 0,
        };
        await trx
          .insertInto('call_reservations')
          .values(place)
          .onConflict((conflict) => conflict.columns(['tenant_id', 'budget', 'ticket']).doUpdateSet(place))
          .execute();
        if (go) await changeBudget(trx, budget, { last_start_at_ms: nowMs });
        return { startAtMs };
      }),

    finish: (budget, ticket, nowMs) =>
      database.transaction(async (trx) => {
        await trx
          .deleteFrom('call_reservations')
          .where('tenant_id', '=', tenant_id)
          .where('budget', '=', budget)
          .where('ticket', '=', ticket)
          .execute();
        const state = await budgetState(trx, budget);
        if (state.penalties > 0 && state.not_before_at_ms <= nowMs)
          await changeBudget(trx, budget, { penalties: 0 });
      }),

    backOff: (budget, untilMs) =>
      database.transaction(async (trx) => {
        const state = await budgetState(trx, budget);
        await changeBudget(trx, budget, {
          not_before_at_ms: Math.max(state.not_before_at_ms, untilMs),
          penalties: state.penalties + 1,
        });
      }),

    penalties: (budget) => database.transaction(async (trx) => (await budgetState(trx, budget)).penalties),
  };
}

async function forgetDead(trx: Transaction<Schema>, budget: string, nowMs: number): Promise<void> {
  await trx
    .deleteFrom('call_reservations')
    .where('tenant_id', '=', platformTenant)
    .where('budget', '=', budget)
    .where('lease_until_at_ms', '<', nowMs)
    .execute();
}

type BudgetState = Pick<Schema['call_budgets'], 'last_start_at_ms' | 'not_before_at_ms' | 'penalties'>;

async function budgetState(trx: Transaction<Schema>, budget: string): Promise<BudgetState> {
  const row = await trx
    .selectFrom('call_budgets')
    .select(['last_start_at_ms', 'not_before_at_ms', 'penalties'])
    .where('tenant_id', '=', platformTenant)
    .where('budget', '=', budget)
    .executeTakeFirst();
  return row ?? { last_start_at_ms: 0, not_before_at_ms: 0, penalties: 0 };
}

async function changeBudget(
  trx: Transaction<Schema>,
  budget: string,
  change: Partial<BudgetState>,
): Promise<void> {
  await trx
    .insertInto('call_budgets')
    .values({
      tenant_id: platformTenant,
      budget,
      last_start_at_ms: 0,
      not_before_at_ms: 0,
      penalties: 0,
      ...change,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'budget']).doUpdateSet(change))
    .execute();
}
