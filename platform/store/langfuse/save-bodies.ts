import type { Transaction } from 'kysely';
import type { Body, ReadRows } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';
import { keyOf } from './row-keys.js';
import type { RowsOwner } from './rows-owner.js';
import { chunks, upsert } from './upsert.js';

/** Writes what was said where it is new, and returns the traces concerned. A body that was not asked for overwrites none. */
export async function saveBodies(
  trx: Transaction<Schema>,
  owner: RowsOwner,
  { traces, observations }: ReadRows,
  nowMs: number,
): Promise<Set<string>> {
  const next = new Map<string, { traceId: string; observationId: string; body: Body }>();
  const want = (traceId: string, observationId: string, body: Body | null): void => {
    if (body === null || (body.input === null && body.output === null && body.metadata === null)) return;
    next.set(keyOf(traceId, observationId), { traceId, observationId, body });
  };
  for (const { traceId, observationId, body } of observations) want(traceId, observationId, body);
  for (const { traceId, body } of traces) want(traceId, '', body);
  const known = new Map<string, Body>();
  for (const some of chunks([...new Set([...next.values()].map(({ traceId }) => traceId))])) {
    const found = await trx
      .selectFrom('imported_bodies')
      .select(['trace_id', 'observation_id', 'input', 'output', 'metadata'])
      .where('tenant_id', '=', owner.tenantId)
      .where('environment', '=', owner.environment)
      .where('trace_id', 'in', some)
      .execute();
    for (const { trace_id, observation_id, ...body } of found)
      known.set(keyOf(trace_id, observation_id), body);
  }
  const changed = new Set<string>();
  const writes: Schema['imported_bodies'][] = [];
  for (const [key, { traceId, observationId, body }] of next) {
    const before = known.get(key);
    const input = body.input ?? before?.input ?? null;
    const output = body.output ?? before?.output ?? null;
    const metadata = body.metadata ?? before?.metadata ?? null;
    if (before && before.input === input && before.output === output && before.metadata === metadata)
      continue;
    changed.add(traceId);
    writes.push({
      tenant_id: owner.tenantId,
      environment: owner.environment,
      trace_id: traceId,
      observation_id: observationId,
      input,
      output,
      metadata,
      updated_at_ms: nowMs,
    });
  }
  await upsert(trx, 'imported_bodies', writes);
  return changed;
}
