import { bookableSlots } from '../../domain/booking/slot-filter.js';
import { slotKey, type Slot } from '../../domain/booking/slot.js';
import {
  addDays,
  practiceDateOf,
  toPracticeTime,
  type PracticeDate,
} from '../../domain/time/practice-time.js';
import { asActivity } from './activity-scope.js';
import { locationOf, openPractice, visitTypeOf, type Cloud9Deps, type PracticeAddress } from './practice.js';
import { getOnlineReservations } from './procedures/availability.js';

type FindSlots = PracticeAddress & {
  readonly conversationId: string;
  readonly locationKey: string;
  readonly visitTypeKey: string;
  /** Both ends are searched; the past and what lies beyond the practice's horizon are cut off. */
  readonly from: PracticeDate;
  readonly to: PracticeDate;
  readonly partOfDay: 'any' | 'morning' | 'afternoon';
};

/** Earliest places of a search that are handed on: results are kept in history, and nobody is read a hundred times out. */
const mostSlots = 100;

const minuteMs = 60_000;

export interface AvailabilityActivities {
  /**
   * Free places for one visit type at one office, earliest first, without those that other conversations hold. One call for the whole
   * period, then our own filter (cloud9.md 6.6, 6.7). An empty list means that nothing is free; throttling is Cloud9Throttled.
   */
  readonly findSlots: (
    input: FindSlots,
  ) => Promise<{ readonly slots: readonly Slot[]; readonly fetchedAtMs: number }>;
}

export const createAvailabilityActivities = (deps: Cloud9Deps): AvailabilityActivities => ({
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

      const places = await practice.read(getOnlineReservations, {
        from,
        to,
        viewGuid: null,
        appointmentTypeGuid: null,
      });
      const fetchedAtMs = deps.clock.nowMs();
      const holds = await deps.store.holds.active(input.tenantId, input.environment);
      const slots = bookableSlots(places, {
        locationGuid: location.locationGuid,
        locationKey: location.key,
        slotClasses: visitType.slotClasses,
        minutes: visitType.minutes,
        partOfDay: input.partOfDay,
        from,
        to,
        earliest: toPracticeTime(fetchedAtMs + booking.minLeadMinutes * minuteMs, location.timeZone),
        heldByOthers: new Set(
          holds.filter((hold) => hold.conversationId !== input.conversationId).map(slotKey),
        ),
      });
      return { slots: slots.slice(0, mostSlots), fetchedAtMs };
    }),
});
