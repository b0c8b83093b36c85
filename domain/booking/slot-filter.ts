import type { PracticeDate, PracticeTime } from '../time/practice-time.js';
import { slotKey, type Slot } from './slot.js';

/** What a search keeps of the places of all locations (cloud9.md 6.7). */
export interface SlotSearch {
  readonly locationGuid: string;
  readonly locationKey: string;
  /** Names of the classes on which the visit may be booked, and the minutes that it needs. */
  readonly slotClasses: readonly string[];
  readonly minutes: number;
  readonly partOfDay: 'any' | 'morning' | 'afternoon';
  /** Both ends are searched. */
  readonly from: PracticeDate;
  readonly to: PracticeDate;
  /** Nothing before this: now plus the practice's lead time, at the location. */
  readonly earliest: PracticeTime;
  /** `slotKey`s that other conversations hold, or that we have booked since the places were read. */
  readonly notFree: ReadonlySet<string>;
}

type Place = Omit<Slot, 'locationKey' | 'slotClass'> & { readonly className: string };

const sameName = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

const fitsPartOfDay = (start: PracticeTime, part: SlotSearch['partOfDay']): boolean =>
  part === 'any' || start.slice(11) < '12:00' === (part === 'morning');

/** The places that may be offered, earliest first, each place of the chair schedule once. */
export function bookableSlots(places: readonly Place[], search: SlotSearch): readonly Slot[] {
  const seen = new Set<string>();
  return places
    .filter((place) => {
      const day = place.start.slice(0, 10);
      const key = slotKey(place);
      const fits =
        place.locationGuid === search.locationGuid.toLowerCase() &&
        search.slotClasses.some((name) => sameName(name, place.className)) &&
        place.minutes >= search.minutes &&
        day >= search.from &&
        day <= search.to &&
        place.start >= search.earliest &&
        fitsPartOfDay(place.start, search.partOfDay) &&
        !search.notFree.has(key) &&
        !seen.has(key);
      // A column may stand in two views: one chair is one place.
      if (fits) seen.add(key);
      return fits;
    })
    .sort((one, other) => (slotKeyByTime(one) < slotKeyByTime(other) ? -1 : 1))
    .map((place) => ({
      viewGuid: place.viewGuid,
      columnGuid: place.columnGuid,
      locationGuid: place.locationGuid,
      locationKey: search.locationKey,
      start: place.start,
      minutes: place.minutes,
      slotClass: place.className,
    }));
}

/** Order across columns is unknown (cloud9.md 3.3): ours is by start, then chair, so that a search repeats itself. */
const slotKeyByTime = (place: Place): string => `${place.start} ${place.columnGuid}`;
