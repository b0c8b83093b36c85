/**
 * Every workflow id of the product is built and parsed here, so that an id names its tenant and holds no personal data
 * (docs/architecture.md, "Rules"). `api/` never takes a workflow id from a caller.
 */
const part = (value: string): string => {
  if (!/^[A-Za-z0-9_.:-]{1,80}$/.test(value))
    throw new RangeError('An id part may hold letters, digits, "_", ".", ":" and "-" only.');
  return value;
};

/** One conversation with one caller. */
export const conversationWorkflowId = (tenantId: string, conversationId: string): string =>
  `booking/${part(tenantId)}/${part(conversationId)}`;

/** One order of visits (one to N siblings, or a reschedule) of a conversation; `orderSeq` counts orders, across continue-as-new. */
export const visitsWorkflowId = (tenantId: string, conversationId: string, orderSeq: number): string =>
  `visits/${part(tenantId)}/${part(conversationId)}/${orderSeq}`;

/** One write that a person ordered over the API; `orderId` comes from its idempotency key. */
export const deskOrderWorkflowId = (tenantId: string, orderId: string): string =>
  `desk/${part(tenantId)}/${part(orderId)}`;

/** The one run that cancels what tests have booked in an environment. */
export const testRecordsWorkflowId = (tenantId: string, environment: string): string =>
  `test-records/${part(tenantId)}/${part(environment)}`;

/** One question to the practice system. */
export const lookUpWorkflowId = (tenantId: string, lookUpId: string): string =>
  `look-up/${part(tenantId)}/${part(lookUpId)}`;

/** The one sync of a practice's reference data that the API starts. Runs of the schedule add their time to it. */
export const referenceSyncWorkflowId = (tenantId: string, environment: string): string =>
  `reference/${part(tenantId)}/${part(environment)}`;

/** The schedule of those syncs. */
export const referenceScheduleId = (tenantId: string, environment: string): string =>
  referenceSyncWorkflowId(tenantId, environment);

export const isReferenceScheduleId = (scheduleId: string): boolean => scheduleId.startsWith('reference/');

/** The single writer of one Node-RED target. */
export const nodeRedTargetWorkflowId = (tenantId: string, targetId: string): string =>
  `nodered/${part(tenantId)}/${part(targetId)}`;

/** One errand at a target: a test, a backup, a look at its drift. Runs of a schedule add their time to it. */
export const nodeRedErrandWorkflowId = (tenantId: string, targetId: string, errandId: string): string =>
  `nodered-errand/${part(tenantId)}/${part(targetId)}/${part(errandId)}`;

/** The schedule of a kind of errand at a target. */
export const nodeRedScheduleId = (tenantId: string, targetId: string, kind: string): string =>
  nodeRedErrandWorkflowId(tenantId, targetId, kind);

export const isNodeRedScheduleId = (scheduleId: string): boolean => scheduleId.startsWith('nodered-errand/');

/** The regular import of one Langfuse configuration. Runs of the schedule add their time to it. */
export const traceImportWorkflowId = (tenantId: string, configId: string): string =>
  `trace-import/${part(tenantId)}/${part(configId)}`;

/** The schedule of that import. */
export const traceImportScheduleId = (tenantId: string, configId: string): string =>
  traceImportWorkflowId(tenantId, configId);

export const isTraceImportScheduleId = (scheduleId: string): boolean =>
  scheduleId.startsWith('trace-import/');

/** The submission of a practice's own conversations to one Langfuse configuration. Runs of the schedule add their time to it. */
export const traceSubmissionWorkflowId = (tenantId: string, configId: string): string =>
  `trace-submission/${part(tenantId)}/${part(configId)}`;

/** The schedule of that submission. */
export const traceSubmissionScheduleId = (tenantId: string, configId: string): string =>
  traceSubmissionWorkflowId(tenantId, configId);

export const isTraceSubmissionScheduleId = (scheduleId: string): boolean =>
  scheduleId.startsWith('trace-submission/');

/** One import that a person ordered: a range of the past, a trace, or a session. */
export const orderedImportWorkflowId = (tenantId: string, importId: string): string =>
  `trace-order/${part(tenantId)}/${part(importId)}`;

/** One question to a Langfuse server about itself. */
export const langfuseProbeWorkflowId = (tenantId: string, probeId: string): string =>
  `langfuse-probe/${part(tenantId)}/${part(probeId)}`;

/** The one follower of an alert rule. */
export const alertRuleWorkflowId = (tenantId: string, environment: string, ruleId: string): string =>
  `alert-rule/${part(tenantId)}/${part(environment)}/${part(ruleId)}`;

/** The one queue of workflows and activities: quick steps stay on the worker that runs the workflow (temporal.md 7). */
export const taskQueue = 'orchestration';
