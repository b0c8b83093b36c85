import { firstWindowMs, laneKinds, type Lane, type LaneKind } from '../../../domain/langfuse/lanes.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import { NotFound } from '../errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { laneOf, laneRow, putLane, type LaneReport } from './lane-rows.js';

/** What a person ordered: a range of the past, one trace, or one session. */
export type ImportOrder =
  | { readonly kind: 'backfill'; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: 'trace' | 'session'; readonly subject: string };

export interface ImportLanes {
  /** Ordering the same id again changes nothing. */
  order(tenantId: string, configId: string, importId: string, order: ImportOrder): Promise<LaneReport>;
  get(tenantId: string, importId: string): Promise<LaneReport | undefined>;
  /** All lanes of a configuration that no person ordered: `live`, `day`, `month`. */
  standing(tenantId: string, configId: string): Promise<readonly LaneReport[]>;
  /** What people ordered, newest first. */
  list(tenantId: string, configId: string | undefined, page: PageRequest): Promise<Page<LaneReport>>;
  /** How an order ended, or that it goes on. */
  settle(
    tenantId: string,
    configId: string,
    importId: string,
    end: { readonly state: Lane['state']; readonly outcome: string | null; readonly rows?: number },
  ): Promise<void>;
}

const ordered: readonly LaneKind[] = laneKinds.slice(3);

export function createImportLanes(database: Database, clock: Clock): ImportLanes {
  const { kysely } = database;
  return {
    order: (tenantId, configId, importId, order) =>
      database.transaction(async (trx) => {
        const nowMs = clock.nowMs();
        const range = order.kind === 'backfill' ? order : { fromMs: nowMs, toMs: nowMs };
        await trx
          .insertInto('import_lanes')
          .values({
            tenant_id: tenantId,
            config_id: configId,
            lane_id: importId,
            kind: order.kind,
            state: 'running',
            from_at_ms: range.fromMs,
            to_at_ms: range.toMs,
            // The newest of the past is wanted first.
            position_at_ms: range.toMs,
            reread_from_at_ms: null,
            window_ms: firstWindowMs,
            next_window: 1,
            windows_done: 0,
            row_count: 0,
            subject: order.kind === 'backfill' ? null : order.subject,
            outcome: null,
            created_at_ms: nowMs,
            started_at_ms: nowMs,
            ended_at_ms: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const row = await laneRow(trx, tenantId, configId, importId);
        if (!row) throw new NotFound('There is no such import.');
        return laneOf(row);
      }),

    get: async (tenantId, importId) => {
      const row = await kysely
        .selectFrom('import_lanes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('lane_id', '=', importId)
        .where('kind', 'in', ordered)
        .executeTakeFirst();
      return row && laneOf(row);
    },

    standing: async (tenantId, configId) => {
      const rows = await kysely
        .selectFrom('import_lanes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where('kind', 'not in', ordered)
        .orderBy('lane_id')
        .execute();
      return rows.map(laneOf);
    },

    list: async (tenantId, configId, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('import_lanes')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('kind', 'in', ordered);
      if (configId !== undefined) query = query.where('config_id', '=', configId);
      if (after) query = query.where(behind(after, 'created_at_ms', 'lane_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('lane_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(laneOf), page.limit, ({ createdAtMs, laneId }) => ({
        atMs: createdAtMs,
        id: laneId,
      }));
    },

    settle: (tenantId, configId, importId, { state, outcome, rows }) =>
      database.transaction(async (trx) => {
        const row = await laneRow(trx, tenantId, configId, importId);
        if (!row) return;
        const ended = state === 'running' ? null : clock.nowMs();
        await putLane(
          trx,
          tenantId,
          configId,
          { ...laneOf(row), state },
          { outcome, ended_at_ms: ended, ...(rows === undefined ? {} : { row_count: rows }) },
        );
      }),
  };
}
