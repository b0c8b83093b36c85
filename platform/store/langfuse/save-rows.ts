import type { Transaction } from 'kysely';
import { noCounts, type WalkCounts } from '../../../domain/langfuse/proof.js';
import type { ReadRows } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';
import type { RowsOwner } from './rows-owner.js';
import { saveBodies } from './save-bodies.js';
import { saveObservations } from './save-observations.js';
import { saveTraces } from './save-traces.js';
import { markStale, noteSeen, queueChanges, saveUnreadable } from './walk-marks.js';

export interface SavedCounts {
  readonly traces: WalkCounts;
  readonly observations: WalkCounts;
  /** Σ cost of all observations as they came, copies included. */
  readonly costPicoUsd: bigint;
}

/**
 * Puts what one answer gave into the store: new rows, newer versions, bodies, what could not be read. Writes only what changed, so that
 * reading the same again costs a look. `withBodies` false = bodies were not asked for: changed traces are marked for a later look.
 */
export async function saveRows(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  rows: ReadRows,
  withBodies: boolean,
  nowMs: number,
): Promise<SavedCounts> {
  const changed = new Set<string>();
  const stale = new Set<string>();
  const observations = await saveObservations(trx, owner, rows.observations, nowMs);
  for (const id of observations.changed) changed.add(id);
  if (!withBodies) for (const id of observations.changed) stale.add(id);
  const traces = await saveTraces(trx, owner, rows, nowMs);
  for (const id of traces.changed) changed.add(id);
  if (!withBodies) for (const id of traces.changed) stale.add(id);
  for (const id of await saveBodies(trx, owner, rows, nowMs)) changed.add(id);
  const unreadable = await saveUnreadable(trx, owner, rows, nowMs);
  await markStale(trx, owner, stale);
  await queueChanges(trx, owner, changed, nowMs);

  const copies = await noteSeen(trx, owner, rows);
  let costPicoUsd = 0n;
  for (const row of rows.observations) costPicoUsd += BigInt(row.costPicoUsd ?? 0);
  const count = (kind: 'trace' | 'observation'): number =>
    rows.unreadable.filter((row) => row.kind === kind).length;
  const listed = owner.api === 'v1' ? rows.traces.length : 0;
  return {
    traces: {
      ...noCounts,
      received: listed + count('trace'),
      copies: (owner.api === 'v1' ? copies.traces : 0) + unreadable.copies.trace,
      unreadable: unreadable.fresh.trace,
      added: traces.added,
      changed: traces.changed.size - traces.added,
    },
    observations: {
      received: rows.observations.length + count('observation'),
      copies: copies.observations + unreadable.copies.observation,
      unreadable: unreadable.fresh.observation,
      synthetic: rows.observations.filter((row) => row.synthetic).length,
      added: observations.added,
      changed: observations.written - observations.added,
    },
    costPicoUsd,
  };
}
