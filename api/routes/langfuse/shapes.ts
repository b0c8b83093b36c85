import { z } from 'zod';
import { masks } from '../../../domain/own-traces/mask.js';
import { windowsLeft } from '../../../domain/langfuse/lanes.js';
import { plans } from '../../../domain/langfuse/rate-limits.js';
import { modeInWords } from '../../../domain/langfuse/server-mode.js';
import { langfuseKeysShape } from '../../../platform/langfuse-keys.js';
import type { LangfuseConfig, LangfuseSettings } from '../../../platform/store/langfuse/configs.js';
import type { LaneReport } from '../../../platform/store/langfuse/lane-rows.js';
import type { TenantScope } from '../../route.js';
import { Problem } from '../../problems.js';
import type { ApiServices } from '../../services.js';
import { mask } from '../credentials.js';

const minute = 60_000;

/** What an administrator may set. Times of the API are in minutes where nobody needs less. */
export const settings = z.strictObject({
  name: z.string().trim().min(1).max(80),
  host: z.url({ protocol: /^https?$/ }),
  projectId: z.string().trim().min(1).max(200).nullable(),
  plan: z.enum(plans),
  readApi: z.enum(['auto', 'v1', 'v2']),
  active: z.boolean(),
  isDefault: z.boolean(),
  everyMinutes: z.number().int().min(1).max(1_440),
  /** Rows appear up to 15 minutes late (langfuse.md 8). */
  settleMinutes: z.number().int().min(0).max(1_440),
  overlapMinutes: z.number().int().min(0).max(1_440),
  importFrom: z.iso.datetime({ offset: true }),
  /** Our own conversations to this project (docs/trace-submission.md). */
  submit: z.strictObject({ enabled: z.boolean(), mask: z.enum(masks).default('all') }),
  ...langfuseKeysShape.shape,
});

/** What a request gave of them. */
type Given = {
  readonly [Key in keyof z.output<typeof settings>]?: z.output<typeof settings>[Key] | undefined;
};

/** The columns behind what was given. */
export function settingsOf(given: Given): Partial<LangfuseSettings> {
  const { everyMinutes, settleMinutes, overlapMinutes, importFrom, ...same } = given;
  return {
    ...(Object.fromEntries(
      Object.entries(same).filter(([key, value]) => value !== undefined && !key.endsWith('Key')),
    ) as Partial<LangfuseSettings>),
    ...(everyMinutes === undefined ? {} : { everyMs: everyMinutes * minute }),
    ...(settleMinutes === undefined ? {} : { settleMs: settleMinutes * minute }),
    ...(overlapMinutes === undefined ? {} : { overlapMs: overlapMinutes * minute }),
    ...(importFrom === undefined ? {} : { importFromMs: Date.parse(importFrom) }),
  };
}

const laneShape = z.object({
  positionMs: z.number(),
  state: z.string(),
  windowsDone: z.number(),
  rows: z.number(),
});

export const configShape = z.object({
  configId: z.string(),
  environment: z.enum(['sandbox', 'production']),
  name: z.string(),
  host: z.string(),
  projectId: z.string().nullable(),
  plan: z.enum(plans),
  readApi: z.enum(['auto', 'v1', 'v2']),
  active: z.boolean(),
  isDefault: z.boolean(),
  everyMinutes: z.number(),
  settleMinutes: z.number(),
  overlapMinutes: z.number(),
  importFromMs: z.number(),
  version: z.number(),
  /** Masked; null = none are set, or they cannot be opened with our master keys. */
  publicKey: z.string().nullable(),
  secretKey: z.string().nullable(),
  server: z
    .object({
      mode: z.enum(['legacy', 'dual', 'events_only']),
      inWords: z.string(),
      version: z.string(),
      organizationId: z.string(),
      checkedAtMs: z.number(),
    })
    .nullable(),
  modeChange: z.object({ from: z.string(), atMs: z.number() }).nullable(),
  /** Set when the server has announced that what we read will go away. */
  deprecation: z
    .object({
      message: z.string(),
      replacement: z.string().nullable(),
      sunsetAt: z.string().nullable(),
      seenAtMs: z.number(),
    })
    .nullable(),
  lastRun: z.object({ atMs: z.number(), outcome: z.string(), reason: z.string().nullable() }).nullable(),
  /** Everything older is in the store, and proven or reported. */
  watermarkMs: z.number(),
  lanes: z.record(z.string(), laneShape),
  stored: z.object({ traces: z.number(), observations: z.number(), quarantined: z.number() }),
  /** The submission of our own conversations. */
  submit: z.object({
    enabled: z.boolean(),
    mask: z.enum(masks),
    /** Turns that began earlier are not submitted. */
    fromMs: z.number().nullable(),
    events: z.object({
      pending: z.number(),
      submitted: z.number(),
      refused: z.number(),
      withdrawn: z.number(),
    }),
    lastRun: z.object({ atMs: z.number(), outcome: z.string(), reason: z.string().nullable() }).nullable(),
  }),
});

