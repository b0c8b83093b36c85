import type { Transaction } from 'kysely';
import { mergeObservation, sameRow, type Versioned } from '../../../domain/langfuse/merge-rows.js';
import type { ObservationRow } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';
import { observationColumns, observationOf } from './imported-columns.js';
import { keyOf } from './row-keys.js';
import type { RowsOwner } from './rows-owner.js';
import { chunks, upsert, withoutBody } from './upsert.js';

/** Writes new observations and newer versions of known ones; `changed` names their traces. */
export async function saveObservations(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  rows: readonly ObservationRow[],
  nowMs: number,
): Promise<{ readonly changed: Set<string>; readonly added: number; readonly written: number }> {
  const known = new Map<string, { readonly row: Versioned<ObservationRow>; readonly deleted: boolean }>();
  for (const some of chunks([...new Set(rows.map(({ traceId }) => traceId))])) {
    const found = await trx
      .selectFrom('imported_observations')
      .selectAll()
      .where('tenant_id', '=', owner.tenantId)
      .where('environment', '=', owner.environment)
      .where('trace_id', 'in', some)
      .execute();
    for (const row of found)
      known.set(keyOf(row.trace_id, row.observation_id), {
        row: observationOf(row),
        deleted: row.deleted_at_ms !== null,
      });
  }
  const next = new Map<string, Versioned<ObservationRow>>();
  for (const read of rows) {
    const row = withoutBody(read, owner.api);
    const key = keyOf(row.traceId, row.observationId);
    const before = next.get(key) ?? known.get(key)?.row;
    next.set(key, before === undefined ? row : mergeObservation(before, row));
  }
  const changed = new Set<string>();
  const writes: Schema['imported_observations'][] = [];
  let added = 0;
  for (const [key, row] of next) {
    const before = known.get(key);
    if (before && !before.deleted && sameRow(before.row, row)) continue;
    if (!before) added += 1;
    changed.add(row.traceId);
    writes.push({
      tenant_id: owner.tenantId,
      environment: owner.environment,
      config_id: owner.configId,
      ...observationColumns(row),
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
      deleted_at_ms: null,
    } as Schema['imported_observations']);
  }
  await upsert(trx, 'imported_observations', writes);
  return { changed, added, written: writes.length };
}
