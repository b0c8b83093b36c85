import type { RunAttributes } from '../domain/search-attributes.js';

/** A schedule that starts a workflow with one argument, in the shape of the Temporal client's `ScheduleOptions`, which workflows cannot import. */
export interface WorkflowSchedule<Argument> {
  scheduleId: string;
  spec: { intervals: { every: number }[]; jitter: number };
  policies: { overlap: 'SKIP'; catchupWindow: number };
  action: {
    type: 'startWorkflow';
    workflowType: string;
    workflowId: string;
    taskQueue: string;
    args: [Argument];
    staticSummary: string;
    typedSearchAttributes: RunAttributes;
  };
}
