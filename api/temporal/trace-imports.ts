import { randomUUID } from 'node:crypto';
import {
  ScheduleNotFoundError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isFailureType } from '../../domain/failures.js';
import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { removeSchedule, setSchedule } from '../../platform/temporal/set-schedule.js';
import {
  langfuseProbeWorkflowId,
  orderedImportWorkflowId,
  taskQueue,
  traceImportScheduleId,
  traceSubmissionScheduleId,
} from '../../workflows/ids.js';
import {
  langfuseProbeType,
  orderedTraceImportType,
  traceImportSchedule,
  type LangfuseAddress,
  type OrderedImportOrder,
  type ProbeReport,
} from '../../workflows/trace-import/messages.js';
import { traceSubmissionSchedule } from '../../workflows/trace-submission/messages.js';
import { Problem } from '../problems.js';
import { isTimeUp, problemOf } from './errors.js';
import { createWorkerPresence } from './worker-presence.js';

/** A configuration as far as its schedules are concerned. */
export interface ScheduledConfig extends LangfuseAddress {
  readonly environment: Environment;
  readonly everyMs: number;
  readonly active: boolean;
  readonly submit: { readonly enabled: boolean };
}

export interface ImportScheduleState {
  readonly paused: boolean;
  readonly note: string | null;
  readonly nextRunsMs: readonly number[];
  readonly running: readonly string[];
  readonly latestRunsMs: readonly number[];
}

/** The regular and the ordered imports as Temporal knows them. */
export interface TraceImports {
  /** Asks the server of a configuration what it can do. Throws what the probe failed with. */
  probe(config: LangfuseAddress & { readonly environment: Environment }): Promise<ProbeReport>;
  /** Makes both schedules what the configuration says: one for its import, one for the submission to it, or none. A pause stays. */
  reconcile(config: ScheduledConfig): Promise<void>;
  removeSchedules(config: LangfuseAddress): Promise<void>;
  /** Null when the configuration is inactive, or no worker has made its schedule yet. */
  schedule(config: LangfuseAddress): Promise<ImportScheduleState | null>;
  pause(config: LangfuseAddress, note: string): Promise<void>;
  resume(config: LangfuseAddress, note: string): Promise<void>;
  /** Runs the import now, unless it runs. */
  trigger(config: LangfuseAddress): Promise<void>;
  /**
   * Starts an ordered import; one that runs goes on. `anew` = its last run has ended by its own account and may still be closing: it is not
   * waited for, since all that it knew is in the store.
   */
  start(
    order: OrderedImportOrder & { readonly environment: Environment; readonly anew: boolean },
  ): Promise<{ readonly workflowId: string }>;
  /** Asks a running import to stop; one that has ended stays as it is. */
  cancel(tenantId: string, importId: string): Promise<void>;
}

const limitMs = 5_000;
const probeLimitMs = 45_000;

export function createTraceImports(client: Client, namespace: string): TraceImports {
  const presence = createWorkerPresence(client, namespace);
  const within = async <T>(work: () => Promise<T>, ms = limitMs): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, work);
    } catch (error) {
      if (error instanceof ScheduleNotFoundError)
        throw new Problem('RecordNotFound', { detail: 'This configuration has no schedule.', cause: error });
      throw problemOf(error);
    }
  };
  const handleOf = ({ tenantId, configId }: LangfuseAddress) =>
    client.schedule.getHandle(traceImportScheduleId(tenantId, configId));
  const remove = (scheduleId: string): Promise<void> =>
    within(() => removeSchedule(client.schedule, scheduleId));
  // What was configured is imported or submitted at once.
  const set = (options: ScheduleOptions): Promise<void> =>
    within(() => setSchedule(client.schedule, options, 'run at once'));

  return {
    probe: async ({ tenantId, configId, environment }) => {
      const handle = await within(() =>
        client.workflow.start(langfuseProbeType, {
          workflowId: langfuseProbeWorkflowId(tenantId, randomUUID()),
          taskQueue,
          args: [{ tenantId, configId }],
          workflowExecutionTimeout: probeLimitMs,
          staticSummary: 'What a Langfuse server can do',
          typedSearchAttributes: runAttributes({ tenantId, environment }, langfuseProbeType),
        }),
      );
      try {
        return (await client.withDeadline(Date.now() + probeLimitMs, () => handle.result())) as ProbeReport;
      } catch (error) {
        if (error instanceof WorkflowFailedError) throw failureOf(error);
        if (!isTimeUp(error)) throw problemOf(error);
        await presence.check();
        throw new Problem('LangfuseUnavailable', { detail: 'It did not answer in time.' });
      }
    },

    reconcile: async ({ active, submit, ...config }) => {
      const { tenantId, configId } = config;
      await (active ? set(traceImportSchedule(config)) : remove(traceImportScheduleId(tenantId, configId)));
      await (submit.enabled
        ? set(traceSubmissionSchedule(config))
        : remove(traceSubmissionScheduleId(tenantId, configId)));
    },

    removeSchedules: async ({ tenantId, configId }) => {
      await remove(traceImportScheduleId(tenantId, configId));
      await remove(traceSubmissionScheduleId(tenantId, configId));
    },

    schedule: (config) =>
      within(async () => {
        try {
          const { state, info } = await handleOf(config).describe();
          return {
            paused: state.paused,
            note: state.note ?? null,
            nextRunsMs: info.nextActionTimes.map((at) => at.getTime()),
            running: info.runningActions.map(({ workflow }) => workflow.workflowId),
            latestRunsMs: info.recentActions.map(({ takenAt }) => takenAt.getTime()),
          };
        } catch (error) {
          if (error instanceof ScheduleNotFoundError) return null;
          throw error;
        }
      }),

    pause: (config, note) => within(() => handleOf(config).pause(note)),
    resume: (config, note) => within(() => handleOf(config).unpause(note)),
    // Its default would start a second run beside one that runs (temporal.md 8).
    trigger: (config) => within(() => handleOf(config).trigger('SKIP')),

    start: ({ environment, anew, ...order }) =>
      within(async () => {
        const workflowId = orderedImportWorkflowId(order.tenantId, order.importId);
        await client.workflow.start(orderedTraceImportType, {
          workflowId,
          taskQueue,
          args: [order],
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: anew ? 'TERMINATE_EXISTING' : 'USE_EXISTING',
          staticSummary: `Langfuse ${order.kind} on request`,
          typedSearchAttributes: runAttributes(
            { tenantId: order.tenantId, environment },
            orderedTraceImportType,
          ),
        });
        return { workflowId };
      }),

    cancel: (tenantId, importId) =>
      within(async () => {
        try {
          await client.workflow.getHandle(orderedImportWorkflowId(tenantId, importId)).cancel();
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
  };
}

/** What a probe failed with, as its row of the failure table. */
function failureOf(error: WorkflowFailedError): Problem {
  for (
    let link: unknown = error.cause, depth = 0;
    link instanceof Error && depth < 5;
    link = link.cause, depth++
  ) {
    if (link instanceof ApplicationFailure && isFailureType(link.type))
      return new Problem(link.type, { detail: link.message || undefined, cause: error });
  }
  return new Problem('LangfuseUnavailable', { detail: 'It did not answer in time.', cause: error });
}
