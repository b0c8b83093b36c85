import type { Transaction } from 'kysely';
import {
  afterWindow,
  beginSweep,
  narrowed,
  nextWindow,
  type Lane,
  type LaneKind,
  type Range,
} from '../../../domain/langfuse/lanes.js';
import { addCounts, noCounts, type Verdict, type WalkCounts } from '../../../domain/langfuse/proof.js';
import type { ReadApi, ReadRows } from '../../../domain/langfuse/rows.js';
import { beginWalk, type Walk } from '../../../domain/langfuse/walk.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { Conflict, NotFound } from '../errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { noteAbsent } from './absent-traces.js';
import { laneOf, laneRow, putLane } from './lane-rows.js';
import { saveRows } from './save-rows.js';

export interface WindowCounts {
  readonly traces: WalkCounts;
  readonly observations: WalkCounts;
  /** Pico-USD as decimal text. */
  readonly costPicoUsd: string;
}

/** A range that is being walked, or was. */
export interface ImportWindow extends Range {
  readonly configId: string;
  readonly windowId: string;
  readonly laneId: string;
  readonly kind: LaneKind;
  readonly api: ReadApi;
  readonly state: 'walking' | 'sealed' | 'abandoned';
  /** 2 = it is read again because the first proof failed. */
  readonly attempt: number;
  readonly walk: Walk;
  readonly counts: WindowCounts;
  readonly verdict: Verdict | null;
  /** What was compared, as stored at the seal. */
  readonly proof: unknown;
  readonly openedAtMs: number;
  readonly sealedAtMs: number | null;
}

export interface ImportWindows {
  /**
   * The window to walk now: one that was begun, else a new one; null when nothing is due. `laneId` null = the standing lanes of the
   * configuration, the present before the sweeps. A window that was begun with another API is abandoned.
   */
  open(request: {
    readonly tenantId: string;
    readonly configId: string;
    readonly laneId: string | null;
    readonly api: ReadApi;
    readonly settleMs: number;
    readonly overlapMs: number;
    readonly firstOfRun: boolean;
  }): Promise<ImportWindow | null>;
  get(tenantId: string, configId: string, windowId: string): Promise<ImportWindow>;
  /**
   * Rows of one page and the place after it, in one transaction. Throws Conflict when `walk` is not the page after the stored one: somebody
   * else walks the window.
   */
  savePage(page: {
    readonly tenantId: string;
    readonly environment: Environment;
    readonly window: ImportWindow;
    readonly rows: ReadRows;
    readonly walk: Walk;
    readonly withBodies: boolean;
  }): Promise<ImportWindow>;
  /** Makes a window that is too large smaller, if it can be, and begins it anew. */
  narrow(tenantId: string, window: ImportWindow, fraction: number): Promise<ImportWindow>;
  /** Begins the walk anew; `again` counts it as another attempt. What was stored stays. */
  restart(tenantId: string, window: ImportWindow, again: boolean): Promise<ImportWindow>;
  /** Distinct rows of the walk that are in the store. */
  stored(
    tenantId: string,
    environment: Environment,
    window: ImportWindow,
  ): Promise<{ readonly traces: number; readonly observations: number }>;
  /**
   * Ends the window with its proof and moves the lane, in one transaction. The same again changes nothing. Returns traces that a proven
   * window has missed for the second time.
   */
  seal(
    tenantId: string,
    environment: Environment,
    window: ImportWindow,
    end: { readonly verdict: Verdict; readonly proof: unknown },
  ): Promise<{ readonly absent: readonly string[] }>;
  list(
    tenantId: string,
    configId: string,
    filter: { readonly verdict?: Verdict | undefined },
    page: PageRequest,
  ): Promise<Page<ImportWindow>>;
}

const nothing: WindowCounts = { traces: noCounts, observations: noCounts, costPicoUsd: '0' };
/** The standing lanes in the order of their urgency. */
const standing = ['live', 'day', 'month'] as const;