/** A configuration as people may see it. */
export async function configView(
  config: LangfuseConfig,
  { store, langfuseKeys }: Pick<ApiServices, 'store' | 'langfuseKeys'>,
): Promise<z.input<typeof configShape>> {
  const { tenantId, configId, facts } = config;
  const lanes = await store.importLanes.standing(tenantId, configId);
  const { enabled, mask: submitMask, fromMs, lastRun } = config.submit;
  const keys = await langfuseKeys.find(config);
  return {
    ...config,
    everyMinutes: config.everyMs / minute,
    settleMinutes: config.settleMs / minute,
    overlapMinutes: config.overlapMs / minute,
    publicKey: keys && mask(keys.publicKey),
    secretKey: keys && mask(keys.secretKey.reveal()),
    server: facts && {
      mode: facts.mode,
      inWords: modeInWords[facts.mode],
      version: facts.serverVersion,
      organizationId: facts.organizationId,
      checkedAtMs: facts.checkedAtMs,
    },
    watermarkMs: lanes.find(({ kind }) => kind === 'live')?.positionMs ?? config.importFromMs,
    lanes: Object.fromEntries(
      lanes.map(({ kind, positionMs, state, windowsDone, rows }) => [
        kind,
        { positionMs, state, windowsDone, rows },
      ]),
    ),
    stored: await store.importedTraces.count(config),
    submit: {
      enabled,
      mask: submitMask,
      fromMs: enabled ? fromMs : null,
      events: await store.ownTraceEvents.counts(config),
      lastRun,
    },
  };
}

/** The configuration of the request's tenant and environment. Throws 404 for any other. */
export async function ownConfig(
  { tenant, environment }: Pick<TenantScope, 'tenant' | 'environment'>,
  configId: string,
  { store }: Pick<ApiServices, 'store'>,
): Promise<LangfuseConfig> {
  const config = await store.langfuseConfigs.get(tenant.slug, configId);
  if (config?.environment !== environment) throw new Problem('RecordNotFound');
  return config;
}

export const importShape = z.object({
  importId: z.string(),
  configId: z.string(),
  kind: z.enum(['backfill', 'trace', 'session']),
  state: z.enum(['idle', 'running', 'done', 'cancelled', 'failed']),
  /** How it ended, with the failure's type when it failed. */
  outcome: z.string().nullable(),
  fromMs: z.number(),
  toMs: z.number(),
  subject: z.string().nullable(),
  windowsDone: z.number(),
  /** An estimate: windows become longer or shorter with what is in them. */
  windowsTotal: z.number(),
  rows: z.number(),
  rowsPerSecond: z.number().nullable(),
  timeLeftMs: z.number().nullable(),
  createdAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});

export function importView(lane: LaneReport, nowMs: number): z.input<typeof importShape> {
  const left = lane.kind === 'backfill' ? windowsLeft(lane) : 0;
  const elapsedMs = Math.max(1, (lane.endedAtMs ?? nowMs) - lane.startedAtMs);
  const perWindowMs = lane.windowsDone === 0 ? null : elapsedMs / lane.windowsDone;
  return {
    importId: lane.laneId,
    configId: lane.configId,
    kind: lane.kind as 'backfill',
    state: lane.state,
    outcome: lane.outcome,
    fromMs: lane.fromMs,
    toMs: lane.toMs,
    subject: lane.subject,
    windowsDone: lane.windowsDone,
    windowsTotal: lane.windowsDone + left,
    rows: lane.rows,
    rowsPerSecond: lane.rows === 0 ? null : (lane.rows * 1_000) / elapsedMs,
    timeLeftMs: lane.state !== 'running' || perWindowMs === null ? null : Math.round(perWindowMs * left),
    createdAtMs: lane.createdAtMs,
    endedAtMs: lane.endedAtMs,
  };
}
