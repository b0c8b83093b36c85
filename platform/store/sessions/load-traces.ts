import type { Transaction } from 'kysely';
import { ownEnvironments } from '../../../domain/own-traces/own-environment.js';
import { asksForMetadata } from '../../../domain/pricing/langfuse-prices.js';
import { decisiveTools } from '../../../domain/statistics/outcome-evidence.js';
import type { StatisticObservation, StatisticTrace } from '../../../domain/statistics/trace-facts.js';
import type { Schema } from '../../database/schema.js';
import { modelsAt, priceListsOf } from '../langfuse/model-prices.js';
import { keyOf } from '../langfuse/row-keys.js';

const object = (json: string | null): Readonly<Record<string, unknown>> =>
  json === null ? {} : (JSON.parse(json) as Readonly<Record<string, unknown>>);

/**
 * Traces with their observations, as statistics need them. Deleted and unknown ones are absent, and so are those that we wrote ourselves
 * about our own conversations: they are not the work of the tenant's agents.
 */
export async function loadTraces(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: string,
  traceIds: readonly string[],
): Promise<readonly StatisticTrace[]> {
  if (traceIds.length === 0) return [];
  const traces = await trx
    .selectFrom('imported_traces')
    .select(['trace_id', 'started_at_ms', 'name', 'release', 'session_id', 'user_id', 'tags_json'])
    .select('trace_environment')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('trace_id', 'in', traceIds)
    .where('deleted_at_ms', 'is', null)
    .where((where) =>
      where.or([
        where('trace_environment', 'is', null),
        where('trace_environment', 'not in', ownEnvironments),
      ]),
    )
    .execute();
  // In one order always: the same rows must give the same text of facts.
  const rows = await trx
    .selectFrom('imported_observations')
    .select(['trace_id', 'observation_id', 'config_id', 'type', 'name', 'level', 'status_message'])
    .select(['started_at_ms', 'ended_at_ms', 'completion_started_at_ms', 'model', 'model_parameters_json'])
    .select(['usage_json', 'input_tokens', 'output_tokens', 'total_tokens', 'cost_pico_usd', 'synthetic'])
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('trace_id', 'in', traceIds)
    .where('deleted_at_ms', 'is', null)
    .orderBy('started_at_ms')
    .orderBy('observation_id')
    .execute();
  const settling = rows.filter(({ type, name }) => type === 'TOOL' && decisiveTools.includes(name ?? ''));
  const outputs = new Map<string, string | null>();
  if (settling.length > 0) {
    const bodies = await trx
      .selectFrom('imported_bodies')
      .select(['trace_id', 'observation_id', 'output'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', [...new Set(settling.map((row) => row.trace_id))])
      .execute();
    const wanted = new Set(settling.map((row) => keyOf(row.trace_id, row.observation_id)));
    for (const body of bodies) {
      const key = keyOf(body.trace_id, body.observation_id);
      if (wanted.has(key)) outputs.set(key, body.output);
    }
  }
  const configIds = [...new Set(rows.map((row) => row.config_id))];
  const lists = await priceListsOf(trx, tenantId, configIds);
  const metadata = new Map<string, string | null>();
  const asking = rows.filter(
    (row) => row.model !== null && asksForMetadata(modelsAt(lists, row.config_id, row.started_at_ms)),
  );
  if (asking.length > 0) {
    const bodies = await trx
      .selectFrom('imported_bodies')
      .select(['trace_id', 'observation_id', 'metadata'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', [...new Set(asking.map((row) => row.trace_id))])
      .execute();
    for (const body of bodies) metadata.set(keyOf(body.trace_id, body.observation_id), body.metadata);
  }
  const observations = new Map<string, StatisticObservation[]>();
  for (const row of rows) {
    const of = observations.get(row.trace_id) ?? [];
    observations.set(row.trace_id, of);
    of.push({
      observationId: row.observation_id,
      type: row.type,
      name: row.name,
      level: row.level,
      statusMessage: row.status_message,
      startedAtMs: row.started_at_ms,
      endedAtMs: row.ended_at_ms,
      completionStartedAtMs: row.completion_started_at_ms,
      model: row.model,
      modelParameters: object(row.model_parameters_json),
      usage: object(row.usage_json),
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      totalTokens: row.total_tokens,
      costPicoUsd: row.cost_pico_usd,
      synthetic: row.synthetic === 1,
      metadata: object(metadata.get(keyOf(row.trace_id, row.observation_id)) ?? null),
      projectModels: modelsAt(lists, row.config_id, row.started_at_ms),
      output: outputs.get(keyOf(row.trace_id, row.observation_id)) ?? null,
    });
  }
  return traces.map((row) => ({
    traceId: row.trace_id,
    startedAtMs: row.started_at_ms,
    name: row.name,
    release: row.release,
    tags: row.tags_json === null ? [] : (JSON.parse(row.tags_json) as string[]),
    sessionId: row.session_id,
    userId: row.user_id,
    environment: row.trace_environment,
    observations: observations.get(row.trace_id) ?? [],
  }));
}
