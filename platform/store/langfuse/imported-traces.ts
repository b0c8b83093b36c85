import type { Range } from '../../../domain/langfuse/lanes.js';
import type { ReadApi, ReadRows } from '../../../domain/langfuse/rows.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { saveRows, type SavedCounts } from './save-rows.js';

export interface QuarantinedRow {
  readonly quarantineId: string;
  readonly configId: string;
  readonly api: ReadApi;
  readonly kind: 'trace' | 'observation';
  readonly reason: string;
  /** As it came. */
  readonly raw: string;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
}

interface Owner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly configId: string;
}

export interface ImportedTraces {
  /** Rows that belong to no window: a trace that somebody asked for, or one whose bodies were missing. */
  save(owner: Owner & { readonly api: ReadApi }, rows: ReadRows): Promise<SavedCounts>;
  /** Traces of a range that changed since their bodies were read. */
  staleBodies(owner: Owner, range: Range, limit: number): Promise<readonly string[]>;
  bodiesRead(owner: Owner, traceId: string): Promise<void>;
  /** The server says that it does not have the trace any more. The rows stay, marked. */
  markDeleted(owner: Owner, traceId: string): Promise<void>;
  /** It is still there: counting begins anew. */
  markPresent(owner: Owner, traceId: string): Promise<void>;
  quarantine(
    tenantId: string,
    configId: string | undefined,
    page: PageRequest,
  ): Promise<Page<QuarantinedRow>>;
  /** Rows in the store, without invented and deleted ones. */
  count(owner: Pick<Owner, 'tenantId' | 'configId'>): Promise<{
    readonly traces: number;
    readonly observations: number;
    readonly quarantined: number;
  }>;
}

export function createImportedTraces(database: Database, clock: Clock): ImportedTraces {
  const { kysely } = database;
  const traceIs = ({ tenantId, environment }: Owner, trace_id: string) => ({
    tenant_id: tenantId,
    environment,
    trace_id,
  });
  return {
    save: ({ tenantId, environment, configId, api }, rows) =>
      database.transaction((trx) =>
        saveRows(trx, { tenantId, environment, configId, api, windowId: null }, rows, true, clock.nowMs()),
      ),

    staleBodies: async ({ tenantId, configId }, { fromMs, toMs }, limit) => {
      const rows = await kysely
        .selectFrom('imported_traces')
        .select('trace_id')
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where('started_at_ms', '>=', fromMs)
        .where('started_at_ms', '<', toMs)
        .where('stale_body', '=', 1)
        .limit(limit)
        .execute();
      return rows.map((row) => row.trace_id);
    },

    bodiesRead: async (owner, traceId) => {
      await kysely
        .updateTable('imported_traces')
        .set({ stale_body: 0 })
        .where((where) => where.and(traceIs(owner, traceId)))
        .execute();
    },

    markDeleted: (owner, traceId) =>
      database.transaction(async (trx) => {
        const deleted_at_ms = clock.nowMs();
        for (const table of ['imported_traces', 'imported_observations'] as const) {
          await trx
            .updateTable(table)
            .set({ deleted_at_ms })
            .where('tenant_id', '=', owner.tenantId)
            .where('environment', '=', owner.environment)
            .where('trace_id', '=', traceId)
            .execute();
        }
        await trx
          .insertInto('changed_traces')
          .values({ ...traceIs(owner, traceId), changed_at_ms: deleted_at_ms })
          .onConflict((conflict) =>
            conflict
              .columns(['tenant_id', 'environment', 'trace_id'])
              .doUpdateSet({ changed_at_ms: deleted_at_ms }),
          )
          .execute();
      }),

    markPresent: async (owner, traceId) => {
      await kysely
        .updateTable('imported_traces')
        .set({ absent_walks: 0 })
        .where((where) => where.and(traceIs(owner, traceId)))
        .execute();
    },

    quarantine: async (tenantId, configId, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely.selectFrom('import_quarantine').selectAll().where('tenant_id', '=', tenantId);
      if (configId !== undefined) query = query.where('config_id', '=', configId);
      if (after) query = query.where(behind(after, 'first_seen_at_ms', 'quarantine_id'));
      const rows = await query
        .orderBy('first_seen_at_ms', 'desc')
        .orderBy('quarantine_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      const quarantined = rows.map((row): QuarantinedRow => ({
        quarantineId: row.quarantine_id,
        configId: row.config_id,
        api: row.api as ReadApi,
        kind: row.kind as QuarantinedRow['kind'],
        reason: row.reason,
        raw: row.raw,
        firstSeenAtMs: row.first_seen_at_ms,
        lastSeenAtMs: row.last_seen_at_ms,
      }));
      return pageOf(quarantined, page.limit, ({ firstSeenAtMs, quarantineId }) => ({
        atMs: firstSeenAtMs,
        id: quarantineId,
      }));
    },

    count: async ({ tenantId, configId }) => {
      const of = async (table: 'imported_traces' | 'imported_observations' | 'import_quarantine') => {
        let query = kysely
          .selectFrom(table)
          .where('tenant_id', '=', tenantId)
          .where('config_id', '=', configId)
          .select(({ fn }) => fn.countAll<number>().as('count'));
        if (table !== 'import_quarantine') query = query.where('deleted_at_ms', 'is', null);
        if (table === 'imported_observations') query = query.where('synthetic', '=', 0);
        return (await query.executeTakeFirstOrThrow()).count;
      };
      return {
        traces: await of('imported_traces'),
        observations: await of('imported_observations'),
        quarantined: await of('import_quarantine'),
      };
    },
  };
}
