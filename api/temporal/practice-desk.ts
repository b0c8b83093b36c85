import { randomUUID } from 'node:crypto';
import {
  ScheduleNotFoundError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import { isFailureType } from '../../domain/failures.js';
import { runAttributes } from '../../domain/search-attributes.js';
import {
  deskOrderWorkflowId,
  lookUpWorkflowId,
  referenceScheduleId,
  referenceSyncWorkflowId,
  taskQueue,
  testRecordsWorkflowId,
} from '../../workflows/ids.js';
import type { Environment } from '../../domain/tenant.js';
import {
  cancelTestRecordsState,
  cancelTestRecordsType,
  type CancelTestRecordsOrder,
  type CancelTestRecordsState,
} from '../../workflows/cancel-test-records/messages.js';
import {
  deskOrderType,
  lookUpType,
  type DeskOrder,
  type DeskOutcome,
  type LookUp,
  type LookUpAnswers,
} from '../../workflows/practice-desk/messages.js';
import {
  referenceSyncType,
  type ReferenceSyncOrder,
  type ReferenceSyncOutcome,
} from '../../workflows/reference-sync/messages.js';
import { Problem } from '../problems.js';
import { isTimeUp, problemOf } from './errors.js';
import { createWorkerPresence } from './worker-presence.js';

type Ending<Outcome> = { readonly kind: 'ended'; readonly outcome: Outcome } | { readonly kind: 'running' };

/** What people at the practice's desk ask of it, as workflows. Only this folder of the API knows the Temporal client. */
export interface PracticeDesk {
  /** Syncs reference data now, or joins the sync that runs, and waits at most `waitMs` for its outcome. */
  refreshReference(
    order: ReferenceSyncOrder,
    waitMs: number,
  ): Promise<{ readonly workflowId: string; readonly joined: boolean } & Ending<ReferenceSyncOutcome>>;
  /** Asks the practice system one question. Throws what the read failed with, Cloud9Unavailable when it takes too long. */
  lookUp<Query extends LookUp>(query: Query): Promise<LookUpAnswers[Query['kind']]>;
  /** Carries out an order, or joins the run of the same order, and waits at most `waitMs` for its outcome. */
  order(order: DeskOrder, waitMs: number): Promise<Ending<DeskOutcome>>;
  /** How an order that was begun ended; null when it has no run, or one so long ago that the server forgot it. */
  orderState(tenantId: string, orderId: string, waitMs: number): Promise<Ending<DeskOutcome> | null>;
  /** Cancels what tests have booked, or joins the run that does, and tells after at most `waitMs` how far it is. */
  cancelTestRecords(order: CancelTestRecordsOrder, waitMs: number): Promise<CancelTestRecordsState>;
  /** Null when no run was started, or so long ago that the server forgot it. */
  testRecordsState(tenantId: string, environment: Environment): Promise<CancelTestRecordsState | null>;
}

const startLimitMs = 5_000;

/** A read waits for its turn and for the practice system; nobody on the phone waits longer (cloud9.md 4.4). */
const lookUpLimitMs = 45_000;

export function createPracticeDesk(client: Client, namespace: string): PracticeDesk {
  const presence = createWorkerPresence(client, namespace);
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
      throw error instanceof WorkflowFailedError ? failureOf(error) : problemOf(error);
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
              typedSearchAttributes: runAttributes(order, 'referenceSync'),
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

    lookUp: async <Query extends LookUp>(query: Query) => {
      const { tenantId } = query;
      try {
        const handle = await within(startLimitMs, () =>
          client.workflow.start(lookUpType, {
            workflowId: lookUpWorkflowId(tenantId, randomUUID()),
            taskQueue,
            args: [query],
            workflowExecutionTimeout: lookUpLimitMs,
            staticSummary: query.kind,
            typedSearchAttributes: runAttributes(query, 'lookUp'),
          }),
        );
        const ended = await outcomeOf<LookUpAnswers[Query['kind']]>(handle, lookUpLimitMs);
        if (ended.kind === 'ended') return ended.outcome;
        await presence.check();
        throw new Problem('Cloud9Unavailable', { detail: 'It did not answer in time.' });
      } catch (error) {
        throw problemOf(error);
      }
    },

    order: async (order, waitMs) => {
      const { tenantId, orderId } = order;
      try {
        const handle = await within(startLimitMs, () =>
          client.workflow.start(deskOrderType, {
            workflowId: deskOrderWorkflowId(tenantId, orderId),
            taskQueue,
            args: [order],
            // The same order ten times at once is one run; a run that came to nothing may be started again.
            workflowIdConflictPolicy: 'USE_EXISTING',
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            staticSummary: `${order.kind} by a person`,
            typedSearchAttributes: runAttributes(order, 'deskOrder'),
          }),
        );
        return await outcomeOf<DeskOutcome>(handle, waitMs);
      } catch (error) {
        throw problemOf(error);
      }
    },

    orderState: async (tenantId, orderId, waitMs) => {
      try {
        return await outcomeOf<DeskOutcome>(
          client.workflow.getHandle(deskOrderWorkflowId(tenantId, orderId)),
          waitMs,
        );
      } catch (error) {
        if (error instanceof Problem && error.cause instanceof WorkflowNotFoundError) return null;
        throw problemOf(error);
      }
    },

    cancelTestRecords: async (order, waitMs) => {
      try {
        const handle = await within(startLimitMs, () =>
          client.workflow.start(cancelTestRecordsType, {
            workflowId: testRecordsWorkflowId(order.tenantId, order.environment),
            taskQueue,
            args: [order],
            workflowIdConflictPolicy: 'USE_EXISTING',
            staticSummary: 'Cancels what tests have booked',
            typedSearchAttributes: runAttributes(order, 'cancelTestRecords'),
          }),
        );
        const ended = await outcomeOf<CancelTestRecordsState>(handle, waitMs);
        if (ended.kind === 'ended') return ended.outcome;
        return await within(startLimitMs, () => handle.query(cancelTestRecordsState));
      } catch (error) {
        throw problemOf(error);
      }
    },

    testRecordsState: async (tenantId, environment) => {
      try {
        const handle = client.workflow.getHandle(testRecordsWorkflowId(tenantId, environment));
        return await within(startLimitMs, () => handle.query(cancelTestRecordsState));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw problemOf(error);
      }
    },
  };
}

/** What a workflow failed with, as its row of the failure table. */
function failureOf(error: WorkflowFailedError): Problem {
  for (
    let link: unknown = error.cause, depth = 0;
    link instanceof Error && depth < 5;
    link = link.cause, depth++
  ) {
    if (link instanceof ApplicationFailure && isFailureType(link.type)) {
      return new Problem(link.type, { detail: link.message || undefined, cause: error });
    }
    if (link instanceof TimeoutFailure) {
      return new Problem('Cloud9Unavailable', { detail: 'It did not answer in time.', cause: error });
    }
  }
  return new Problem('Internal', { cause: error });
}
