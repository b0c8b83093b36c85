import type { PracticeFacts } from '../../../domain/agent/practice-facts.js';
import { formatDay, formatTime, weekdayName, type PracticeTime } from '../../../domain/time/practice-time.js';
import type { Language } from '../messages.js';

/** A time as the model sees and says it: practice wall clock in words, and no identifiers of the practice system. */
export interface TimeView {
  readonly date: string;
  readonly weekday: string;
  readonly day: string;
  readonly time: string;
}

export const timeView = (start: PracticeTime, language: Language): TimeView => {
  const date = start.slice(0, 10);
  return {
    date,
    weekday: weekdayName(date, language),
    day: formatDay(date, language),
    time: formatTime(start),
  };
};

export const locationName = (practice: PracticeFacts, key: string | null): string =>
  practice.locations.find((location) => location.key === key)?.name ?? 'another office';

export function zoneOf(practice: PracticeFacts, locationKey: string | null): string {
  return practice.locations.find((location) => location.key === locationKey)?.timeZone ?? practice.timeZone;
}
