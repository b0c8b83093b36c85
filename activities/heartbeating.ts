import { Context } from '@temporalio/activity';

/** What one execution of an activity knows about itself. */
export interface ActivityScope {
  /** Aborts with a `CancelledFailure` when the workflow cancels, or when the worker loses or leaves the task. */
  readonly signal: AbortSignal;
  /** The same for every retry of one activity and for no other: limiter places are kept under it. */
  readonly activityKey: string;
}

/** A killed worker is noticed after the heartbeat timeout of the workflow's proxies, which is a few of these. */
const heartbeatMs = 1_000;

/** Heartbeats while the work lasts. */
export async function heartbeating<T>(work: (scope: ActivityScope) => Promise<T>): Promise<T> {
  const context = Context.current();
  const { workflowExecution, activityId } = context.info;
  const heartbeat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work({
      signal: context.cancellationSignal,
      activityKey: [workflowExecution?.workflowId, workflowExecution?.runId, activityId].join('/'),
    });
  } finally {
    clearInterval(heartbeat);
  }
}
