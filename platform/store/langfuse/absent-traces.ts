import type { Transaction } from 'kysely';
import type { Range } from '../../../domain/langfuse/lanes.js';
import type { ReadApi } from '../../../domain/langfuse/rows.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Schema } from '../../database/schema.js';
import { chunks } from './upsert.js';

interface ProvenWalk extends Range {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly configId: string;
  readonly windowId: string;
  readonly api: ReadApi;
}

/** Traces that are asked about after one window; the rest comes with its next walk. */
const mostAsked = 50;

/**
 * Notes which traces of a proven window its walk did not meet, and returns those that are missing for the second time. Traces that only
 * the other API has ever shown are left alone: to this one they were never there (langfuse.md 10, "Deletes").
 */
export async function noteAbsent(trx: Transaction<Schema>, walk: ProvenWalk): Promise<readonly string[]> {
  const { tenantId, environment, configId, windowId, api, fromMs, toMs } = walk;
  let query = trx
    .selectFrom('imported_traces as trace')
    .leftJoin('import_seen as seen', (join) =>
      join
        .onRef('seen.tenant_id', '=', 'trace.tenant_id')
        .onRef('seen.trace_id', '=', 'trace.trace_id')
        .on('seen.config_id', '=', configId)
        .on('seen.window_id', '=', windowId)
        .on('seen.observation_id', '=', ''),
    )
    .select(['trace.trace_id', 'trace.absent_walks'])
    .where('trace.tenant_id', '=', tenantId)
    .where('trace.config_id', '=', configId)
    .where('trace.environment', '=', environment)
    .where('trace.started_at_ms', '>=', fromMs)
    .where('trace.started_at_ms', '<', toMs)
    .where('trace.deleted_at_ms', 'is', null)
    .where('trace.source_api', '=', api)
    .where('seen.trace_id', 'is', null);
  // v1 does not list a trace of which only observations were sent.
  if (api === 'v1') query = query.where('trace.start_source', '=', 'trace');
  const absent = await query.execute();
  await trx
    .updateTable('imported_traces')
    .set({ absent_walks: 0 })
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('started_at_ms', '>=', fromMs)
    .where('started_at_ms', '<', toMs)
    .where('absent_walks', '>', 0)
    .where('trace_id', 'in', (from) =>
      from
        .selectFrom('import_seen')
        .select('trace_id')
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where('window_id', '=', windowId)
        .where('observation_id', '=', ''),
    )
    .execute();
  for (const some of chunks(absent.map((row) => row.trace_id))) {
    await trx
      .updateTable('imported_traces')
      .set((set) => ({ absent_walks: set.eb('absent_walks', '+', 1) }))
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('trace_id', 'in', some)
      .execute();
  }
  return absent
    .filter((row) => row.absent_walks >= 1)
    .slice(0, mostAsked)
    .map((row) => row.trace_id);
}
