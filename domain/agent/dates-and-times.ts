import {
  addDays,
  isPracticeDate,
  monthName,
  weekdayName,
  weekdayOf,
  type PracticeDate,
} from '../time/practice-time.js';

/** Times of day (`HH:MM`), days (`MM-DD`) and weekdays (1-7) that a text names. Only what is unambiguous is listed. */
export interface NamedTimes {
  readonly times: readonly string[];
  readonly days: readonly string[];
  readonly weekdays: readonly number[];
}

const monthNumbers: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 12 }, (_, index) => index + 1).flatMap((month) => {
    const english = monthName(month, 'en').toLowerCase();
    const spanish = monthName(month, 'es');
    return [english, english.slice(0, 3), spanish, ...(month === 9 ? ['sept'] : [])].map(
      (name) => [name, month] as const,
    );
  }),
);

const monthPattern = [...monthNumbers.keys()].sort((a, b) => b.length - a.length).join('|');
const englishDay = new RegExp(`\\b(${monthPattern})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b`, 'g');
const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+|de\\s+)?(${monthPattern})\\b`, 'g');
const numericDay = /(?<![\d/])(\d{1,2})\/(\d{1,2})(?:\/\d{2,4})?(?![\d/])/g;
const isoDay = /\b\d{4}-(\d{2}-\d{2})\b/g;
const clockTime =
  /\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?\s?m\b\.?|\b([01]?\d|2[0-3]):([0-5]\d)\b(?!\s*[ap]\.?m)/g;

const pad = (value: number): string => String(value).padStart(2, '0');

/** What a text says about time. `today` resolves "today" and "tomorrow". A `1:30` without AM or PM stands for both halves of the day. */
export function namedTimes(text: string, today: PracticeDate): NamedTimes {
  const lower = text.toLowerCase();
  return { times: timesIn(lower), days: daysIn(lower, today), weekdays: weekdaysIn(lower) };
}

function timesIn(text: string): string[] {
  return [...text.matchAll(clockTime)].flatMap(([, hour, minute = '00', half, bareHour, bareMinute]) => {
    if (half !== undefined) {
      const hours = (Number(hour) % 12) + (half === 'p' ? 12 : 0);
      return [`${pad(hours)}:${minute}`];
    }
    return [`${pad(Number(bareHour))}:${bareMinute ?? ''}`];
  });
}

function daysIn(text: string, today: PracticeDate): string[] {
  const monthThenDay = [...text.matchAll(englishDay)].map(([, month = '', day]) => [
    monthNumbers.get(month) ?? 0,
    Number(day),
  ]);
  const dayThenMonth = [...text.matchAll(dayFirst)].map(([, day, month = '']) => [
    monthNumbers.get(month) ?? 0,
    Number(day),
  ]);
  const slashed = [...text.matchAll(numericDay)].map(([, month, day]) => [Number(month), Number(day)]);
  const iso = [...text.matchAll(isoDay)].map(([, day = '']) => day);
  const relative = [
    ...(/\b(today|tonight|hoy)\b/.test(text) ? [today] : []),
    ...(/\btomorrow\b/.test(text) ? [addDays(today, 1)] : []),
  ].map((date) => date.slice(5));
  const written = [...monthThenDay, ...dayThenMonth, ...slashed].map(
    ([month = 0, day = 0]) => `${pad(month)}-${pad(day)}`,
  );
  return [...written, ...iso, ...relative];
}

function weekdaysIn(text: string): number[] {
  return ([...'1234567'] as const)
    .map(Number)
    .filter((weekday) =>
      (['en', 'es'] as const).some((language) =>
        new RegExp(`(?<!\\p{L})${nameOf(weekday, language)}s?(?!\\p{L})`, 'u').test(text),
      ),
    );
}

/** 1 January 2001 was a Monday. */
const nameOf = (weekday: number, language: 'en' | 'es'): string =>
  weekdayName(addDays('2001-01-01', weekday - 1), language).toLowerCase();

/** Weekday of each real day among `MM-DD` texts, for the year in which they come next. */
export const weekdaysOf = (dates: readonly PracticeDate[]): readonly number[] =>
  dates.filter(isPracticeDate).map(weekdayOf);
