import type { Client, ScheduleOptions } from '@temporalio/client';
import { removeSchedule, setSchedule } from '../../platform/temporal/set-schedule.js';

/**
 * Makes the schedules of one kind exactly the wanted ones. New ones run at once; known ones are brought up to date and stay paused when an
 * operator paused them; others of this kind are deleted. Safe to run in several workers at once, and while the API adds one.
 */
export async function reconcileSchedules(
  schedule: Client['schedule'],
  wanted: () => Promise<readonly ScheduleOptions[]>,
  isOurs: (scheduleId: string) => boolean,
): Promise<void> {
  const atFirst = await wanted();
  for (const options of atFirst) await setSchedule(schedule, options, 'run at once');
  for await (const { scheduleId } of schedule.list()) {
    const isThis = (known: ScheduleOptions): boolean => known.scheduleId === scheduleId;
    // Asked again before one is deleted: it may have been added since.
    if (!isOurs(scheduleId) || atFirst.some(isThis) || (await wanted()).some(isThis)) continue;
    await removeSchedule(schedule, scheduleId);
  }
}
