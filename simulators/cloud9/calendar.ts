import type { PracticeDate, PracticeTime, WallClockTime } from '../../domain/time/practice-time.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

// Wall-clock arithmetic has no zone: it is done as if the wall hung in UTC.
const asEpoch = (time: PracticeTime): number => Date.parse(`${time.slice(0, 16)}:00Z`);

export const addMinutes = (time: PracticeTime, minutes: number): PracticeTime =>
  new Date(asEpoch(time) + minutes * minuteMs).toISOString().slice(0, 16);

export const addDays = (date: PracticeDate, days: number): PracticeDate =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

export const daysBetween = (from: PracticeDate, to: PracticeDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

/** The Monday of the week in which this date lies. */
export function mondayOf(date: PracticeDate): PracticeDate {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return addDays(date, weekday === 0 ? -6 : 1 - weekday);
}

export const at = (date: PracticeDate, time: WallClockTime): PracticeTime => `${date}T${time}`;

/** Whole months from one date to another, never negative. */
export function monthsBetween(from: PracticeDate, to: PracticeDate): number {
  const [fromYear = 0, fromMonth = 0, fromDay = 0] = from.split('-').map(Number);
  const [toYear = 0, toMonth = 0, toDay = 0] = to.split('-').map(Number);
  return Math.max(0, (toYear - fromYear) * 12 + toMonth - fromMonth - (toDay < fromDay ? 1 : 0));
}

/** Whether [start, start + minutes) of two places on one column meet. */
export function overlaps(
  one: { readonly start: PracticeTime; readonly minutes: number },
  other: { readonly start: PracticeTime; readonly minutes: number },
): boolean {
  return (
    one.start < addMinutes(other.start, other.minutes) && other.start < addMinutes(one.start, one.minutes)
  );
}
