import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { taskQueue, traceImportScheduleId, traceImportWorkflowId } from '../ids.js';
import type { WorkflowSchedule } from '../workflow-schedule.js';
import type { ProbeReport } from './types.js';

/** Workflow types; stored histories and schedules name them, so they never change. */
const traceImportType = 'traceImport';
export const orderedTraceImportType = 'orderedTraceImport';
export const langfuseProbeType = 'langfuseProbe';

export interface LangfuseAddress {
  readonly tenantId: string;
  readonly configId: string;
}

/** What earlier runs of one chain have done: a long import continues as new. */
export interface ImportProgress {
  readonly windows: number;
  readonly rows: number;
  readonly mismatches: number;
  /** The next window of the present begins with the overlap. */
  readonly firstOfRun: boolean;
}

export interface TraceImportOrder extends LangfuseAddress {
  readonly progress?: ImportProgress;
}

/**
 * `caughtUp`: everything that is due has been read and proven, or reported (`mismatches`). `suspect`: the server gave nothing although it
 * counts rows. `failed`: `reason` is the failure's type; the next run goes on where this one stopped.
 */
export interface TraceImportOutcome {
  readonly outcome: 'caughtUp' | 'suspect' | 'failed';
  readonly reason: string | null;
  readonly windows: number;
  readonly rows: number;
  readonly mismatches: number;
}

export interface OrderedImportOrder extends LangfuseAddress {
  readonly importId: string;
  readonly kind: 'backfill' | 'trace' | 'session';
  readonly progress?: ImportProgress;
}

export interface OrderedImportOutcome {
  readonly outcome: 'complete' | 'withMismatch' | 'suspect' | 'cancelled' | 'failed';
  readonly reason: string | null;
}

export type { ProbeReport };

/** An import reads everything since its watermark: what was missed for longer than this need not be made up for. The default is a year. */
const catchupWindowMs = 60 * 60_000;

/** All configurations of an installation must not ask in the same second; a tenth of the interval, a minute at most. */
const jitterMs = (everyMs: number): number => Math.min(60_000, Math.floor(everyMs / 10));

/** What Temporal is to do for a configuration. Worker and API both set it. */
export const traceImportSchedule = ({
  tenantId,
  configId,
  environment,
  everyMs,
}: LangfuseAddress & {
  readonly environment: Environment;
  readonly everyMs: number;
}): WorkflowSchedule<LangfuseAddress> => ({
  scheduleId: traceImportScheduleId(tenantId, configId),
  spec: { intervals: [{ every: everyMs }], jitter: jitterMs(everyMs) },
  policies: { overlap: 'SKIP', catchupWindow: catchupWindowMs },
  action: {
    type: 'startWorkflow',
    workflowType: traceImportType,
    workflowId: traceImportWorkflowId(tenantId, configId),
    taskQueue,
    args: [{ tenantId, configId }],
    staticSummary: `Langfuse traces of ${tenantId}, ${environment}`,
    typedSearchAttributes: runAttributes({ tenantId, environment }, traceImportType),
  },
});
