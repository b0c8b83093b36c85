import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import { searchAttributes } from '../../domain/search-attributes.js';
import type { FlowTarget } from '../../platform/store/flow-targets.js';
import { nodeRedErrandWorkflowId, nodeRedScheduleId, taskQueue } from '../../workflows/ids.js';
import { nodeRedErrandType, type NodeRedErrand } from '../../workflows/node-red-errand/messages.js';

/** What was missed while nothing ran need not be made up for: the next run looks at the present. */
const catchupWindow = '10 minutes';
/** All targets of an installation must not ask in the same second. */
const jitter = '1 minute';

type ScheduledKind = 'backup' | 'drift';

function optionsOf(
  { tenantId, environment, targetId }: FlowTarget,
  kind: ScheduledKind,
  everyMinutes: number,
) {
  return {
    scheduleId: nodeRedScheduleId(tenantId, targetId, kind),
    spec: { intervals: [{ every: everyMinutes * 60_000 }], jitter },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow },
    action: {
      type: 'startWorkflow',
      workflowType: nodeRedErrandType,
      workflowId: nodeRedErrandWorkflowId(tenantId, targetId, kind),
      taskQueue,
      args: [{ tenantId, environment, targetId, kind, actor: 'schedule' } satisfies NodeRedErrand],
      staticSummary: `${kind} of the Node-RED target ${targetId}, by schedule`,
      typedSearchAttributes: [
        { key: searchAttributes.tenantId, value: tenantId },
        { key: searchAttributes.environment, value: environment },
        { key: searchAttributes.kind, value: 'nodeRedErrand' },
      ],
    },
  } satisfies ScheduleOptions;
}

/** Makes the schedules of backups and drift checks what the target says; a period of null, or a target that is gone, has none. */
export async function setSchedules(
  { schedule }: Pick<Client, 'schedule'>,
  target: FlowTarget,
  wanted: 'as the target says' | 'none',
): Promise<void> {
  const { backupEveryMinutes, driftEveryMinutes } = target.settings;
  for (const [kind, everyMinutes] of [
    ['backup', backupEveryMinutes],
    ['drift', driftEveryMinutes],
  ] as const) {
    if (everyMinutes === null || wanted === 'none') {
      await schedule
        .getHandle(nodeRedScheduleId(target.tenantId, target.targetId, kind))
        .delete()
        .catch((error: unknown) => {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        });
      continue;
    }
    const options = optionsOf(target, kind, everyMinutes);
    try {
      await schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
    }
  }
}
