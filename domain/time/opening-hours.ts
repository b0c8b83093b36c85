import type { PracticeLocation } from '../tenant.js';
import { toPracticeTime, weekdayOf } from './practice-time.js';

/** True while at least one office is open, by its own wall clock: then somebody is there to take over a conversation. */
export const somebodyIsThere = (
  offices: readonly Pick<PracticeLocation, 'hours' | 'timeZone'>[],
  nowUtcMs: number,
): boolean =>
  offices.some(({ hours, timeZone }) => {
    const [date = '', time = ''] = toPracticeTime(nowUtcMs, timeZone).split('T');
    const today = hours[String(weekdayOf(date))];
    return today !== undefined && today.opens <= time && time < today.closes;
  });
