import type { Client } from '@temporalio/client';
import type { FlowTargets } from '../../platform/store/flow-targets.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { isNodeRedScheduleId } from '../../workflows/ids.js';
import { nodeRedSchedules } from '../../workflows/node-red-errand/messages.js';
import { reconcileSchedules } from './reconcile-schedules.js';

/**
 * Makes the schedules of backups and drift checks what the targets of active tenants say, whoever has put these into the store: also those that
 * a development machine brings, and all of them after a Temporal server was set up anew. New ones run at once; known ones are brought up to date
 * and stay paused when an operator paused them; those of targets that are gone are deleted. Safe to run in several workers at once.
 */
export async function reconcileNodeRedSchedules(
  { schedule }: Pick<Client, 'schedule'>,
  tenants: Pick<TenantRegistry, 'get'>,
  store: { readonly flowTargets: Pick<FlowTargets, 'all'> },
): Promise<void> {
  await reconcileSchedules(
    schedule,
    async () =>
      (await store.flowTargets.all())
        .filter(({ tenantId }) => tenants.get(tenantId)?.active === true)
        .flatMap((target) => nodeRedSchedules(target).flatMap(({ schedule: known }) => known ?? [])),
    isNodeRedScheduleId,
  );
}
