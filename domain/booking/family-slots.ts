import { minutesBetween } from '../time/practice-time.js';
import { slotKey, type Slot } from './slot.js';

/** One offer of a single visit per part of a day: ten variants of one morning are no choice. */
const singlesPerDay = 3;

/**
 * Sets of slots, one for each of `people`, at one location and on one day, soonest first, at most `limit`. Siblings' visits follow each
 * other within `windowMinutes` (end to start) or begin together on different chairs (cloud9.md 6.8). Never one place twice, never two
 * that overlap on one chair. For one person each set holds one slot.
 */
export function familyOffers(
  slots: readonly Slot[],
  people: number,
  windowMinutes: number,
  limit: number,
): readonly (readonly Slot[])[] {
  const sorted = unique(slots).sort(
    (a, b) => a.start.localeCompare(b.start) || slotKey(a).localeCompare(slotKey(b)),
  );
  return people <= 1 ? singles(sorted, limit) : sets(sorted, people, windowMinutes, limit);
}

function unique(slots: readonly Slot[]): Slot[] {
  const seen = new Map(slots.map((slot) => [slotKey(slot), slot]));
  return [...seen.values()];
}

/** Different times, spread over the hours of a day and over days. */
function singles(sorted: readonly Slot[], limit: number): readonly (readonly Slot[])[] {
  const perDay = new Map<string, number>();
  const hours = new Set<string>();
  const chosen: Slot[] = [];
  for (const slot of sorted) {
    const day = `${slot.locationKey} ${slot.start.slice(0, 10)}`;
    const hour = `${slot.locationKey} ${slot.start.slice(0, 13)}`;
    const count = perDay.get(day) ?? 0;
    if (count >= singlesPerDay || hours.has(hour)) continue;
    perDay.set(day, count + 1);
    hours.add(hour);
    chosen.push(slot);
    if (chosen.length === limit) break;
  }
  return chosen.map((slot) => [slot]);
}

function sets(
  sorted: readonly Slot[],
  people: number,
  windowMinutes: number,
  limit: number,
): readonly (readonly Slot[])[] {
  const found: (readonly Slot[])[] = [];
  let lastHour = '';
  for (const [index, first] of sorted.entries()) {
    const hour = `${first.locationKey} ${first.start.slice(0, 13)}`;
    if (hour === lastHour) continue;
    const set = chain([first], sorted, index + 1, people, windowMinutes);
    if (!set) continue;
    found.push(set);
    lastHour = hour;
    if (found.length === limit) break;
  }
  return found;
}

/** Extends a set by the soonest slot that fits, and goes back when that leads nowhere. */
function chain(
  set: readonly Slot[],
  sorted: readonly Slot[],
  from: number,
  people: number,
  windowMinutes: number,
): readonly Slot[] | null {
  if (set.length === people) return set;
  const last = set.at(-1);
  if (!last) return null;
  for (let index = from; index < sorted.length; index++) {
    const next = sorted[index];
    if (!next || next.start.slice(0, 10) !== last.start.slice(0, 10)) return null;
    const gap = minutesBetween(last.start, next.start);
    if (gap > last.minutes + windowMinutes) return null;
    if (next.locationKey !== last.locationKey) continue;
    const together = gap === 0 && next.columnGuid !== last.columnGuid;
    const after = gap >= last.minutes;
    if (!together && !after) continue;
    if (set.some((other) => overlaps(other, next))) continue;
    const longer = chain([...set, next], sorted, index + 1, people, windowMinutes);
    if (longer) return longer;
  }
  return null;
}

const overlaps = (a: Slot, b: Slot): boolean =>
  a.columnGuid === b.columnGuid &&
  minutesBetween(a.start, b.start) < a.minutes &&
  minutesBetween(b.start, a.start) < b.minutes;
