import type { VisitType } from '../tenant.js';
import type { PracticeDate, PracticeTime } from '../time/practice-time.js';

/** What somebody on the waiting list would take. */
export interface WaitlistWish {
  readonly visitTypeKey: string;
  readonly locationKey: string;
  readonly from: PracticeDate;
  readonly to: PracticeDate;
  readonly partOfDay: 'any' | 'morning' | 'afternoon';
}

/** A place that became free: where, when, how long, and for what kind of visit it was. */
export interface FreedPlace {
  readonly appointmentTypeGuid: string;
  readonly locationKey: string;
  readonly start: PracticeTime;
  readonly minutes: number;
}

/**
 * True when a freed place suits: the office, the days and the part of day that were wished for, and long enough in a kind of slot that takes
 * the visit. Which slot the place was is not known any more, so the kinds that its own visit type may be booked on stand for it
 * (cloud9.md 5).
 */
export function suits(wish: WaitlistWish, place: FreedPlace, visitTypes: readonly VisitType[]): boolean {
  const wanted = visitTypes.find(({ key }) => key === wish.visitTypeKey);
  const freed = visitTypes.find(
    ({ appointmentTypeGuid }) =>
      appointmentTypeGuid.toLowerCase() === place.appointmentTypeGuid.toLowerCase(),
  );
  if (!wanted || !freed) return false;
  const day = place.start.slice(0, 10);
  const partOfDay = place.start.slice(11) < '12:00' ? 'morning' : 'afternoon';
  return (
    wish.locationKey === place.locationKey &&
    wish.from <= day &&
    day <= wish.to &&
    (wish.partOfDay === 'any' || wish.partOfDay === partOfDay) &&
    wanted.minutes <= place.minutes &&
    wanted.slotClasses.some((slotClass) => freed.slotClasses.includes(slotClass))
  );
}
