/** How a conversation ended, or stands: one enumeration for the whole product. */
export const outcomes = [
  'booked',
  'rescheduled',
  'cancelled',
  'transferred',
  'abandoned',
  'information',
  'failed',
  'unknown',
] as const;
export type Outcome = (typeof outcomes)[number];
