import {
  ActivityFailure,
  ApplicationFailure,
  continueAsNew,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { searchAttributes } from '../../domain/search-attributes.js';
import { imports, store } from '../options.js';
import { failureTypeOf, importWindows, nothingYet } from './import-windows.js';
import type { TraceImportOrder, TraceImportOutcome } from './messages.js';

/**
 * Brings one Langfuse configuration up to date: the present first, then the sweeps that are due. Always ends in a named outcome; where it
 * stopped is in the store, and the next run goes on there.
 */
export async function traceImport(order: TraceImportOrder): Promise<TraceImportOutcome> {
  const { tenantId, configId } = order;
  const before = order.progress ?? nothingYet;
  let end: TraceImportOutcome;
  try {
    const { kind, progress } = await importWindows({ tenantId, configId, laneId: null }, imports, before);
    if (kind === 'continue') return await continueAsNew<typeof traceImport>({ tenantId, configId, progress });
    const { windows, rows, mismatches } = progress;
    end = {
      outcome: kind,
      reason: kind === 'suspect' ? 'LangfuseMalformed' : null,
      windows,
      rows,
      mismatches,
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (!(error instanceof ActivityFailure || error instanceof ApplicationFailure)) throw error;
    const { windows, rows, mismatches } = before;
    end = { outcome: 'failed', reason: failureTypeOf(error), windows, rows, mismatches };
  }
  await store.noteImportRun({ tenantId, configId, outcome: end.outcome, reason: end.reason });
  const outcome = end.outcome === 'caughtUp' && end.mismatches > 0 ? 'mismatch' : end.outcome;
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
  return end;
}
