import type { Transaction } from 'kysely';
import type { Mask } from '../../../domain/own-traces/mask.js';
import type { LaneKind } from '../../../domain/langfuse/lanes.js';
import { firstWindowMs } from '../../../domain/langfuse/lanes.js';
import type { Plan } from '../../../domain/langfuse/rate-limits.js';
import { readApiOf, type ReadApiChoice, type ServerMode } from '../../../domain/langfuse/server-mode.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { removeRulesOfConfig } from '../alerts/alert-rules.js';
import { insertDefaultRule } from '../alerts/rule-rows.js';
import { Conflict, NotFound } from '../errors.js';
import { withdrawPending } from './own-trace-events.js';

/** Whether our own conversations are submitted to the project, and what is masked in them. */
export interface SubmitSettings {
  readonly enabled: boolean;
  readonly mask: Mask;
}

/** What an administrator sets. */
export interface LangfuseSettings {
  readonly name: string;
  readonly host: string;
  /** Null = whatever project the keys belong to. */
  readonly projectId: string | null;
  readonly plan: Plan;
  readonly readApi: ReadApiChoice;
  readonly active: boolean;
  readonly isDefault: boolean;
  readonly everyMs: number;
  readonly settleMs: number;
  readonly overlapMs: number;
  /** Nothing older is imported by itself; a backfill reads it. */
  readonly importFromMs: number;
  /** Off when absent. A change takes back what was not acknowledged, and holds for turns that begin from then on. */
  readonly submit?: SubmitSettings;
}

/** What the server told about itself. */
export interface ServerFacts {
  readonly organizationId: string;
  readonly mode: ServerMode;
  readonly serverVersion: string;
}

/** A notice that an endpoint will go away (langfuse.md 2). */
export interface Deprecation {
  readonly message: string;
  readonly replacement: string | null;
  readonly sunsetAt: string | null;
  readonly seenAtMs: number;
}

/** How the latest run of the import ended. */
export interface LastRun {
  readonly atMs: number;
  readonly outcome: string;
  readonly reason: string | null;
}

/** How far the submission of our own conversations is. */
export interface SubmitState {
  /** Turns that began earlier are not submitted. */
  readonly fromMs: number;
  /** Conversations whose end was written before it are collected. */
  readonly collectedToMs: number;
  readonly lastRun: LastRun | null;
}

