import { minutesBetween } from '../time/practice-time.js';
import { slotKey, type Slot } from './slot.js';

/** First offers of a day to one person: more of one day only when other days have nothing. */
const singlesPerDay = 3;

type Offer = readonly Slot[];

/**
 * Sets of slots, one for each of `people`, at one location and on one day, soonest first, at most `limit`. Siblings' visits follow each
 * other within `windowMinutes` (end to start) or begin together on different chairs (cloud9.md 6.8). Never one place twice, never two
 * that overlap on one chair. For one person each set holds one slot. Different hours and days come before variants of one hour.
 */
export function familyOffers(
  slots: readonly Slot[],
  people: number,
  windowMinutes: number,
  limit: number,
): readonly Offer[] {
  const sorted = [...new Map(slots.map((slot) => [slotKey(slot), slot])).values()].sort(bySoonest);
  if (people <= 1)
    return pick(
      sorted.map((slot) => [slot]),
      limit,
      singlesPerDay,
    );
  const chainFrom = createChains(sorted.map(placeOf), people, windowMinutes);
  const offers = [...sorted.keys()].map(chainFrom).filter((chain) => chain !== null);
  return pick(
    offers.map((chain) => chain.map(({ slot }) => slot)),
    limit,
    limit,
  );
}

/** Code unit order: the same on every machine that replays a workflow, which `localeCompare` is not. */
function bySoonest(a: Slot, b: Slot): number {
  const [one, other] = [`${a.start} ${slotKey(a)}`, `${b.start} ${slotKey(b)}`];
  return one < other ? -1 : Number(one > other);
}

/** The most different offers within `limit`: a new hour first, then a new start, then whatever is left; soonest first again. */
function pick(offers: readonly Offer[], limit: number, perDay: number): readonly Offer[] {
  const chosen = new Set<number>();
  for (const [distinctLength, mostPerDay] of [
    ['2030-03-05T09'.length, perDay],
    ['2030-03-05T09:00'.length, perDay],
    ['2030-03-05T09:00'.length, limit],
  ] as const) {
    const seen = new Set<string>();
    const days = new Map<string, number>();
    const note = (offer: Offer): void => {
      seen.add(keyOf(offer, distinctLength));
      days.set(dayOf(offer), (days.get(dayOf(offer)) ?? 0) + 1);
    };
    for (const index of chosen) note(offers[index] ?? []);
    for (const [index, offer] of offers.entries()) {
      if (chosen.size >= limit) break;
      if (seen.has(keyOf(offer, distinctLength)) || (days.get(dayOf(offer)) ?? 0) >= mostPerDay) continue;
      chosen.add(index);
      note(offer);
    }
  }
  return offers.filter((_, index) => chosen.has(index));
}

const keyOf = ([first]: Offer, length: number): string =>
  first ? `${first.locationKey} ${first.start.slice(0, length)}` : '';

const dayOf = (offer: Offer): string => keyOf(offer, '2030-03-05'.length);

/** A slot with its times as numbers: thousands are compared with each other. */
interface Place {
  readonly slot: Slot;
  readonly key: string;
  readonly chair: string;
  readonly day: string;
  /** Minutes of wall clock since some fixed day. */
  readonly begins: number;
  readonly ends: number;
}

function placeOf(slot: Slot): Place {
  const begins = minutesBetween('2000-01-01T00:00', slot.start);
  return {
    slot,
    key: slotKey(slot),
    chair: slot.columnGuid.toLowerCase(),
    day: `${slot.locationKey} ${slot.start.slice(0, 10)}`,
    begins,
    ends: begins + slot.minutes,
  };
}

/**
 * Finds, for the index of a first place, the soonest way to see everybody. Goes back where a way ends early, and remembers such dead ends:
 * without that, thousands of overlapping slots take for ever.
 */
function createChains(
  places: readonly Place[],
  people: number,
  windowMinutes: number,
): (first: number) => readonly Place[] | null {
  const deadEnds = new Set<string>();

  /** Places that begin together may be taken in any order: the next visit follows the one that ends last, or the one that ends first. */
  const firstAt = (index: number): number => {
    let first = index;
    while (first > 0 && places[first - 1]?.begins === places[index]?.begins) first -= 1;
    return first;
  };

  const extend = (set: readonly Place[], last: Place, lastIndex: number): readonly Place[] | null => {
    if (set.length === people) return set;
    // What may follow depends on the last place and on the chairs that are busy when it begins, on nothing else.
    const busy = set.filter(({ ends }) => ends > last.begins);
    const keys = busy.map(({ key }) => key).sort();
    const state = `${people - set.length} ${lastIndex} ${keys.join()}`;
    if (deadEnds.has(state)) return null;
    for (let index = firstAt(lastIndex); index < places.length; index++) {
      const next = places[index];
      if (!next || next.begins > last.ends + windowMinutes) break;
      if (next.day !== last.day || (next.begins !== last.begins && next.begins < last.ends)) continue;
      if (busy.some((other) => other.chair === next.chair && other.ends > next.begins)) continue;
      const longer = extend([...set, next], next, index);
      if (longer) return longer;
    }
    deadEnds.add(state);
    return null;
  };

  return (first) => {
    const place = places[first];
    return place ? extend([place], place, first) : null;
  };
}
