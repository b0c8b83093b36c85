import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createLangfuseActivities, type LangfuseActivities } from '../../activities/langfuse/index.js';
import { createRateBudget } from '../../activities/langfuse/rate-budget.js';
import type { Opened, OpenedWindow } from '../../activities/langfuse/walk-window.js';
import type { Urgency } from '../../domain/langfuse/rate-limits.js';
import { Secret } from '../../platform/config/secret.js';
import type { Database } from '../../platform/database/database.js';
import { migrate } from '../../platform/database/migrate.js';
import { openDatabase } from '../../platform/database/open-database.js';
import type { LangfuseSettings } from '../../platform/store/langfuse/configs.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { loadTenants } from '../../platform/tenants/load-tenants.js';
import { serveLangfuse, type ServedLangfuse } from '../../simulators/langfuse/testing/served-langfuse.js';

const minute = 60_000;
const hour = 60 * minute;

/** When a scene begins; its rows lie before. */
const sceneStartMs = Date.UTC(2030, 2, 4, 12);

/** What the server holds, as its admin door says. */
export interface Truth {
  readonly traces: number;
  readonly observations: number;
  readonly costPico: string;
  readonly errors: number;
  readonly v2: { readonly rows: number; readonly synthetic: number };
}

/** How a run ended, in the words of the workflow. */
export interface RunEnd {
  readonly outcome: 'caughtUp' | 'suspect' | 'failed';
  readonly reason: string | null;
  readonly verdicts: readonly string[];
  readonly requests: number;
}

/**
 * The activities of the import over a store of their own, against the simulator, on one clock that only the test moves. `run` does what the
 * workflow does, so that hundreds of cases need no Temporal server; test/integration proves the workflow itself.
 */
export interface ImportScene {
  readonly langfuse: ServedLangfuse;
  readonly store: Store;
  readonly database: Database;
  readonly address: { readonly tenantId: string; readonly configId: string };
  readonly activities: LangfuseActivities;
  nowMs(): number;
  /** Marks both practices as holding health data, as their `tenant.json` would after a restart. */
  markHealthData(): void;
  /** Moves the clock of both sides. */
  advance(ms: number): Promise<void>;
  /** Another configuration, for this or another tenant, of a project of the simulator. */
  configure(
    settings?: Partial<LangfuseSettings> & { readonly tenantId?: string; readonly project?: string },
  ): Promise<{ readonly tenantId: string; readonly configId: string }>;
  run(options?: {
    readonly address?: ImportScene['address'];
    readonly laneId?: string;
    readonly tries?: number;
  }): Promise<RunEnd>;
  truth(range?: { readonly from: number; readonly to: number }): Promise<Truth>;
  /** Rows of our store, in the terms of the truth. */
  stored(): Promise<Omit<Truth, 'v2'>>;
  close(): Promise<void>;
}

