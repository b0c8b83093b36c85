import type { Database } from '../database/database.js';
import { platformTenant } from './platform-tenant.js';

/** Failed logins by account. After five in a row the account is locked for a while, so that guessing takes years. */
export interface LoginAttempts {
  recordFailure(key: string, nowMs: number): Promise<void>;
  clear(key: string): Promise<void>;
  /** Null when a login may be tried. */
  lockedUntilMs(key: string, nowMs: number): Promise<number | null>;
}

const failuresBeforeLock = 5;
const lockMs = 15 * 60_000;

export function createLoginAttempts(database: Database): LoginAttempts {
  const { kysely } = database;
  return {
    recordFailure: (key, nowMs) =>
      database.transaction(async (trx) => {
        const before = await trx
          .selectFrom('login_attempts')
          .select(['failures', 'locked_until_at_ms'])
          .where('tenant_id', '=', platformTenant)
          .where('attempt_key', '=', key)
          .executeTakeFirst();
        const served =
          before !== undefined && before.locked_until_at_ms > 0 && before.locked_until_at_ms <= nowMs;
        const failures = (served ? 0 : (before?.failures ?? 0)) + 1;
        const row = {
          failures,
          last_failure_at_ms: nowMs,
          locked_until_at_ms: failures >= failuresBeforeLock ? nowMs + lockMs : 0,
        };
        await trx
          .insertInto('login_attempts')
          .values({ tenant_id: platformTenant, attempt_key: key, ...row })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'attempt_key']).doUpdateSet(row))
          .execute();
      }),
    clear: async (key) => {
      await kysely
        .deleteFrom('login_attempts')
        .where('tenant_id', '=', platformTenant)
        .where('attempt_key', '=', key)
        .execute();
    },
    lockedUntilMs: async (key, nowMs) => {
      const row = await kysely
        .selectFrom('login_attempts')
        .select('locked_until_at_ms')
        .where('tenant_id', '=', platformTenant)
        .where('attempt_key', '=', key)
        .executeTakeFirst();
      return row && row.locked_until_at_ms > nowMs ? row.locked_until_at_ms : null;
    },
  };
}