export interface LangfuseConfig extends LangfuseSettings {
  readonly submit: SubmitSettings & SubmitState;
  readonly tenantId: string;
  readonly configId: string;
  readonly environment: Environment;
  readonly version: number;
  readonly facts: (ServerFacts & { readonly checkedAtMs: number }) | null;
  readonly modeChange: { readonly from: ServerMode; readonly atMs: number } | null;
  readonly deprecation: Deprecation | null;
  readonly lastRun: LastRun | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface LangfuseConfigs {
  /** Creates it with its lanes and the alert rule of its lag. The first one of an environment is the default. Throws Conflict when the name is taken. */
  create(
    owner: { tenantId: string; environment: Environment; configId: string },
    settings: LangfuseSettings,
  ): Promise<LangfuseConfig>;
  /** Throws NotFound, and Conflict when the name is taken or the version has moved on. */
  change(
    tenantId: string,
    configId: string,
    settings: Partial<LangfuseSettings>,
    version?: number,
  ): Promise<LangfuseConfig>;
  /** Forgets the configuration with its alert rules; what was imported stays. Throws NotFound. */
  remove(tenantId: string, configId: string): Promise<void>;
  get(tenantId: string, configId: string): Promise<LangfuseConfig | undefined>;
  list(tenantId: string, environment: Environment): Promise<readonly LangfuseConfig[]>;
  /** Those of all tenants that are to be imported. */
  active(): Promise<readonly LangfuseConfig[]>;
  /** Those of all tenants that our own conversations are submitted to. */
  submitting(): Promise<readonly LangfuseConfig[]>;
  /** Notes what the server told. When another API must be read from now on, the import begins a day before its watermark. */
  noteFacts(tenantId: string, configId: string, facts: ServerFacts): Promise<LangfuseConfig>;
  noteDeprecation(tenantId: string, configId: string, notice: Omit<Deprecation, 'seenAtMs'>): Promise<void>;
  noteRun(tenantId: string, configId: string, run: Omit<LastRun, 'atMs'>): Promise<void>;
  /** How a run of the submission ended. */
  noteSubmission(tenantId: string, configId: string, run: Omit<LastRun, 'atMs'>): Promise<void>;
  /** All conversations that were closed, and written, before that time are collected. */
  noteCollected(tenantId: string, configId: string, toMs: number): Promise<void>;
}

const day = 24 * 60 * 60_000;

export function createLangfuseConfigs(database: Database, clock: Clock): LangfuseConfigs {
  const { kysely } = database;
  const one = async (
    trx: Transaction<Schema>,
    tenantId: string,
    configId: string,
  ): Promise<LangfuseConfig> => {
    const row = await trx
      .selectFrom('langfuse_configs')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .executeTakeFirst();
    if (!row) throw new NotFound('There is no such Langfuse configuration.');
    return configOf(row);
  };
  const update = (
    tenantId: string,
    configId: string,
    change: Partial<Schema['langfuse_configs']>,
    trx: Transaction<Schema> | typeof kysely = kysely,
  ) =>
    trx
      .updateTable('langfuse_configs')
      .set(change)
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .execute();

  return {
    create: ({ tenantId, environment, configId }, settings) =>
      database.transaction(async (trx) => {
        const nowMs = clock.nowMs();
        const others = await othersOf(trx, tenantId, environment, configId);
        refuseTakenName(others, settings.name);
        const isDefault = settings.isDefault || others.length === 0;
        if (isDefault) await noDefault(trx, tenantId, environment);
        await trx
          .insertInto('langfuse_configs')
          .values({
            tenant_id: tenantId,
            config_id: configId,
            environment,
            ...columnsOf({ ...settings, isDefault }),
            ...(settings.submit?.enabled === true ? submitFrom(nowMs) : {}),
            version: 1,
            created_at_ms: nowMs,
            updated_at_ms: nowMs,
          } as Schema['langfuse_configs'])
          .execute();
        for (const kind of ['live', 'day', 'month'] as const satisfies readonly LaneKind[]) {
          await trx
            .insertInto('import_lanes')
            .values({
              tenant_id: tenantId,
              config_id: configId,
              lane_id: kind,
              kind,
              state: kind === 'live' ? 'running' : 'idle',
              from_at_ms: settings.importFromMs,
              to_at_ms: settings.importFromMs,
              position_at_ms: settings.importFromMs,
              reread_from_at_ms: null,
              window_ms: firstWindowMs,
              next_window: 1,
              windows_done: 0,
              row_count: 0,
              subject: null,
              outcome: null,
              created_at_ms: nowMs,
              started_at_ms: nowMs,
              ended_at_ms: null,
            })
            .execute();
        }
        await insertDefaultRule(trx, { tenantId, environment, configId }, settings.name, nowMs);
        return one(trx, tenantId, configId);
      }),

    change: (tenantId, configId, settings, version) =>
      database.transaction(async (trx) => {
        const before = await one(trx, tenantId, configId);
        if (version !== undefined && version !== before.version)
          throw new Conflict('The configuration was changed by someone else.');
        if (settings.name !== undefined)
          refuseTakenName(await othersOf(trx, tenantId, before.environment, configId), settings.name);
        if (settings.isDefault === true) await noDefault(trx, tenantId, before.environment);
        const { submit } = settings;
        const resubmits =
          submit !== undefined &&
          (submit.enabled !== before.submit.enabled || submit.mask !== before.submit.mask);
        if (resubmits) await withdrawPending(trx, { tenantId, configId }, clock.nowMs());
        // Other keys or another host may be another server: what is known of the old one is not.
        const moved = settings.host !== undefined && settings.host !== before.host;
        await update(
          tenantId,
          configId,
          {
            ...columnsOf(settings),
            ...(resubmits ? submitFrom(clock.nowMs()) : {}),
            ...(moved ? { organization_id: null, mode: null, mode_checked_at_ms: null } : {}),
            version: before.version + 1,
            updated_at_ms: clock.nowMs(),
          },
          trx,
        );
        return one(trx, tenantId, configId);
      }),

    remove: (tenantId, configId) =>
      database.transaction(async (trx) => {
        await one(trx, tenantId, configId);
        const tables = ['import_seen', 'import_windows', 'import_lanes', 'langfuse_configs'] as const;
        for (const table of [...tables, 'own_trace_events', 'own_trace_conversations'] as const) {
          await trx
            .deleteFrom(table)
            .where('tenant_id', '=', tenantId)
            .where('config_id', '=', configId)
            .execute();
        }
        await removeRulesOfConfig(trx, tenantId, configId, clock.nowMs());
      }),

    get: async (tenantId, configId) => {
      const row = await kysely
        .selectFrom('langfuse_configs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .executeTakeFirst();
      return row && configOf(row);
    },

    list: async (tenantId, environment) => {
      const rows = await kysely
        .selectFrom('langfuse_configs')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .orderBy('name')
        .execute();
      return rows.map(configOf);
    },

    active: async () => {
      const rows = await kysely.selectFrom('langfuse_configs').selectAll().where('active', '=', 1).execute();
      return rows.map(configOf);
    },

    submitting: async () => {
      const rows = await kysely
        .selectFrom('langfuse_configs')
        .selectAll()
        .where('submit_enabled', '=', 1)
        .execute();
      return rows.map(configOf);
    },

    noteFacts: (tenantId, configId, { organizationId, mode, serverVersion }) =>
      database.transaction(async (trx) => {
        const before = await one(trx, tenantId, configId);
        const nowMs = clock.nowMs();
        const changed = before.facts !== null && before.facts.mode !== mode;
        await update(
          tenantId,
          configId,
          {
            organization_id: organizationId,
            mode,
            server_version: serverVersion,
            mode_checked_at_ms: nowMs,
            ...(changed ? { previous_mode: before.facts.mode, mode_changed_at_ms: nowMs } : {}),
          },
          trx,
        );
        if (changed && readApiOf(before.readApi, before.facts.mode) !== readApiOf(before.readApi, mode))
          await rereadADay(trx, tenantId, configId);
        return one(trx, tenantId, configId);
      }),

    noteDeprecation: async (tenantId, configId, notice) => {
      const deprecation: Deprecation = { ...notice, seenAtMs: clock.nowMs() };
      await update(tenantId, configId, { deprecation_json: JSON.stringify(deprecation) });
    },

    noteRun: async (tenantId, configId, run) => {
      const lastRun: LastRun = { ...run, atMs: clock.nowMs() };
      await update(tenantId, configId, { last_run_json: JSON.stringify(lastRun) });
    },

    noteSubmission: async (tenantId, configId, run) => {
      const lastRun: LastRun = { ...run, atMs: clock.nowMs() };
      await update(tenantId, configId, { submit_run_json: JSON.stringify(lastRun) });
    },

    noteCollected: async (tenantId, configId, toMs) => {
      await update(tenantId, configId, { collected_to_at_ms: toMs });
    },
  };
}

/** langfuse.md 10, "v1 -> v2 switch": the other API's view of the last day is read over the old one's. */
async function rereadADay(trx: Transaction<Schema>, tenantId: string, configId: string): Promise<void> {
  await trx
    .updateTable('import_lanes')
    .set((set) => ({ reread_from_at_ms: set.eb('position_at_ms', '-', day) }))
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('lane_id', '=', 'live')
    .execute();
}

const othersOf = (trx: Transaction<Schema>, tenantId: string, environment: Environment, configId: string) =>
  trx
    .selectFrom('langfuse_configs')
    .select('name')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('config_id', '!=', configId)
    .execute();

function refuseTakenName(others: readonly { readonly name: string }[], name: string): void {
  if (others.some((other) => other.name === name))
    throw new Conflict('Another Langfuse configuration of this environment has this name.');
}

async function noDefault(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: Environment,
): Promise<void> {
  await trx
    .updateTable('langfuse_configs')
    .set({ is_default: 0 })
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .execute();
}

const flag = (value: boolean | undefined): number | undefined =>
  value === undefined ? undefined : Number(value);

/** Columns that were given; what is undefined is left as it is. */
const columnsOf = (settings: Partial<LangfuseSettings>): Partial<Schema['langfuse_configs']> =>
  Object.fromEntries(
    Object.entries({
      name: settings.name,
      host: settings.host,
      project_id: settings.projectId,
      plan: settings.plan,
      read_api: settings.readApi,
      active: flag(settings.active),
      is_default: flag(settings.isDefault),
      every_ms: settings.everyMs,
      settle_ms: settings.settleMs,
      overlap_ms: settings.overlapMs,
      import_from_at_ms: settings.importFromMs,
      submit_enabled: flag(settings.submit?.enabled),
      submit_mask: settings.submit?.mask,
    }).filter(([, value]) => value !== undefined),
  );

/** What began earlier stays here: nobody has agreed to send it. */
const submitFrom = (nowMs: number) => ({ submit_from_at_ms: nowMs, collected_to_at_ms: nowMs });

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

const configOf = (row: Schema['langfuse_configs']): LangfuseConfig => ({
  tenantId: row.tenant_id,
  configId: row.config_id,
  environment: row.environment as Environment,
  name: row.name,
  host: row.host,
  projectId: row.project_id,
  plan: row.plan as Plan,
  readApi: row.read_api as ReadApiChoice,
  active: row.active === 1,
  isDefault: row.is_default === 1,
  everyMs: row.every_ms,
  settleMs: row.settle_ms,
  overlapMs: row.overlap_ms,
  importFromMs: row.import_from_at_ms,
  submit: {
    enabled: row.submit_enabled === 1,
    mask: row.submit_mask as Mask,
    fromMs: row.submit_from_at_ms,
    collectedToMs: row.collected_to_at_ms,
    lastRun: parsed<LastRun>(row.submit_run_json),
  },
  version: row.version,
  facts:
    row.mode === null || row.organization_id === null || row.mode_checked_at_ms === null
      ? null
      : {
          organizationId: row.organization_id,
          mode: row.mode as ServerMode,
          serverVersion: row.server_version ?? '',
          checkedAtMs: row.mode_checked_at_ms,
        },
  modeChange:
    row.previous_mode === null || row.mode_changed_at_ms === null
      ? null
      : { from: row.previous_mode as ServerMode, atMs: row.mode_changed_at_ms },
  deprecation: parsed<Deprecation>(row.deprecation_json),
  lastRun: parsed<LastRun>(row.last_run_json),
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
