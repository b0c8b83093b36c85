import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';

/**
 * Makes the schedules of one kind exactly the wanted ones. New ones run at once; known ones are brought up to date and stay paused when an
 * operator paused them; others for which `isGone` is true are deleted. Safe to run in several workers at once.
 */
export async function reconcileSchedules(
  schedule: Client['schedule'],
  wanted: readonly ScheduleOptions[],
  isGone: (scheduleId: string) => boolean | Promise<boolean>,
): Promise<void> {
  for (const options of wanted) {
    try {
      await schedule.create({ ...options, state: { triggerImmediately: true } });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
    }
  }
  const ids = new Set(wanted.map(({ scheduleId }) => scheduleId));
  for await (const { scheduleId } of schedule.list()) {
    if (ids.has(scheduleId) || !(await isGone(scheduleId))) continue;
    await schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        // The list lags behind, and another worker may have been first.
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
  }
}
