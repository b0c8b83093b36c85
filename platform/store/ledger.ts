import type { Environment } from '../../domain/tenant.js';
import type { PracticeTime } from '../../domain/time/practice-time.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

export interface LedgerEntry {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly entryId: string;
  readonly kind: 'booked' | 'moved' | 'cancelled' | 'patientCreated';
  readonly appointmentGuid: string | null;
  readonly patientGuid: string | null;
  readonly intentId: string;
  readonly detail: unknown;
}

/** What was really done in the practice system, entered from results only. */
export interface Ledger {
  /** Idempotent by entry id. */
  append(entry: LedgerEntry): Promise<void>;
  list(
    tenantId: string,
    conversationId: string,
  ): Promise<readonly (LedgerEntry & { readonly createdAtMs: number })[]>;
  /** Places of appointments that we have booked from then on and not cancelled since. */
  placesBookedSince(
    tenantId: string,
    environment: Environment,
    sinceMs: number,
  ): Promise<readonly { readonly columnGuid: string; readonly start: PracticeTime }[]>;
}

/** What an entry `booked` says about its appointment. */
export interface BookedDetail {
  readonly start: PracticeTime;
  readonly minutes: number;
  readonly locationKey: string;
  readonly columnGuid: string;
}

export const createLedger = ({ kysely }: Database, clock: Clock): Ledger => ({
  append: async (entry) => {
    await kysely
      .insertInto('ledger_entries')
      .values({
        tenant_id: entry.tenantId,
        entry_id: entry.entryId,
        environment: entry.environment,
        conversation_id: entry.conversationId,
        kind: entry.kind,
        appointment_guid: entry.appointmentGuid,
        patient_guid: entry.patientGuid,
        intent_id: entry.intentId,
        detail_json: JSON.stringify(entry.detail),
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'entry_id']).doNothing())
      .execute();
  },
  list: async (tenantId, conversationId) => {
    const rows = await kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('conversation_id', '=', conversationId)
      .orderBy('created_at_ms')
      .orderBy('entry_id')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      environment: row.environment as Environment,
      conversationId: row.conversation_id,
      entryId: row.entry_id,
      kind: row.kind as LedgerEntry['kind'],
      appointmentGuid: row.appointment_guid,
      patientGuid: row.patient_guid,
      intentId: row.intent_id,
      detail: JSON.parse(row.detail_json) as unknown,
      createdAtMs: row.created_at_ms,
    }));
  },
  placesBookedSince: async (tenantId, environment, sinceMs) => {
    const rows = await kysely
      .selectFrom('ledger_entries')
      .select(['kind', 'appointment_guid', 'detail_json'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('created_at_ms', '>=', sinceMs)
      .execute();
    const cancelled = new Set(
      rows.filter((row) => row.kind === 'cancelled').map((row) => row.appointment_guid),
    );
    return rows
      .filter((row) => row.kind === 'booked' && !cancelled.has(row.appointment_guid))
      .map((row) => JSON.parse(row.detail_json) as BookedDetail)
      .map(({ columnGuid, start }) => ({ columnGuid, start }));
  },
});
