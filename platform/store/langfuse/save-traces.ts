import type { Transaction } from 'kysely';
import { mergeTrace, sameRow, type Versioned } from '../../../domain/langfuse/merge-rows.js';
import type { ReadRows, TraceRow } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';
import { traceColumns, traceOf } from './imported-columns.js';
import type { RowsOwner } from './rows-owner.js';
import { chunks, upsert, withoutBody } from './upsert.js';

const unnamedTrace: Omit<TraceRow, 'traceId' | 'startedAtMs'> = {
  startSource: 'observations',
  name: null,
  sessionId: null,
  userId: null,
  tags: null,
  environment: null,
  release: null,
  version: null,
  serverCreatedAtMs: null,
  serverUpdatedAtMs: null,
};

/** What an observation says of its trace is never newer than what the trace's own list said. */
const mergeStub = (known: Versioned<TraceRow>, next: Versioned<TraceRow>): Versioned<TraceRow> =>
  known.api === next.api && next.startSource === 'observations' && known.startSource === 'trace'
    ? known
    : mergeTrace(known, next);

/** Writes new traces and newer versions of known ones; `changed` names them. */
export async function saveTraces(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  { traces, observations }: ReadRows,
  nowMs: number,
): Promise<{ readonly changed: Set<string>; readonly added: number }> {
  const wanted = new Map<string, Versioned<TraceRow>[]>();
  const want = (row: Versioned<TraceRow>): void => {
    const rows = wanted.get(row.traceId);
    if (rows) rows.push(row);
    else wanted.set(row.traceId, [row]);
  };
  for (const read of traces) want(withoutBody(read, owner.api));
  // An observation whose trace was never sent has a trace all the same (langfuse.md 3).
  for (const { traceId, startedAtMs } of observations)
    if (!wanted.has(traceId)) want({ ...unnamedTrace, traceId, startedAtMs, api: owner.api });
  const known = new Map<string, Schema['imported_traces']>();
  for (const some of chunks([...wanted.keys()])) {
    const found = await trx
      .selectFrom('imported_traces')
      .selectAll()
      .where('tenant_id', '=', owner.tenantId)
      .where('environment', '=', owner.environment)
      .where('trace_id', 'in', some)
      .execute();
    for (const row of found) known.set(row.trace_id, row);
  }
  const changed = new Set<string>();
  const writes: Schema['imported_traces'][] = [];
  let added = 0;
  for (const [traceId, rows] of wanted) {
    const before = known.get(traceId);
    const merged = [...(before ? [traceOf(before)] : []), ...rows].reduce(mergeStub);
    if (before && before.deleted_at_ms === null && sameRow(traceOf(before), merged)) continue;
    if (!before) added += 1;
    changed.add(traceId);
    writes.push({
      tenant_id: owner.tenantId,
      environment: owner.environment,
      config_id: owner.configId,
      ...traceColumns(merged),
      stale_body: before?.stale_body ?? 0,
      absent_walks: 0,
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
      deleted_at_ms: null,
    } as Schema['imported_traces']);
  }
  await upsert(trx, 'imported_traces', writes);
  return { changed, added };
}
