import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { taskQueue } from '../../workflows/ids.js';
import { Problem } from '../problems.js';
import { problemOf } from './errors.js';

const { TaskQueueType } = proto.temporal.api.enums.v1;

const answerLimitMs = 2_000;

/** A waiting worker asks again at least once a minute; the server goes on listing one that has died for five. */
const longestSilenceMs = 70_000;

/** Tells whether somebody takes the conversations' work. */
export interface WorkerPresence {
  /** Resolves when a worker has asked for work lately. Throws WorkerUnavailable or TemporalUnavailable. */
  check(): Promise<void>;
  /** True when a worker has asked for work since then: it is alive, though it may be busy. Throws TemporalUnavailable. */
  seenSince(atMs: number): Promise<boolean>;
}

export function createWorkerPresence(client: Client, namespace: string): WorkerPresence {
  const lastSeenMs = async (): Promise<number> => {
    try {
      const queue = await client.withDeadline(Date.now() + answerLimitMs, () =>
        client.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name: taskQueue },
          taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        }),
      );
      const seconds = queue.pollers.map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0));
      return Math.max(0, ...seconds) * 1_000;
    } catch (error) {
      // Describing a queue needs the server only, so a time-out is the server's.
      throw new Problem('TemporalUnavailable', { cause: problemOf(error) });
    }
  };
  return {
    check: async () => {
      if ((await lastSeenMs()) < Date.now() - longestSilenceMs) throw new Problem('WorkerUnavailable');
    },
    // Whole seconds: the second in which it began counts for nobody.
    seenSince: async (atMs) => (await lastSeenMs()) > atMs,
  };
}
