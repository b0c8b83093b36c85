import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { LangfuseConfigs } from '../../platform/store/langfuse/configs.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { isTraceImportScheduleId } from '../../workflows/ids.js';
import { traceImportSchedule } from '../../workflows/trace-import/messages.js';

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
  const configs = await store.langfuseConfigs.active();
  const wanted = configs
    .filter(({ tenantId }) => tenants.get(tenantId)?.active === true)
    .map((config) => traceImportSchedule(config));
  for (const options of wanted) {
    try {
      await schedule.create({ ...options, state: { triggerImmediately: true } });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
    }
  }
  const ids = new Set<string>(wanted.map(({ scheduleId }) => scheduleId));
  for await (const { scheduleId } of schedule.list()) {
    if (!isTraceImportScheduleId(scheduleId) || ids.has(scheduleId)) continue;
    await schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        // The list lags behind, and another worker may have been first.
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
  }
}
