import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';

/** Creates a schedule, or brings the one with its id up to date; one that an operator paused stays paused. */
export async function setSchedule(
  schedules: Client['schedule'],
  options: ScheduleOptions,
  whenNew: 'run at once' | 'wait for its time',
): Promise<void> {
  try {
    await schedules.create({ ...options, state: { triggerImmediately: whenNew === 'run at once' } });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedules.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
  }
}

/** Deletes a schedule; one that is not there is no mistake: lists lag behind, and somebody else may have been first. */
export async function removeSchedule(schedules: Client['schedule'], scheduleId: string): Promise<void> {
  try {
    await schedules.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
