import {
  ActivityFailure,
  ApplicationFailure,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';
import type { imports } from '../options.js';
import type { ImportProgress, LangfuseAddress } from './messages.js';

export const nothingYet: ImportProgress = { windows: 0, rows: 0, mismatches: 0, firstOfRun: true };

/** What is left of the lanes: nothing, an answer that cannot be believed, or more than one history should hold. */
export interface ImportedWindows {
  readonly kind: 'caughtUp' | 'suspect' | 'continue';
  readonly progress: ImportProgress;
}

/** A window takes some 20 events; temporal.md 3 wants a few hundred a run. */
const mostWindows = 40;
const mostEvents = 2_000;
/** Rows that arrive while a settled window is read are rare; a moment later they are all there. */
const beforeSecondWalk = '10 seconds';
/** A server whose mode changes more often than this within one run is not to be read. */
const mostProbes = 3;

/**
 * Walks, proves and seals the windows of a lane, one by one, the most urgent first (`laneId` null = the configuration's own lanes). Throws
 * what an activity failed with.
 */
export async function importWindows(
  address: LangfuseAddress & { readonly laneId: string | null },
  activities: typeof imports,
  before: ImportProgress,
): Promise<ImportedWindows> {
  const { tenantId, configId, laneId } = address;
  let progress = before;
  let probes = 0;
  const probe = async (): Promise<void> => {
    probes += 1;
    if (probes > mostProbes) throw ApplicationFailure.nonRetryable('The mode does not settle.', modeChanged);
    await activities.probeLangfuse({ tenantId, configId, urgency: 'incremental' });
  };
  for (;;) {
    const { windows } = progress;
    if (windows - before.windows >= mostWindows || workflowInfo().historyLength > mostEvents)
      return { kind: 'continue', progress };
    const { firstOfRun } = progress;
    const opened = await activities.openImportWindow({ tenantId, configId, laneId, firstOfRun });
    if (opened.kind === 'caughtUp') return { kind: 'caughtUp', progress };
    if (opened.kind === 'probe') {
      await probe();
      continue;
    }
    const { windowId, kind } = opened.window;
    const urgency = kind === 'backfill' || kind === 'month' ? 'backfill' : 'incremental';
    const order = { tenantId, configId, windowId, urgency } as const;
    try {
      let walked = await activities.walkImportWindow(order);
      while (walked.kind === 'more') {
        if (workflowInfo().historyLength > mostEvents) return { kind: 'continue', progress };
        walked = await activities.walkImportWindow(order);
      }
      const sealed = await activities.sealImportWindow(order);
      if (sealed.kind === 'suspect') return { kind: 'suspect', progress };
      if (sealed.kind === 'again') {
        await sleep(beforeSecondWalk, { summary: `before the second walk of ${windowId}` });
        continue;
      }
      progress = {
        windows: windows + 1,
        rows: progress.rows + sealed.traces + sealed.observations,
        mismatches: progress.mismatches + (sealed.verdict === 'mismatch' ? 1 : 0),
        firstOfRun: firstOfRun && kind !== 'live',
      };
      setCurrentDetails(
        `${progress.windows} windows, ${progress.rows} rows, ${progress.mismatches} mismatches; last: ${windowId}, ${sealed.verdict}`,
      );
    } catch (error) {
      if (failureTypeOf(error) !== modeChanged) throw error;
      await probe();
    }
  }
}

const modeChanged: FailureType = 'LangfuseModeChanged';

/** The failure type that an activity ended with; the kind of time-out when it was one. */
export function failureTypeOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) return cause.type ?? 'Internal';
  return 'LangfuseUnavailable';
}
