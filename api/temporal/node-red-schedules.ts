import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { FlowTarget } from '../../platform/store/flow-targets.js';
import { nodeRedSchedules } from '../../workflows/node-red-errand/messages.js';

/** Makes the schedules of backups and drift checks what the target says; a period of null, or a target that is gone, has none. */
export async function setSchedules(
  { schedule: schedules }: Pick<Client, 'schedule'>,
  target: FlowTarget,
  wanted: 'as the target says' | 'none',
): Promise<void> {
  for (const { scheduleId, schedule } of nodeRedSchedules(target)) {
    if (schedule === null || wanted === 'none') {
      await schedules
        .getHandle(scheduleId)
        .delete()
        .catch((error: unknown) => {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
        });
      continue;
    }
    try {
      await schedules.create(schedule);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedules.getHandle(scheduleId).update(({ state }) => ({ ...schedule, state }));
    }
  }
}
