import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { FailureType } from '../../domain/failures.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store, submissions } from '../options.js';
import { failureTypeOf } from '../trace-import/import-windows.js';
import type { LangfuseAddress } from '../trace-import/messages.js';
import type { TraceSubmissionOutcome } from './messages.js';

/** An execution sends for a minute: a run ends after an hour at the latest, and the next one goes on. */
const mostRounds = 60;
/** A server whose mode changes more often than this within one run is left alone until the next. */
const mostProbes = 2;
const modeChanged: FailureType = 'LangfuseModeChanged';

/**
 * Submits what our own conversations came to since the last run, beside them and never within: no caller waits for it. Always ends in a
 * named outcome; what is left is in the store.
 */
export async function traceSubmission({
  tenantId,
  configId,
}: LangfuseAddress): Promise<TraceSubmissionOutcome> {
  let submitted = 0;
  let refused = 0;
  let probes = 0;
  let end: Pick<TraceSubmissionOutcome, 'outcome' | 'reason'> = { outcome: 'caughtUp', reason: null };
  try {
    for (let rounds = 0, more = true; more && rounds < mostRounds; rounds++) {
      try {
        const done = await submissions.submitOwnTraces({ tenantId, configId });
        submitted += done.submitted;
        refused += done.refused;
        more = done.more;
      } catch (error) {
        if (failureTypeOf(error) !== modeChanged || probes >= mostProbes) throw error;
        probes += 1;
        await submissions.probeLangfuse({ tenantId, configId, urgency: 'incremental' });
      }
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (!(error instanceof ActivityFailure || error instanceof ApplicationFailure)) throw error;
    end = { outcome: 'failed', reason: failureTypeOf(error) };
  }
  setCurrentDetails(`${submitted} submitted, ${refused} refused`);
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: end.outcome }]);
  await store.noteSubmissionRun({ tenantId, configId, ...end });
  return { ...end, submitted, refused };
}
