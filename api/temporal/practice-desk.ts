import {
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { searchAttributes } from '../../domain/search-attributes.js';
import { referenceScheduleId, referenceSyncWorkflowId, taskQueue } from '../../workflows/ids.js';
import {
  referenceSyncType,
  type ReferenceSyncOrder,
  type ReferenceSyncOutcome,
} from '../../workflows/reference-sync/messages.js';
import { isTimeUp, problemOf } from './errors.js';

type Ending<Outcome> = { readonly kind: 'ended'; readonly outcome: Outcome } | { readonly kind: 'running' };

/** What people at the practice's desk ask of it, as workflows. Only this folder of the API knows the Temporal client. */
export interface PracticeDesk {
  /** Syncs reference data now, or joins the sync that runs, and waits at most `waitMs` for its outcome. */
  refreshReference(
    order: ReferenceSyncOrder,
    waitMs: number,
  ): Promise<{ readonly workflowId: string; readonly joined: boolean } & Ending<ReferenceSyncOutcome>>;
}

const startLimitMs = 5_000;

export function createPracticeDesk(client: Client): PracticeDesk {
  const within = <T>(limitMs: number, work: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + limitMs, work);

  async function outcomeOf<Outcome>(
    handle: Pick<WorkflowHandle, 'result'>,
    waitMs: number,
  ): Promise<Ending<Outcome>> {
    try {
      const outcome = (await within(Math.max(waitMs, 1), () => handle.result())) as Outcome;
      return { kind: 'ended', outcome };
    } catch (error) {
      if (isTimeUp(error)) return { kind: 'running' };
      throw problemOf(error);
    }
  }

  /** The run that the schedule has under way, if any. */
  async function scheduledRun(tenantId: string, environment: string): Promise<string | undefined> {
    try {
      const { info } = await client.schedule.getHandle(referenceScheduleId(tenantId, environment)).describe();
      return info.runningActions[0]?.workflow.workflowId;
    } catch (error) {
      // No worker has made the schedule yet: then nothing runs.
      if (error instanceof ScheduleNotFoundError) return undefined;
      throw error;
    }
  }

  return {
    refreshReference: async (order, waitMs) => {
      const { tenantId, environment } = order;
      const ownId = referenceSyncWorkflowId(tenantId, environment);
      try {
        const { workflowId, joined } = await within(startLimitMs, async () => {
          const running = await scheduledRun(tenantId, environment);
          if (running !== undefined) return { workflowId: running, joined: true };
          try {
            await client.workflow.start(referenceSyncType, {
              workflowId: ownId,
              taskQueue,
              args: [order],
              staticSummary: `Reference data of ${tenantId}, ${environment}, on request`,
              typedSearchAttributes: [
                { key: searchAttributes.tenantId, value: tenantId },
                { key: searchAttributes.environment, value: environment },
                { key: searchAttributes.kind, value: 'referenceSync' },
              ],
            });
            return { workflowId: ownId, joined: false };
          } catch (error) {
            if (error instanceof WorkflowExecutionAlreadyStartedError)
              return { workflowId: ownId, joined: true };
            throw error;
          }
        });
        const ended = await outcomeOf<ReferenceSyncOutcome>(client.workflow.getHandle(workflowId), waitMs);
        return { workflowId, joined, ...ended };
      } catch (error) {
        throw problemOf(error);
      }
    },
  };
}
