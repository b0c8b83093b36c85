import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.js';
import { withLogContext } from '../platform/logger/log-context.js';
import type { MasterKeys } from '../platform/secrets/master-keys.js';
import { createDataConverter } from '../platform/temporal/data-converter.js';
import { taskQueue } from '../workflows/ids.js';

/**
 * The worker of all workflows and activities. A number that departs from the SDK's default has its reason beside it.
 * `workflowBundle` is the prebuilt one; it is never built at start.
 */
export const createChatWorker = (options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly masterKeys: MasterKeys;
  readonly activities: Activities;
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  readonly taskQueue?: string;
}): Promise<Worker> =>
  Worker.create({
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.taskQueue ?? taskQueue,
    workflowBundle: options.workflowBundle,
    activities: { ...options.activities },
    dataConverter: createDataConverter(options.masterKeys),
    // Every log line of an activity, those of its database statements too, names the workflow that it works for.
    interceptors: {
      activity: [
        ({ info }) => ({
          inbound: {
            execute: (input, next) =>
              withLogContext({ correlationId: info.workflowExecution?.workflowId ?? info.activityId }, () =>
                next(input),
              ),
          },
        }),
      ],
    },
    // After a kill the reply of a running turn waits this long for the dead worker's sticky queue. With the heartbeat of a model step
    // (2.5 s) it keeps the caller's loss under 5 s, also on a busy machine; a miss costs one replay of some 200 events, 0.3 s at most.
    stickyQueueScheduleToStartTimeout: '500ms',
    // Cancellation reaches an activity with a heartbeat's answer: a newer message must not wait a minute for it.
    maxHeartbeatThrottleInterval: '1s',
    defaultHeartbeatThrottleInterval: '1s',
    // A cached conversation takes 233 KiB of heap after 3 turns (test/integration/heap.test.ts) and 5 KiB more with each turn, 300 KiB
    // after the 16 of a run: at most 150 MB, which the heap of a container with 2 GB bears. One that was pushed out comes back by a
    // replay.
    maxCachedWorkflows: 500,
    maxConcurrentActivityTaskExecutions: 200,
    // A write under way is finished rather than left unclear; the container's grace must be longer than the second number.
    shutdownGraceTime: '20s',
    shutdownForceTime: '30s',
  });
