import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  continueAsNew,
  isCancellation,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { searchAttributes } from '../../domain/search-attributes.js';
import { orderedImports, store } from '../options.js';
import { failureTypeOf, importWindows, nothingYet } from './import-windows.js';
import type { OrderedImportOrder, OrderedImportOutcome } from './messages.js';

/**
 * Reads what a person ordered: a range of the past, one trace, or one session. It has a lane of its own, so that the watermark of the
 * present never moves by it. A cancelled or failed range can be ordered again under the same id and goes on where it stopped.
 */
export async function orderedTraceImport(order: OrderedImportOrder): Promise<OrderedImportOutcome> {
  const end = await run(order);
  const { tenantId, configId, importId } = order;
  const state = end.outcome === 'cancelled' || end.outcome === 'failed' ? end.outcome : 'done';
  const outcome = end.reason === null ? end.outcome : `${end.outcome}: ${end.reason}`;
  await CancellationScope.nonCancellable(async () => {
    await store.settleImport({
      tenantId,
      configId,
      importId,
      state: end.outcome === 'suspect' ? 'failed' : state,
      outcome,
      ...(end.rows === undefined ? {} : { rows: end.rows }),
    });
  });
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: end.outcome }]);
  return { outcome: end.outcome, reason: end.reason };
}

type End = OrderedImportOutcome & { readonly rows?: number };

async function run(order: OrderedImportOrder): Promise<End> {
  const { tenantId, configId, importId } = order;
  try {
    if (order.kind !== 'backfill') return await readSubject(order);
    const before = order.progress ?? nothingYet;
    const { kind, progress } = await importWindows(
      { tenantId, configId, laneId: importId },
      orderedImports,
      before,
    );
    if (kind === 'continue') return await continueAsNew<typeof orderedTraceImport>({ ...order, progress });
    if (kind === 'suspect') return { outcome: 'suspect', reason: 'LangfuseMalformed' };
    return { outcome: progress.mismatches > 0 ? 'withMismatch' : 'complete', reason: null };
  } catch (error) {
    if (isCancellation(error)) return { outcome: 'cancelled', reason: null };
    if (!(error instanceof ActivityFailure || error instanceof ApplicationFailure)) throw error;
    return { outcome: 'failed', reason: failureTypeOf(error) };
  }
}

/** A server that was never asked about itself, or has changed, is asked first. */
async function readSubject({ tenantId, configId, importId }: OrderedImportOrder): Promise<End> {
  const read = () => orderedImports.importSubject({ tenantId, configId, importId });
  const subject = await read().catch(async (error: unknown) => {
    if (failureTypeOf(error) !== 'LangfuseModeChanged') throw error;
    await orderedImports.probeLangfuse({ tenantId, configId, urgency: 'interactive' });
    return read();
  });
  if (subject.traces === 0) return { outcome: 'failed', reason: 'LangfuseNotFound', rows: 0 };
  return { outcome: 'complete', reason: null, rows: subject.rows };
}
