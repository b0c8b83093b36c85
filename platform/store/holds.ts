import type { PracticeTime } from '../../domain/time/practice-time.js';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

interface HeldPlace {
  readonly columnGuid: string;
  readonly start: PracticeTime;
}

/** Our own reservation of places on chair schedules; the practice system has none (cloud9.md 6.2). */
export interface Holds {
  /** All places or none. Expired holds are replaced; the same `holdId` again is no conflict. */
  place(hold: {
    readonly tenantId: string;
    readonly environment: Environment;
    readonly conversationId: string;
    readonly holdId: string;
    readonly expiresAtMs: number;
    readonly slots: readonly HeldPlace[];
  }): Promise<{ readonly ok: true } | { readonly ok: false; readonly taken: readonly HeldPlace[] }>;
  release(tenantId: string, holdId: string): Promise<void>;
  /** False when the hold has run out or was released: its places may be others' by now. */
  extend(tenantId: string, holdId: string, expiresAtMs: number): Promise<boolean>;
  active(
    tenantId: string,
    environment: Environment,
  ): Promise<readonly (HeldPlace & { readonly conversationId: string; readonly holdId: string })[]>;
}

export function createHolds(database: Database, clock: Clock): Holds {
  const { kysely } = database;
  return {
    place: ({ tenantId, environment, conversationId, holdId, expiresAtMs, slots }) =>
      database.transaction(async (trx) => {
        const taken: HeldPlace[] = [];
        for (const { columnGuid, start } of slots) {
          const held = await trx
            .selectFrom('holds')
            .select(['hold_id', 'expires_at_ms'])
            .where('tenant_id', '=', tenantId)
            .where('environment', '=', environment)
            .where('column_guid', '=', columnGuid.toLowerCase())
            .where('start_at', '=', start)
            .executeTakeFirst();
          if (held && held.hold_id !== holdId && held.expires_at_ms > clock.nowMs())
            taken.push({ columnGuid, start });
        }
        if (taken.length > 0) return { ok: false, taken };
        for (const { columnGuid, start } of slots) {
          const owner = { hold_id: holdId, conversation_id: conversationId, expires_at_ms: expiresAtMs };
          await trx
            .insertInto('holds')
            .values({
              tenant_id: tenantId,
              environment,
              column_guid: columnGuid.toLowerCase(),
              start_at: start,
              ...owner,
            })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'environment', 'column_guid', 'start_at']).doUpdateSet(owner),
            )
            .execute();
        }
        return { ok: true };
      }),
    release: async (tenantId, holdId) => {
      await kysely
        .deleteFrom('holds')
        .where('tenant_id', '=', tenantId)
        .where('hold_id', '=', holdId)
        .execute();
    },
    extend: async (tenantId, holdId, expiresAtMs) => {
      const result = await kysely
        .updateTable('holds')
        .set({ expires_at_ms: expiresAtMs })
        .where('tenant_id', '=', tenantId)
        .where('hold_id', '=', holdId)
        .where('expires_at_ms', '>', clock.nowMs())
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
    active: async (tenantId, environment) => {
      const rows = await kysely
        .selectFrom('holds')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('expires_at_ms', '>', clock.nowMs())
        .execute();
      return rows.map((row) => ({
        columnGuid: row.column_guid,
        start: row.start_at,
        conversationId: row.conversation_id,
        holdId: row.hold_id,
      }));
    },
  };
}
