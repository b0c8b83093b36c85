import type { Lane } from '../../domain/langfuse/lanes.js';
import { ApplicationFailure } from '@temporalio/common';
import { failures } from '../../domain/failures.js';
import {
  apiOf,
  asLangfuseActivity,
  connect,
  readerOf,
  type LangfuseAddress,
  type LangfuseDeps,
} from './connection.js';
import { digestTraces } from './digest-traces.js';
import { LangfuseError } from './errors.js';
import { readTraceInto } from './read-trace.js';

export interface OnDemandActivities {
  /**
   * Reads the one trace, or all traces of the one session, that an import names. The ids stay in the store: a session's may be personal.
   * Fails as reads do, and with LangfuseModeChanged before the first probe.
   */
  readonly importSubject: (input: LangfuseAddress & { readonly importId: string }) => Promise<{
    readonly traces: number;
    readonly rows: number;
    readonly missing: number;
  }>;
  /** How an import that a person ordered ended, or that it goes on. */
  readonly settleImport: (
    input: LangfuseAddress & {
      readonly importId: string;
      readonly state: Lane['state'];
      readonly outcome: string | null;
      readonly rows?: number;
    },
  ) => Promise<void>;
  /** How a run of the regular import ended; the alert rules of its environment then look at what it brought. */
  readonly noteImportRun: (
    input: LangfuseAddress & { readonly outcome: string; readonly reason: string | null },
  ) => Promise<void>;
}

export const createOnDemandActivities = (deps: LangfuseDeps): OnDemandActivities => ({
  importSubject: (input) =>
    asLangfuseActivity(async (scope) => {
      const lane = await deps.store.importLanes.get(input.tenantId, input.importId);
      if (!lane || lane.subject === null)
        throw ApplicationFailure.nonRetryable(failures.RecordNotFound.title, 'RecordNotFound');
      const { config, client } = await connect(deps, input, 'interactive', scope);
      const api = apiOf(config);
      if (api === null) throw new LangfuseError('traces', { kind: 'mode' });
      const reader = readerOf(api, client);
      const traceIds = lane.kind === 'trace' ? [lane.subject] : await reader.sessionTraces(lane.subject);
      let rows = 0;
      let missing = 0;
      for (const traceId of traceIds) {
        scope.signal.throwIfAborted();
        const read = await readTraceInto(deps, config, reader, traceId);
        rows += read.rows;
        if (read.kind !== 'read') missing += 1;
      }
      await digestTraces(deps, config, scope);
      return { traces: traceIds.length - missing, rows, missing };
    }),

  settleImport: ({ tenantId, configId, importId, ...end }) =>
    deps.store.importLanes.settle(tenantId, configId, importId, end),

  noteImportRun: async ({ tenantId, configId, outcome, reason }) => {
    await deps.store.langfuseConfigs.noteRun(tenantId, configId, { outcome, reason });
    const config = await deps.store.langfuseConfigs.get(tenantId, configId);
    if (config) await deps.alertRules.wakeAll(tenantId, config.environment);
  },
});
