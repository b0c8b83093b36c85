import type { TargetSettings } from '../../domain/deployment/target.js';
import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { nodeRedErrandWorkflowId, nodeRedScheduleId, taskQueue } from '../ids.js';
import type { WorkflowSchedule } from '../workflow-schedule.js';

/** The workflow type; stored histories and schedules name it, so it never changes. */
export const nodeRedErrandType = 'nodeRedErrand';

/** Something that is done at every instance of a target and changes nothing there. */
export interface NodeRedErrand {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly kind: 'test' | 'backup' | 'drift';
  /** User id, or `schedule`. */
  readonly actor: string;
}

/** What an instance is and what an operator should know before deploying there. */
export interface InstanceTest {
  readonly instance: string;
  readonly reachable: boolean;
  /** Row of the failure table; null when all is well. */
  readonly failure: string | null;
  readonly version: string | null;
  readonly authKind: 'open' | 'credentials' | 'strategy' | null;
  readonly rev: string | null;
  readonly state: string | null;
  readonly modules: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export interface InstanceBackup {
  readonly instance: string;
  readonly backupId: string | null;
  readonly rev: string | null;
  readonly failure: string | null;
}

/** How an instance differs from what was last deployed there. */
export interface InstanceDrift {
  readonly instance: string;
  readonly kind: 'none' | 'neverDeployed' | 'cosmetic' | 'foreign' | 'content' | 'unreachable';
  readonly reportId: string | null;
}

export interface ErrandResult {
  readonly tests: readonly InstanceTest[];
  readonly backups: readonly InstanceBackup[];
  readonly drift: readonly InstanceDrift[];
}

/** What was missed while nothing ran need not be made up for: the next run looks at the present. */
const catchupWindowMs = 10 * 60_000;
/** All targets of an installation must not ask in the same second. */
const jitterMs = 60_000;

/** What is done at a target by schedule, each with its id; `schedule` is null where the target wants none. */
export interface ScheduledErrand {
  readonly scheduleId: string;
  readonly schedule: WorkflowSchedule<NodeRedErrand> | null;
}

/** Backups and drift checks of a target, in the shape of the Temporal client's `ScheduleOptions`. Worker and API both set them. */
export const nodeRedSchedules = ({
  tenantId,
  environment,
  targetId,
  settings: { backupEveryMinutes, driftEveryMinutes },
}: Omit<NodeRedErrand, 'kind' | 'actor'> & {
  readonly settings: Pick<TargetSettings, 'backupEveryMinutes' | 'driftEveryMinutes'>;
}): readonly ScheduledErrand[] =>
  (
    [
      ['backup', backupEveryMinutes],
      ['drift', driftEveryMinutes],
    ] as const
  ).map(([kind, everyMinutes]) => {
    const scheduleId = nodeRedScheduleId(tenantId, targetId, kind);
    if (everyMinutes === null) return { scheduleId, schedule: null };
    const schedule: WorkflowSchedule<NodeRedErrand> = {
      scheduleId,
      spec: { intervals: [{ every: everyMinutes * 60_000 }], jitter: jitterMs },
      policies: { overlap: 'SKIP', catchupWindow: catchupWindowMs },
      action: {
        type: 'startWorkflow',
        workflowType: nodeRedErrandType,
        workflowId: nodeRedErrandWorkflowId(tenantId, targetId, kind),
        taskQueue,
        args: [{ tenantId, environment, targetId, kind, actor: 'schedule' }],
        staticSummary: `${kind} of the Node-RED target ${targetId}, by schedule`,
        typedSearchAttributes: runAttributes({ tenantId, environment }, nodeRedErrandType),
      },
    };
    return { scheduleId, schedule };
  });
