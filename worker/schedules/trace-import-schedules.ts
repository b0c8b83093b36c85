import type { Client } from '@temporalio/client';
import type { LangfuseConfigs } from '../../platform/store/langfuse/configs.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { isTraceImportScheduleId } from '../../workflows/ids.js';
import { traceImportSchedule } from '../../workflows/trace-import/messages.js';
import { reconcileSchedules } from './reconcile-schedules.js';

/**
 * Makes the schedules of trace imports what the store says: one for each active configuration of an active tenant. New ones run at once;
 * known ones are brought up to date and stay paused when an operator paused them; the others are deleted. Safe to run in several workers
 * at once.
 */
export async function reconcileTraceImportSchedules(
  { schedule }: Pick<Client, 'schedule'>,
  tenants: Pick<TenantRegistry, 'get'>,
  store: { readonly langfuseConfigs: Pick<LangfuseConfigs, 'active'> },
): Promise<void> {
  await reconcileSchedules(
    schedule,
    async () =>
      (await store.langfuseConfigs.active())
        .filter(({ tenantId }) => tenants.get(tenantId)?.active === true)
        .map((config) => traceImportSchedule(config)),
    isTraceImportScheduleId,
  );
}
