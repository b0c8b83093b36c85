import { judge, type Evidence, type Verdict } from '../../domain/langfuse/proof.js';
import type { Urgency } from '../../domain/langfuse/rate-limits.js';
import type { ImportWindow } from '../../platform/store/langfuse/import-windows.js';
import {
  asLangfuseActivity,
  connect,
  readerOf,
  type LangfuseAddress,
  type LangfuseDeps,
} from './connection.js';
import { digestTraces } from './digest-traces.js';
import type { TraceReader, Totals } from './reader.js';

export interface SealActivities {
  /**
   * Proves a walked window and seals it. `again`: the first proof failed, and the window waits for its second walk. `suspect`: the server
   * gave nothing although it counts rows; the window stays open and the watermark where it is.
   */
  readonly sealImportWindow: (
    input: LangfuseAddress & { readonly windowId: string; readonly urgency: Urgency },
  ) => Promise<{
    readonly kind: 'sealed' | 'again' | 'suspect';
    readonly verdict: Verdict;
    readonly traces: number;
    readonly observations: number;
    readonly unreadable: number;
    readonly deleted: number;
  }>;
}

/** A mismatch is read again once; what persists is reported. */
const mostAttempts = 2;

export const createSealActivities = (deps: LangfuseDeps): SealActivities => ({
  sealImportWindow: (input) =>
    asLangfuseActivity(async (scope) => {
      const { store, loggers } = deps;
      const { tenantId, configId, windowId } = input;
      const { config, client } = await connect(deps, input, input.urgency, scope);
      const { environment } = config;
      const window = await store.importWindows.get(tenantId, configId, windowId);
      const reader = readerOf(window.api, client);
      const evidence = await gather(deps, environment, tenantId, window, await reader.totals(window));
      const { verdict, reasons } = judge(evidence);
      const counts = {
        verdict,
        traces: window.counts.traces.received - window.counts.traces.copies,
        observations: window.counts.observations.received - window.counts.observations.copies,
        unreadable: window.counts.traces.unreadable + window.counts.observations.unreadable,
        deleted: 0,
      };
      if (window.state !== 'walking') return { kind: 'sealed' as const, ...counts };
      const failed = verdict === 'mismatch' || verdict === 'suspectEmpty';
      if (failed && window.attempt < mostAttempts) {
        await store.importWindows.restart(tenantId, window, true);
        return { kind: 'again' as const, ...counts };
      }
      if (failed) {
        const about = { tenantId, configId, windowId, verdict, reasons: reasons.join('; ') };
        loggers.log.warn('a Langfuse window does not match its server', about);
      }
      if (verdict === 'suspectEmpty') {
        await store.importWindows.restart(tenantId, window, false);
        return { kind: 'suspect' as const, ...counts };
      }
      const { absent } = await store.importWindows.seal(tenantId, environment, window, {
        verdict,
        proof: { ...evidence, reasons },
      });
      const deleted = await confirmDeleted(deps, config, reader, absent);
      await digestTraces(deps, config, scope);
      return { kind: 'sealed' as const, ...counts, deleted };
    }),
});

async function gather(
  { store }: LangfuseDeps,
  environment: Parameters<typeof store.importWindows.stored>[1],
  tenantId: string,
  window: ImportWindow,
  metrics: Totals | null,
): Promise<Evidence> {
  const { walk, counts } = window;
  const stored = await store.importWindows.stored(tenantId, environment, window);
  return {
    traces: counts.traces,
    observations: counts.observations,
    namedTraces: walk.api === 'v1' ? walk.namedTraces : null,
    namedObservations: walk.api === 'v1' ? walk.namedObservations : null,
    metrics,
    storedTraces: stored.traces,
    storedObservations: stored.observations,
    receivedCostPicoUsd: counts.costPicoUsd,
  };
}

/** Missing twice is a suspicion; only the server's word about the one trace makes it a deletion (langfuse.md 10, "Deletes"). */
async function confirmDeleted(
  { store }: LangfuseDeps,
  config: Parameters<typeof store.importedTraces.markDeleted>[0],
  reader: TraceReader,
  traceIds: readonly string[],
): Promise<number> {
  let deleted = 0;
  for (const traceId of traceIds) {
    if ((await reader.trace(traceId)) === null) {
      await store.importedTraces.markDeleted(config, traceId);
      deleted += 1;
    } else await store.importedTraces.markPresent(config, traceId);
  }
  return deleted;
}
