import type { Client } from '@temporalio/client';
import type { FlowTarget } from '../../platform/store/flow-targets.js';
import { removeSchedule, setSchedule } from '../../platform/temporal/set-schedule.js';
import { nodeRedSchedules } from '../../workflows/node-red-errand/messages.js';

/** Makes the schedules of backups and drift checks what the target says; a period of null, or a target that is gone, has none. */
export async function setSchedules(
  { schedule: schedules }: Pick<Client, 'schedule'>,
  target: FlowTarget,
  wanted: 'as the target says' | 'none',
): Promise<void> {
  for (const { scheduleId, schedule } of nodeRedSchedules(target)) {
    if (schedule === null || wanted === 'none') await removeSchedule(schedules, scheduleId);
    else await setSchedule(schedules, schedule, 'wait for its time');
  }
}
