import { createHash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { ReadRows } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';
import { keyOf } from './row-keys.js';
import type { RowsOwner } from './rows-owner.js';
import { chunks, upsert } from './upsert.js';

/** Marks what the walk has seen; a row that it had seen before is a copy. */
export async function noteSeen(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  { traces, observations }: ReadRows,
): Promise<{ readonly traces: number; readonly observations: number }> {
  const { windowId } = owner;
  if (windowId === null) return { traces: 0, observations: 0 };
  const note = async (ids: readonly { traceId: string; observationId: string }[]): Promise<number> => {
    const distinct = new Map(ids.map((id) => [keyOf(id.traceId, id.observationId), id]));
    const rows = [...distinct.values()].map(({ traceId, observationId }) => ({
      tenant_id: owner.tenantId,
      config_id: owner.configId,
      window_id: windowId,
      trace_id: traceId,
      observation_id: observationId,
    }));
    return ids.length - (await upsert(trx, 'import_seen', rows));
  };
  return {
    traces: await note(traces.map(({ traceId }) => ({ traceId, observationId: '' }))),
    observations: await note(observations),
  };
}

/** Keeps what could not be read, once, and tells how many of this answer were known to this walk already. */
export async function saveUnreadable(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  { unreadable }: ReadRows,
  nowMs: number,
): Promise<Record<'fresh' | 'copies', Record<'trace' | 'observation', number>>> {
  const counts = { fresh: { trace: 0, observation: 0 }, copies: { trace: 0, observation: 0 } };
  for (const { kind, reason, raw } of unreadable) {
    const hash = createHash('sha256').update(`${owner.configId}\n${kind}\n${raw}`).digest('hex');
    const before = await trx
      .selectFrom('import_quarantine')
      .select('window_id')
      .where('tenant_id', '=', owner.tenantId)
      .where('quarantine_id', '=', hash)
      .executeTakeFirst();
    const again = before !== undefined && owner.windowId !== null && before.window_id === owner.windowId;
    counts[again ? 'copies' : 'fresh'][kind] += 1;
    const change = { reason, window_id: owner.windowId, last_seen_at_ms: nowMs };
    await trx
      .insertInto('import_quarantine')
      .values({
        tenant_id: owner.tenantId,
        quarantine_id: hash,
        config_id: owner.configId,
        api: owner.api,
        kind,
        raw,
        first_seen_at_ms: nowMs,
        ...change,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'quarantine_id']).doUpdateSet(change))
      .execute();
  }
  return counts;
}

export async function markStale(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  traceIds: ReadonlySet<string>,
): Promise<void> {
  for (const some of chunks([...traceIds])) {
    await trx
      .updateTable('imported_traces')
      .set({ stale_body: 1 })
      .where('tenant_id', '=', owner.tenantId)
      .where('environment', '=', owner.environment)
      .where('trace_id', 'in', some)
      .execute();
  }
}

/** Tells whoever builds on traces which ones to look at again. */
export async function queueChanges(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  traceIds: ReadonlySet<string>,
  nowMs: number,
): Promise<void> {
  const { tenantId: tenant_id, environment } = owner;
  const rows = [...traceIds].map((trace_id) => ({ tenant_id, environment, trace_id, changed_at_ms: nowMs }));
  await upsert(trx, 'changed_traces', rows);
}
