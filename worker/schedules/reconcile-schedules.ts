import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';

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
  for (const options of atFirst) {
    try {
      await schedule.create({ ...options, state: { triggerImmediately: true } });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await schedule.getHandle(options.scheduleId).update(({ state }) => ({ ...options, state }));
    }
  }
  for await (const { scheduleId } of schedule.list()) {
    const isThis = (known: ScheduleOptions): boolean => known.scheduleId === scheduleId;
    // Asked again before one is deleted: it may have been added since.
    if (!isOurs(scheduleId) || atFirst.some(isThis) || (await wanted()).some(isThis)) continue;
    await schedule
      .getHandle(scheduleId)
      .delete()
      .catch((error: unknown) => {
        // The list lags behind, and another worker may have been first.
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
  }
}
