import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { taskQueue, traceSubmissionScheduleId, traceSubmissionWorkflowId } from '../ids.js';
import type { LangfuseAddress } from '../trace-import/messages.js';
import type { WorkflowSchedule } from '../workflow-schedule.js';

/** Stored histories and schedules name it, so it never changes. */
const traceSubmissionType = 'traceSubmission';

/** `caughtUp`: nothing is left that could be sent. `failed`: `reason` is the failure's type; the next run goes on. */
export interface TraceSubmissionOutcome {
  readonly outcome: 'caughtUp' | 'failed';
  readonly reason: string | null;
  readonly submitted: number;
  readonly refused: number;
}

/** A turn can be seen at Langfuse about a minute after it is complete. */
const everyMs = 60_000;
/** All configurations of an installation must not begin in the same second. */
const jitterMs = 10_000;
/** One run sends everything that is there: missed ones need not be made up for. The default is a year. */
const catchupWindowMs = 60_000;

/** What Temporal is to do for a configuration to which our own conversations are submitted. Worker and API both set it. */
export const traceSubmissionSchedule = ({
  tenantId,
  configId,
  environment,
}: LangfuseAddress & { readonly environment: Environment }): WorkflowSchedule<LangfuseAddress> => ({
  scheduleId: traceSubmissionScheduleId(tenantId, configId),
  spec: { intervals: [{ every: everyMs }], jitter: jitterMs },
  policies: { overlap: 'SKIP', catchupWindow: catchupWindowMs },
  action: {
    type: 'startWorkflow',
    workflowType: traceSubmissionType,
    workflowId: traceSubmissionWorkflowId(tenantId, configId),
    taskQueue,
    args: [{ tenantId, configId }],
    staticSummary: `Conversations of ${tenantId} as traces, ${environment}`,
    typedSearchAttributes: runAttributes({ tenantId, environment }, traceSubmissionType),
  },
});
