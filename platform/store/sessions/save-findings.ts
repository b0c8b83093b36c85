import type { Transaction } from 'kysely';
import type { TraceFacts } from '../../../domain/statistics/trace-facts.js';
import type { Schema } from '../../database/schema.js';
import { chunks } from '../langfuse/upsert.js';

/** What the price table says of traces now replaces what it said before; null = the trace is gone. */
export async function saveFindings(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: string,
  judged: ReadonlyMap<string, TraceFacts | null>,
): Promise<void> {
  const rows: Schema['price_findings'][] = [];
  for (const [traceId, facts] of judged)
    for (const { observationId, kind, model, costPicoUsd, ourCostPicoUsd } of facts?.findings ?? [])
      rows.push({
        tenant_id: tenantId,
        environment,
        trace_id: traceId,
        observation_id: observationId,
        kind,
        model,
        cost_pico_usd: costPicoUsd?.toString() ?? null,
        our_cost_pico_usd: ourCostPicoUsd?.toString() ?? null,
        started_at_ms: facts?.startedAtMs ?? 0,
      });
  for (const some of chunks([...judged.keys()]))
    await trx
      .deleteFrom('price_findings')
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', some)
      .execute();
  for (const some of chunks(rows)) await trx.insertInto('price_findings').values(some).execute();
}