export function createImportWindows(database: Database, clock: Clock): ImportWindows {
  const { kysely } = database;
  const find = (
    trx: Transaction<Schema> | typeof kysely,
    tenantId: string,
    configId: string,
    windowId: string,
  ) =>
    trx
      .selectFrom('import_windows')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .where('window_id', '=', windowId)
      .executeTakeFirst();
  const change = async (
    trx: Transaction<Schema>,
    tenantId: string,
    { configId, windowId }: ImportWindow,
    columns: Partial<Schema['import_windows']>,
  ): Promise<ImportWindow> => {
    await trx
      .updateTable('import_windows')
      .set(columns)
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .where('window_id', '=', windowId)
      .execute();
    const row = await find(trx, tenantId, configId, windowId);
    if (!row) throw new NotFound('There is no such window.');
    return windowOf(row);
  };
  const forget = async (
    trx: Transaction<Schema>,
    tenantId: string,
    { configId, windowId }: ImportWindow,
  ): Promise<void> => {
    await trx
      .deleteFrom('import_seen')
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .where('window_id', '=', windowId)
      .execute();
    await trx
      .updateTable('import_quarantine')
      .set({ window_id: null })
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .where('window_id', '=', windowId)
      .execute();
  };
  const current = async (trx: Transaction<Schema>, tenantId: string, window: ImportWindow) => {
    const row = await find(trx, tenantId, window.configId, window.windowId);
    if (row?.state !== 'walking') throw new Conflict('The window is not being walked any more.');
    return windowOf(row);
  };

  return {
    open: ({ tenantId, configId, laneId, api, firstOfRun, ...settings }) =>
      database.transaction(async (trx) => {
        const nowMs = clock.nowMs();
        const liveRow = await laneRow(trx, tenantId, configId, 'live');
        if (!liveRow) throw new NotFound('There is no such Langfuse configuration.');
        const live = laneOf(liveRow);
        for (const id of laneId === null ? standing : [laneId]) {
          const row = await laneRow(trx, tenantId, configId, id);
          if (!row) continue;
          const begun = await trx
            .selectFrom('import_windows')
            .selectAll()
            .where('tenant_id', '=', tenantId)
            .where('config_id', '=', configId)
            .where('lane_id', '=', id)
            .where('state', '=', 'walking')
            .executeTakeFirst();
          if (begun) {
            const window = windowOf(begun);
            if (window.api === api) return window;
            await forget(trx, tenantId, window);
            await change(trx, tenantId, window, { state: 'abandoned' });
          }
          let lane: Lane = laneOf(row);
          lane = beginSweep(lane, live, nowMs) ?? lane;
          if (lane.state !== 'running') continue;
          const range = nextWindow(lane, { ...settings, nowMs, firstOfRun });
          if (range === null) continue;
          const windowId = `${id}.${row.next_window}`;
          const before = await find(trx, tenantId, configId, `${id}.${row.next_window - 1}`);
          const walk = beginWalk(api, range, 1, before ? windowOf(before).walk : null);
          const opened: Schema['import_windows'] = {
            tenant_id: tenantId,
            config_id: configId,
            window_id: windowId,
            lane_id: id,
            kind: lane.kind,
            from_at_ms: range.fromMs,
            to_at_ms: range.toMs,
            api,
            state: 'walking',
            attempt: 1,
            walk_json: JSON.stringify(walk),
            counts_json: JSON.stringify(nothing),
            verdict: null,
            proof_json: null,
            opened_at_ms: nowMs,
            sealed_at_ms: null,
          };
          await trx.insertInto('import_windows').values(opened).execute();
          await putLane(trx, tenantId, configId, lane, { next_window: row.next_window + 1 });
          return windowOf(opened);
        }
        return null;
      }),

    get: async (tenantId, configId, windowId) => {
      const row = await find(kysely, tenantId, configId, windowId);
      if (!row) throw new NotFound('There is no such window.');
      return windowOf(row);
    },

    savePage: ({ tenantId, environment, window, rows, walk, withBodies }) =>
      database.transaction(async (trx) => {
        const before = await current(trx, tenantId, window);
        if (before.attempt !== window.attempt || walk.pages !== before.walk.pages + 1)
          throw new Conflict('Somebody else walks this window.');
        const { configId, windowId, api } = window;
        const owner = { tenantId, environment, configId, windowId, api };
        const saved = await saveRows(trx, owner, rows, withBodies, clock.nowMs());
        const counts: WindowCounts = {
          traces: addCounts(before.counts.traces, saved.traces),
          observations: addCounts(before.counts.observations, saved.observations),
          costPicoUsd: String(BigInt(before.counts.costPicoUsd) + saved.costPicoUsd),
        };
        return change(trx, tenantId, window, {
          walk_json: JSON.stringify(walk),
          counts_json: JSON.stringify(counts),
        });
      }),

    narrow: (tenantId, window, fraction) =>
      database.transaction(async (trx) => {
        await current(trx, tenantId, window);
        const range = narrowed(window.kind, window, fraction) ?? window;
        await forget(trx, tenantId, window);
        return change(trx, tenantId, window, {
          from_at_ms: range.fromMs,
          to_at_ms: range.toMs,
          walk_json: JSON.stringify(beginWalk(window.api, range, window.attempt)),
          counts_json: JSON.stringify(nothing),
        });
      }),

    restart: (tenantId, window, again) =>
      database.transaction(async (trx) => {
        await current(trx, tenantId, window);
        await forget(trx, tenantId, window);
        const attempt = window.attempt + (again ? 1 : 0);
        return change(trx, tenantId, window, {
          attempt,
          walk_json: JSON.stringify(beginWalk(window.api, window, attempt)),
          counts_json: JSON.stringify(nothing),
        });
      }),

    stored: async (tenantId, environment, { configId, windowId }) => {
      const of = { tenant_id: tenantId, config_id: configId, window_id: windowId };
      const traces = await kysely
        .selectFrom('import_seen as seen')
        .innerJoin('imported_traces as row', (join) =>
          join
            .onRef('row.tenant_id', '=', 'seen.tenant_id')
            .onRef('row.trace_id', '=', 'seen.trace_id')
            .on('row.environment', '=', environment),
        )
        .where((where) => where.and(prefixed(of)))
        .where('seen.observation_id', '=', '')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      const observations = await kysely
        .selectFrom('import_seen as seen')
        .innerJoin('imported_observations as row', (join) =>
          join
            .onRef('row.tenant_id', '=', 'seen.tenant_id')
            .onRef('row.trace_id', '=', 'seen.trace_id')
            .onRef('row.observation_id', '=', 'seen.observation_id')
            .on('row.environment', '=', environment),
        )
        .where((where) => where.and(prefixed(of)))
        .where('seen.observation_id', '!=', '')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return { traces: traces.count, observations: observations.count };
    },

    seal: (tenantId, environment, window, { verdict, proof }) =>
      database.transaction(async (trx) => {
        const nowMs = clock.nowMs();
        const { configId, laneId } = window;
        const row = await find(trx, tenantId, configId, window.windowId);
        if (row?.state !== 'walking') return { absent: [] };
        await change(trx, tenantId, window, {
          state: 'sealed',
          verdict,
          proof_json: JSON.stringify(proof),
          sealed_at_ms: nowMs,
        });
        const absent =
          verdict === 'proven' ? await noteAbsent(trx, { ...window, tenantId, environment }) : [];
        await forget(trx, tenantId, window);
        const before = await laneRow(trx, tenantId, configId, laneId);
        if (!before) return { absent };
        const { traces, observations } = window.counts;
        const lane = afterWindow(laneOf(before), window, window.walk.pages);
        await putLane(trx, tenantId, configId, lane, {
          windows_done: before.windows_done + 1,
          row_count: before.row_count + traces.received + observations.received,
        });
        return { absent };
      }),

    list: async (tenantId, configId, { verdict }, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('import_windows')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId);
      if (verdict !== undefined) query = query.where('verdict', '=', verdict);
      if (after) query = query.where(behind(after, 'opened_at_ms', 'window_id'));
      const rows = await query
        .orderBy('opened_at_ms', 'desc')
        .orderBy('window_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(windowOf), page.limit, ({ openedAtMs, windowId }) => ({
        atMs: openedAtMs,
        id: windowId,
      }));
    },
  };
}

const prefixed = (of: Pick<Schema['import_seen'], 'tenant_id' | 'config_id' | 'window_id'>) => ({
  'seen.tenant_id': of.tenant_id,
  'seen.config_id': of.config_id,
  'seen.window_id': of.window_id,
});

const windowOf = (row: Schema['import_windows']): ImportWindow => ({
  configId: row.config_id,
  windowId: row.window_id,
  laneId: row.lane_id,
  kind: row.kind as LaneKind,
  fromMs: row.from_at_ms,
  toMs: row.to_at_ms,
  api: row.api as ReadApi,
  state: row.state as ImportWindow['state'],
  attempt: row.attempt,
  walk: JSON.parse(row.walk_json) as Walk,
  counts: JSON.parse(row.counts_json) as WindowCounts,
  verdict: row.verdict as Verdict | null,
  proof: row.proof_json === null ? null : (JSON.parse(row.proof_json) as unknown),
  openedAtMs: row.opened_at_ms,
  sealedAtMs: row.sealed_at_ms,
});
