import { ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import {
  isReferenceScheduleId,
  referenceScheduleId,
  referenceSyncWorkflowId,
  taskQueue,
} from '../../workflows/ids.js';
import { referenceSyncType, type ReferenceSyncOrder } from '../../workflows/reference-sync/messages.js';
import { reconcileSchedules } from './reconcile-schedules.js';

/** Offices and visit types change a few times a year, and the note allows an hour or more (cloud9.md 4.3). */
const every = '1 hour';
/** All practices of an installation must not ask in the same second. */
const jitter = '10 minutes';
/** One sync brings everything up to date: what was missed for longer than this need not be made up for. The default is a year. */
const catchupWindow = '1 hour';

const environments = ['sandbox', 'production'] as const;

const optionsOf = (tenantId: string, environment: Environment) =>
  ({
    scheduleId: referenceScheduleId(tenantId, environment),
    spec: { intervals: [{ every }], jitter },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow },
    action: {
      type: 'startWorkflow',
      workflowType: referenceSyncType,
      workflowId: referenceSyncWorkflowId(tenantId, environment),
      taskQueue,
      args: [{ tenantId, environment, acceptLoss: false } satisfies ReferenceSyncOrder],
      staticSummary: `Reference data of ${tenantId}, ${environment}`,
      typedSearchAttributes: runAttributes({ tenantId, environment }, 'referenceSync'),
    },
  }) satisfies ScheduleOptions;

/**
 * Makes the schedules of reference data what the tenants' files say: one for each active tenant and each environment in which it uses
 * Cloud9. New ones run at once; known ones are brought up to date and stay paused when an operator paused them; those of tenants that are
 * gone are deleted. Safe to run in several workers at once.
 */
export async function reconcileReferenceSchedules(
  { schedule }: Pick<Client, 'schedule'>,
  tenants: Pick<TenantRegistry, 'list'>,
): Promise<void> {
  const wanted = (): ScheduleOptions[] =>
    tenants
      .list()
      .filter(({ active }) => active)
      .flatMap(({ slug, integrations }) =>
        environments
          .filter((environment) => integrations[environment].includes('cloud9'))
          .map((environment) => optionsOf(slug, environment)),
      );
  await reconcileSchedules(schedule, () => Promise.resolve(wanted()), isReferenceScheduleId);
}
