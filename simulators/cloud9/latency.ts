import type { Knobs } from './knobs.js';

// cloud9.md 4.4: reservations take 5-15 s and grow with the range; a 90-day range is taken as the slow end.
const slowRangeDays = 90;
const otherMs = 150;

/** How long the practice system works on a call before it has any effect (knob `latency`). */
export function workMs(procedure: string, rangeDays: number, latency: Knobs['latency']): number {
  if (latency.profile === 'none') return 0;
  const share = Math.min(1, rangeDays / slowRangeDays);
  const observedMs =
    { GetOnlineReservations: 5_000 + 10_000 * share, SetAppointment: 4_500 }[procedure] ?? otherMs;
  return observedMs * latency.scale;
}
