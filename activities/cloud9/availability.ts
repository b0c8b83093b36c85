import { bookableSlots } from '../../domain/booking/slot-filter.js';
import { slotKey, type Slot } from '../../domain/booking/slot.js';
import {
  addDays,
  practiceDateOf,
  toPracticeTime,
  type PracticeDate,
} from '../../domain/time/practice-time.js';
import { asActivity } from './activity-scope.js';
import {
  locationOf,
  openPractice,
  visitTypeOf,
  type Cloud9Deps,
  type Practice,
  type PracticeAddress,
} from './practice.js';
import { getOnlineReservations, type SlotRecord } from './procedures/availability.js';
import { remembered, type Read } from './remembered.js';

type FindSlots = PracticeAddress & {
  readonly conversationId: string;
  readonly locationKey: string;
  readonly visitTypeKey: string;
  /** Both ends are searched; the past and what lies beyond the practice's horizon are cut off. */
  readonly from: PracticeDate;
  readonly to: PracticeDate;
  readonly partOfDay: 'any' | 'morning' | 'afternoon';
  /** Oldest answer that will do. Left out: what the cache may give (cloud9.md 6.5). */
  readonly maxAgeMs?: number;
};

/** Earliest places of a search that are handed on: results are kept in history, and nobody is read a hundred times out. */
const mostSlots = 100;

const minuteMs = 60_000;

/** Ages of remembered places, where caching is on (cloud9.md 6.5). */
const freshMs = 5 * minuteMs;
const usableMs = 60 * minuteMs;

export interface AvailabilityActivities {
  /**
   * Free places for one visit type at one office, earliest first, without those that other conversations hold. One call for the whole
   * period, then our own filter (cloud9.md 6.6, 6.7). An empty list means that nothing is free; throttling is Cloud9Throttled.
   * `fetchedAtMs` is when the practice system said so.
   */
  readonly findSlots: (
    input: FindSlots,
  ) => Promise<{ readonly slots: readonly Slot[]; readonly fetchedAtMs: number }>;
}

interface Period {
  readonly from: PracticeDate;
  readonly to: PracticeDate;
}

export function createAvailabilityActivities(deps: Cloud9Deps): AvailabilityActivities {
  /** Places of all locations. With a cache one call for the whole horizon serves every search of the next minutes (cloud9.md 6.6). */
  function readPlaces(
    practice: Practice,
    maxAgeMs: number | undefined,
    { asked, whole }: { readonly asked: Period; readonly whole: Period },
  ): Promise<Read<readonly SlotRecord[]>> {
    const read = (period: Period): Promise<readonly SlotRecord[]> =>
      practice.read(getOnlineReservations, { ...period, viewGuid: null, appointmentTypeGuid: null });
    const worthKeeping = maxAgeMs === undefined;
    return remembered(
      deps,
      practice,
      {
        key: `slots/${whole.from}/${whole.to}`,
        freshMs: maxAgeMs ?? freshMs,
        usableMs: maxAgeMs ?? usableMs,
        // Zero rows are suspect, and a part of the horizon is not the whole.
        worthKeeping: (places) => worthKeeping && places.length > 0,
      },
      () => read(deps.cloud9.enableCaching && maxAgeMs === undefined ? whole : asked),
    );
  }

  return {
    findSlots: (input) =>
      asActivity(async (scope) => {
        const practice = await openPractice(deps, input, scope);
        const { booking } = practice.tenant;
        const location = locationOf(practice.tenant, input.locationKey);
        const visitType = visitTypeOf(practice.tenant, input.visitTypeKey);
        const today = practiceDateOf(deps.clock.nowMs(), location.timeZone);
        const horizon = addDays(today, booking.maxAheadDays);
        const from = input.from < today ? today : input.from;
        const to = input.to > horizon ? horizon : input.to;
        if (to < from) return { slots: [], fetchedAtMs: deps.clock.nowMs() };

        const { value: places, readAtMs } = await readPlaces(practice, input.maxAgeMs, {
          asked: { from, to },
          whole: { from: today, to: horizon },
        });
        const holds = await deps.store.holds.active(input.tenantId, input.environment);
        // A remembered answer still shows what we have booked since.
        const booked = await deps.store.ledger.placesBookedSince(input.tenantId, input.environment, readAtMs);
        const slots = bookableSlots(places, {
          locationGuid: location.locationGuid,
          locationKey: location.key,
          slotClasses: visitType.slotClasses,
          minutes: visitType.minutes,
          partOfDay: input.partOfDay,
          from,
          to,
          earliest: toPracticeTime(deps.clock.nowMs() + booking.minLeadMinutes * minuteMs, location.timeZone),
          notFree: new Set(
            [...holds.filter((hold) => hold.conversationId !== input.conversationId), ...booked].map(slotKey),
          ),
        });
        return { slots: slots.slice(0, mostSlots), fetchedAtMs: readAtMs };
      }),
  };
}