export async function importScene(
  settings: Partial<LangfuseSettings> = {},
  switches: object = {},
): Promise<ImportScene> {
  const folder = await mkdtemp(path.join(tmpdir(), 'chairside-import-'));
  const langfuse = await serveLangfuse();
  let nowMs = sceneStartMs;
  await langfuse.order('POST', '/clock', { now: new Date(nowMs).toISOString() });
  await langfuse.order('POST', '/switches', switches);
  const database = await openDatabase({ databasePath: path.join(folder, 'store.db'), databaseUrl: null });
  await migrate(database);
  const clock = { nowMs: () => nowMs };
  const store = createStore(database, clock);
  const tenants = await loadTenants('tenants');
  let holdsHealthData = false;
  const projects = new Map<string, string>();
  const log = { warn: () => undefined, error: () => undefined, info: () => undefined };
  const activities = createLangfuseActivities({
    store,
    clock,
    tenants: {
      get: (slug) => {
        const tenant = tenants.get(slug);
        return tenant && { ...tenant, holdsHealthData };
      },
    },
    langfuseKeys: {
      resolve: ({ configId }) => {
        const project = projects.get(configId) ?? 'proj1';
        return Promise.resolve({
          publicKey: `pk-lf-${project}`,
          secretKey: new Secret(`sk-lf-${project}`),
        });
      },
    },
    rateBudget: createRateBudget(store.rateWindows, clock),
    loggers: { log } as never,
    alertRules: { wakeAll: () => Promise.resolve() },
  });
  const inActivity = <Input, Output>(
    work: (input: Input) => Promise<Output>,
    input: Input,
  ): Promise<Output> =>
    new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run<
      [Input],
      Output,
      (given: Input) => Promise<Output>
    >(work, input);
  let configs = 0;
  const scene: ImportScene = {
    langfuse,
    store,
    database,
    address: { tenantId: 'bright-smiles', configId: 'config-1' },
    activities,
    nowMs: () => nowMs,
    markHealthData: () => {
      holdsHealthData = true;
    },
    advance: async (ms) => {
      nowMs += ms;
      await langfuse.order('POST', '/clock', { now: new Date(nowMs).toISOString() });
    },
    configure: async ({ tenantId = 'bright-smiles', project = 'proj1', ...own } = {}) => {
      configs += 1;
      const configId = `config-${configs}`;
      projects.set(configId, project);
      await store.langfuseConfigs.create(
        { tenantId, environment: 'sandbox', configId },
        {
          name: configId,
          host: langfuse.simulator.url,
          projectId: null,
          plan: 'selfHosted',
          readApi: 'auto',
          active: true,
          isDefault: false,
          everyMs: 15 * minute,
          settleMs: 20 * minute,
          overlapMs: hour,
          importFromMs: sceneStartMs - 6 * hour,
          ...own,
        },
      );
      return { tenantId, configId };
    },
    run: async ({ address = scene.address, laneId = null, tries = 6 } = {}) => {
      const verdicts: string[] = [];
      const before = await requests(langfuse);
      let firstOfRun = true;
      let failures = 0;
      const end = async (outcome: RunEnd['outcome'], reason: string | null): Promise<RunEnd> => ({
        outcome,
        reason,
        verdicts,
        requests: (await requests(langfuse)) - before,
      });
      const step = async <Input, Output>(
        work: (input: Input) => Promise<Output>,
        input: Input,
      ): Promise<Output> => {
        for (;;) {
          try {
            return await inActivity(work, input);
          } catch (error) {
            if (!(error instanceof ApplicationFailure)) throw error;
            failures += 1;
            if (error.nonRetryable === true || failures > tries) throw error;
            await scene.advance(Number(error.nextRetryDelay ?? 2_000));
          }
        }
      };
      let probes = 0;
      for (;;) {
        try {
          const opened: Opened = await step(activities.openImportWindow, { ...address, laneId, firstOfRun });
          if (opened.kind === 'caughtUp') return await end('caughtUp', null);
          if (opened.kind === 'probe') {
            await step(activities.probeLangfuse, { ...address, urgency: 'incremental' as const });
            continue;
          }
          const { windowId, kind }: OpenedWindow = opened.window;
          const urgency: Urgency = kind === 'backfill' || kind === 'month' ? 'backfill' : 'incremental';
          const order = { ...address, windowId, urgency };
          while ((await step(activities.walkImportWindow, order)).kind === 'more');
          const sealed = await step(activities.sealImportWindow, order);
          if (sealed.kind === 'suspect') return await end('suspect', null);
          if (sealed.kind === 'again') {
            await scene.advance(10_000);
            continue;
          }
          verdicts.push(sealed.verdict);
          firstOfRun &&= kind !== 'live';
        } catch (error) {
          if (!(error instanceof ApplicationFailure)) throw error;
          if (error.type !== 'LangfuseModeChanged' || probes >= 3)
            return await end('failed', error.type ?? null);
          probes += 1;
          await step(activities.probeLangfuse, { ...address, urgency: 'incremental' as const });
        }
      }
    },
    truth: async (range) => {
      const query = range
        ? `?from=${new Date(range.from).toISOString()}&to=${new Date(range.to).toISOString()}`
        : '';
      return (await langfuse.order('GET', `/truth${query}`)) as Truth;
    },
    stored: async () => {
      const { kysely } = database;
      const observations = await kysely
        .selectFrom('imported_observations')
        .selectAll()
        .where('deleted_at_ms', 'is', null)
        .where('synthetic', '=', 0)
        .execute();
      const traces = await kysely
        .selectFrom('imported_traces')
        .select('trace_id')
        .where('deleted_at_ms', 'is', null)
        .execute();
      return {
        traces: traces.length,
        observations: observations.length,
        costPico: String(observations.reduce((sum, row) => sum + BigInt(row.cost_pico_usd ?? 0), 0n)),
        errors: observations.filter(({ level }) => level === 'ERROR').length,
      };
    },
    close: async () => {
      await database.close();
      await langfuse.simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await scene.configure(settings);
  return scene;
}

const requests = async (langfuse: ServedLangfuse): Promise<number> =>
  ((await langfuse.order('GET', '/requests')) as { readonly total: number }).total;

/** A trace with a generation and a tool call, `minutesAgo` before the scene's start. */
export const sampleTrace = (
  id: string,
  minutesAgo: number,
  more: object = {},
  way: 'ingestion' | 'otlp' = 'ingestion',
) => {
  const at = sceneStartMs - minutesAgo * minute;
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    id,
    way,
    timestamp: iso(at),
    name: 'turn',
    sessionId: `session-of-${id}`,
    userId: 'user-1',
    input: { text: `question ${id}` },
    output: { text: `answer ${id}` },
    observations: [
      {
        id: `${id}-generation`,
        type: 'GENERATION',
        name: 'reply',
        startTime: iso(at),
        endTime: iso(at + 1_500),
        model: 'gpt-4o',
        usageDetails: { input: 100, output: 20, total: 120 },
      },
      {
        id: `${id}-tool`,
        type: 'TOOL',
        name: 'find_slots',
        startTime: iso(at + 200),
        endTime: iso(at + 700),
      },
    ],
    ...more,
  };
};
