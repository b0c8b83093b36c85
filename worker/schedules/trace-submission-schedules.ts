import type { Client } from '@temporalio/client';
import type { LangfuseConfigs } from '../../platform/store/langfuse/configs.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { isTraceSubmissionScheduleId } from '../../workflows/ids.js';
import { traceSubmissionSchedule } from '../../workflows/trace-submission/messages.js';
import { reconcileSchedules } from './reconcile-schedules.js';

/**
 * Makes the schedules of trace submissions what the store says: one for each configuration of an active tenant that has them on. Where none
 * has, there is none.
 */
export async function reconcileTraceSubmissionSchedules(
  { schedule }: Pick<Client, 'schedule'>,
  tenants: Pick<TenantRegistry, 'get'>,
  store: { readonly langfuseConfigs: Pick<LangfuseConfigs, 'submitting'> },
): Promise<void> {
  await reconcileSchedules(
    schedule,
    async () =>
      (await store.langfuseConfigs.submitting())
        .filter(({ tenantId }) => tenants.get(tenantId)?.active === true)
        .map((config) => traceSubmissionSchedule(config)),
    isTraceSubmissionScheduleId,
  );
}
