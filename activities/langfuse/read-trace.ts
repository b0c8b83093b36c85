import type { LangfuseConfig } from '../../platform/store/langfuse/configs.js';
import type { LangfuseDeps } from './connection.js';
import { LangfuseError } from './errors.js';
import type { TraceReader } from './reader.js';

export type TraceRead = 'read' | 'notThere' | 'tooLarge';

/** Reads one trace with all that was said into the store. What the server cannot give whole keeps the bodies that it has. */
export async function readTraceInto(
  { store }: Pick<LangfuseDeps, 'store'>,
  config: LangfuseConfig,
  reader: TraceReader,
  traceId: string,
): Promise<{ readonly kind: TraceRead; readonly rows: number }> {
  const settle = (): Promise<void> => store.importedTraces.bodiesRead(config, traceId);
  try {
    const rows = await reader.trace(traceId);
    if (rows === null) {
      await settle();
      return { kind: 'notThere', rows: 0 };
    }
    await store.importedTraces.save({ ...config, api: reader.api }, rows);
    await settle();
    return { kind: 'read', rows: rows.traces.length + rows.observations.length };
  } catch (error) {
    if (!(error instanceof LangfuseError && error.fault.kind === 'tooLarge')) throw error;
    await settle();
    return { kind: 'tooLarge', rows: 0 };
  }
}
