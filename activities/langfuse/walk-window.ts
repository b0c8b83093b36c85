import { ApplicationFailure } from '@temporalio/common';
import { narrowed, type LaneKind } from '../../domain/langfuse/lanes.js';
import type { Urgency } from '../../domain/langfuse/rate-limits.js';
import type { ReadApi } from '../../domain/langfuse/rows.js';
import type { ImportWindow } from '../../platform/store/langfuse/import-windows.js';
import { Conflict } from '../../platform/store/errors.js';
import type { ActivityScope } from '../heartbeating.js';
import {
  apiOf,
  asLangfuseActivity,
  configOf,
  connect,
  readerOf,
  type LangfuseAddress,
  type LangfuseDeps,
} from './connection.js';
import { digestTraces } from './digest-traces.js';
import { createPriceReader } from './read-prices.js';
import { LangfuseError } from './errors.js';
import { readTraceInto } from './read-trace.js';
import type { Step, TraceReader } from './reader.js';

/** A window as a workflow knows it: its id and what people read in the Temporal UI. */
export interface OpenedWindow {
  readonly windowId: string;
  readonly kind: LaneKind;
  readonly api: ReadApi;
  readonly fromMs: number;
  readonly toMs: number;
}

type OpenOrder = LangfuseAddress & {
  /** Null = the configuration's own lanes: the present, then the sweeps. */
  readonly laneId: string | null;
  readonly firstOfRun: boolean;
};

/** `probe`: nobody has asked the server what it can do, or not since yesterday. */
export type Opened =
  | { readonly kind: 'window'; readonly window: OpenedWindow }
  | { readonly kind: 'caughtUp' }
  | { readonly kind: 'probe' };

export interface WalkActivities {
  /** The window to walk now. Idempotent: a window that was begun is given again. */
  readonly openImportWindow: (input: OpenOrder) => Promise<Opened>;
  /**
   * Reads pages of a window into the store until it is through (`walked`) or a fair share was read (`more`). What was saved stays saved: a
   * repeated activity goes on after the last saved page.
   */
  readonly walkImportWindow: (
    input: LangfuseAddress & { readonly windowId: string; readonly urgency: Urgency },
  ) => Promise<{ readonly kind: 'walked' | 'more'; readonly pages: number; readonly rows: number }>;
}

const day = 24 * 60 * 60_000;

/** A fair share of one attempt (langfuse.md 10, "Temporal"): more makes a worker slow to stop and a retry dear. */
const share = { ms: 60_000, bytes: 64_000_000, pages: 200 } as const;

/** A window whose bodies are read trace by trace takes so many at a time. */
const tracesAtATime = 20;

const isSweep = (kind: LaneKind): boolean => kind === 'day' || kind === 'month';

export function createWalkActivities(deps: LangfuseDeps): WalkActivities {
  const readPrices = createPriceReader(deps);
  return {
    openImportWindow: async ({ tenantId, configId, laneId, firstOfRun }) => {
      const config = await configOf(deps, { tenantId, configId });
      const api = apiOf(config);
      if (api === null || deps.clock.nowMs() - (config.facts?.checkedAtMs ?? 0) > day)
        return { kind: 'probe' };
      const { settleMs, overlapMs } = config;
      const window = await deps.store.importWindows.open({
        tenantId,
        configId,
        laneId,
        api,
        settleMs,
        overlapMs,
        firstOfRun,
      });
      if (window === null) return { kind: 'caughtUp' };
      const { windowId, kind, fromMs, toMs } = window;
      return { kind: 'window', window: { windowId, kind, api, fromMs, toMs } };
    },

    walkImportWindow: (input) =>
      asLangfuseActivity(async (scope) => {
        const { config, client } = await connect(deps, input, input.urgency, scope);
        await readPrices(config, client);
        const window = await deps.store.importWindows.get(input.tenantId, input.configId, input.windowId);
        const progress = await walk(deps, config, readerOf(window.api, client), window, scope);
        await digestTraces(deps, config, scope);
        return progress;
      }),
  };
}

