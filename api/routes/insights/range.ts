import { z } from 'zod';
import type { Clock } from '../../../platform/clock.js';
import type { DayRange } from '../../../platform/store/sessions/insights.js';

const dayMs = 24 * 60 * 60_000;
const defaultDays = 30;

/** Query of every insight: UTC days, both included; without them the last 30. `format=csv` gives the rows as a file. */
export const rangeQuery = {
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  format: z.enum(['json', 'csv']).default('json'),
};

export const daysOf = (
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  clock: Clock,
): DayRange => {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const toDay = to ?? day(clock.nowMs());
  return { toDay, fromDay: from ?? day(Date.parse(toDay) - (defaultDays - 1) * dayMs) };
};

/** What every insight says about itself. */
export const rangeAnswer = { fromDay: z.string(), toDay: z.string() };
