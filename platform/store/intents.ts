import type { Selectable } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';

type IntentKind = 'createPatient' | 'setAppointment' | 'cancelAppointment';
type IntentStatus = 'recorded' | 'sent' | 'done' | 'absent' | 'refused' | 'unknown';

export interface IntentRow {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly intentId: string;
  readonly kind: IntentKind;
  readonly payload: unknown;
  readonly payloadHash: string;
  readonly status: IntentStatus;
  readonly attempts: number;
  readonly snapshot: unknown;
  readonly result: unknown;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Writes to the practice system that are meant, sent or settled: what makes "at most one appointment an intent" true (DESIGN rule 4). */
export interface Intents {
  /** Idempotent. Throws Conflict when the id is known with another payload. */
  record(
    intent: Pick<
      IntentRow,
      'tenantId' | 'environment' | 'conversationId' | 'intentId' | 'kind' | 'payload' | 'payloadHash'
    >,
  ): Promise<IntentRow>;
  /** What existed before the write, to tell the new record from old ones. The first snapshot stays. */
  snapshot(tenantId: string, intentId: string, snapshot: unknown): Promise<void>;
  /** Atomic: `fresh` exactly once per attempt number, and only for the number after the last. */
  claim(tenantId: string, intentId: string, attempt: number): Promise<'fresh' | 'claimed'>;
  /** Returns the row as it stands: `done` is final, so that a try that was thought dead cannot unsay it. Throws NotFound. */
  settle(
    tenantId: string,
    intentId: string,
    status: Exclude<IntentStatus, 'recorded' | 'sent'>,
    result: unknown,
  ): Promise<IntentRow>;
  get(tenantId: string, intentId: string): Promise<IntentRow | undefined>;
}

export function createIntents({ kysely }: Database, clock: Clock): Intents {
  const get = async (tenantId: string, intentId: string): Promise<IntentRow | undefined> => {
    const row = await kysely
      .selectFrom('intents')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('intent_id', '=', intentId)
      .executeTakeFirst();
    return row && fromRow(row);
  };
  const known = async (tenantId: string, intentId: string): Promise<IntentRow> => {
    const row = await get(tenantId, intentId);
    if (!row) throw new NotFound('There is no such intent.');
    return row;
  };
  return {
    get,
    record: async (intent) => {
      const now = clock.nowMs();
      await kysely
        .insertInto('intents')
        .values({
          tenant_id: intent.tenantId,
          intent_id: intent.intentId,
          environment: intent.environment,
          conversation_id: intent.conversationId,
          kind: intent.kind,
          payload_json: JSON.stringify(intent.payload),
          payload_hash: intent.payloadHash,
          status: 'recorded',
          attempts: 0,
          snapshot_json: null,
          result_json: null,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'intent_id']).doNothing())
        .execute();
      const row = await known(intent.tenantId, intent.intentId);
      if (row.payloadHash !== intent.payloadHash)
        throw new Conflict('This intent id stands for another write.');
      return row;
    },
    snapshot: async (tenantId, intentId, snapshot) => {
      await kysely
        .updateTable('intents')
        .set({ snapshot_json: JSON.stringify(snapshot), updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('intent_id', '=', intentId)
        .where('snapshot_json', 'is', null)
        .execute();
    },
    claim: async (tenantId, intentId, attempt) => {
      const claimed = await kysely
        .updateTable('intents')
        .set({ attempts: attempt, status: 'sent', updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('intent_id', '=', intentId)
        .where('attempts', '=', attempt - 1)
        .where('status', '!=', 'done')
        .executeTakeFirst();
      return claimed.numUpdatedRows > 0n ? 'fresh' : 'claimed';
    },
    settle: async (tenantId, intentId, status, result) => {
      await kysely
        .updateTable('intents')
        .set({ status, result_json: JSON.stringify(result), updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('intent_id', '=', intentId)
        .where('status', '!=', 'done')
        .execute();
      return known(tenantId, intentId);
    },
  };
}

const fromRow = (row: Selectable<Schema['intents']>): IntentRow => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  conversationId: row.conversation_id,
  intentId: row.intent_id,
  kind: row.kind as IntentKind,
  payload: JSON.parse(row.payload_json) as unknown,
  payloadHash: row.payload_hash,
  status: row.status as IntentStatus,
  attempts: row.attempts,
  snapshot: row.snapshot_json === null ? null : (JSON.parse(row.snapshot_json) as unknown),
  result: row.result_json === null ? null : (JSON.parse(row.result_json) as unknown),
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
