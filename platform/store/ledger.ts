import type { Environment } from '../../domain/tenant.js';
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
});