async function walk(
  deps: LangfuseDeps,
  config: Parameters<typeof readTraceInto>[1],
  reader: TraceReader,
  opened: ImportWindow,
  scope: ActivityScope,
): Promise<{ readonly kind: 'walked' | 'more'; readonly pages: number; readonly rows: number }> {
  const { store, clock } = deps;
  const { tenantId, environment } = config;
  let window = opened;
  const until = clock.nowMs() + share.ms;
  let bytes = 0;
  const progress = (kind: 'walked' | 'more'): { kind: 'walked' | 'more'; pages: number; rows: number } => ({
    kind,
    pages: window.walk.pages,
    rows: window.counts.traces.received + window.counts.observations.received,
  });
  const withBodies = !isSweep(window.kind);
  for (let pages = 0; window.walk.phase !== 'done'; pages += 1) {
    if (pages >= share.pages || bytes >= share.bytes || clock.nowMs() > until) return progress('more');
    scope.signal.throwIfAborted();
    let step: Step;
    try {
      const mayNarrow = narrowed(window.kind, window, 1) !== null;
      step = await reader.step({ ...window, withBodies, mayNarrow });
    } catch (error) {
      window = await madeSmaller(deps, tenantId, environment, reader, window, error);
      continue;
    }
    if (step.kind === 'tooMany') {
      const { fraction } = step;
      window = await saved(() => store.importWindows.narrow(tenantId, window, fraction));
      continue;
    }
    bytes += step.bytes;
    window = await saved(() =>
      store.importWindows.savePage({
        tenantId,
        environment,
        window,
        rows: step.rows,
        walk: step.walk,
        withBodies: step.withBodies,
      }),
    );
  }
  // A sweep reads without bodies; those of what has changed are read now, trace by trace.
  for (;;) {
    const stale = await store.importedTraces.staleBodies(config, window, tracesAtATime);
    if (stale.length === 0) return progress('walked');
    for (const traceId of stale) {
      scope.signal.throwIfAborted();
      await readTraceInto(deps, config, reader, traceId);
    }
    if (clock.nowMs() > until) return progress('more');
  }
}

/**
 * After an answer that was too large, or never came: a smaller page next time (langfuse.md 10). A late answer is still a failure, so that
 * Temporal waits before the next try. One observation that is too large on its own is kept as a row that cannot be read.
 */
async function madeSmaller(
  { store }: LangfuseDeps,
  tenantId: string,
  environment: ImportEnvironment,
  reader: TraceReader,
  window: ImportWindow,
  error: unknown,
): Promise<ImportWindow> {
  if (!(error instanceof LangfuseError)) throw error;
  const { fault } = error;
  // What was stored stays; the place is worth nothing.
  if (fault.kind === 'protocol') await store.importWindows.restart(tenantId, window, false);
  const late = fault.kind === 'unavailable' && (fault.why === 'deadline' || fault.why === 'gateway');
  if (fault.kind !== 'tooLarge' && !late) throw error;
  const smaller = reader.smaller(window.walk);
  if (smaller !== null) {
    const next = await saved(() =>
      store.importWindows.savePage({
        tenantId,
        environment,
        window,
        rows: { traces: [], observations: [], unreadable: [] },
        walk: { ...smaller, pages: window.walk.pages + 1 },
        withBodies: true,
      }),
    );
    if (late) throw error;
    return next;
  }
  if (late || window.walk.api !== 'v1' || window.walk.phase !== 'observations') throw error;
  const [slice, ...rest] = window.walk.slices;
  return saved(() =>
    store.importWindows.savePage({
      tenantId,
      environment,
      window,
      rows: {
        traces: [],
        observations: [],
        unreadable: [
          { kind: 'observation', reason: 'the answer is too large', raw: JSON.stringify(slice ?? null) },
        ],
      },
      walk: {
        ...window.walk,
        pages: window.walk.pages + 1,
        slices: rest,
        phase: rest.length === 0 ? 'done' : 'observations',
      } as ImportWindow['walk'],
      withBodies: true,
    }),
  );
}

type ImportEnvironment = Parameters<LangfuseDeps['store']['importWindows']['stored']>[1];

/** Another attempt of this activity is at work, or the window was given up: this one ends, and what it would have saved is read again. */
async function saved(save: () => Promise<ImportWindow>): Promise<ImportWindow> {
  try {
    return await save();
  } catch (error) {
    if (error instanceof Conflict)
      throw ApplicationFailure.retryable('Somebody else walks this window.', 'Conflict');
    throw error;
  }
}
