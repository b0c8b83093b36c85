/** `HH:MM`, 24 hours. */
export type WallClockTime = string;

/** `YYYY-MM-DD`, a calendar day at the location. */
export type PracticeDate = string;

/** `YYYY-MM-DDTHH:MM`, wall clock of the location, without offset: what Cloud9 speaks (cloud9.md 2.2). */
export type PracticeTime = string;

type Language = 'en' | 'es';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** True for a day that the calendar has: 31 April is none. */
export function isPracticeDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && dateOfUtc(Date.parse(`${text}T00:00:00Z`)) === text;
}

/** True for a calendar day with a time of day. */
export const isPracticeTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d$/.test(text) && isPracticeDate(text.slice(0, 10));

const dateOfUtc = (ms: number): PracticeDate =>
  Number.isNaN(ms) ? '' : new Date(ms).toISOString().slice(0, 10);

/** By zone: to make one takes ten times as long as to use it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** Wall clock of a zone at an instant. */
export function toPracticeTime(utcMs: number, timeZone: string): PracticeTime {
  const parts = clockOf(timeZone).formatToParts(utcMs);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((found) => found.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

export const practiceDateOf = (utcMs: number, timeZone: string): PracticeDate =>
  toPracticeTime(utcMs, timeZone).slice(0, 10);

/** An instant for a wall-clock time. On the two nights of a clock change a time may stand for two instants, or for none. */
export type UtcInstant =
  | { readonly kind: 'exact'; readonly utcMs: number }
  /** The hour comes twice; `utcMs` is the first. */
  | { readonly kind: 'ambiguous'; readonly utcMs: number; readonly laterUtcMs: number }
  /** The hour is skipped; `utcMs` is as far behind the gap as the time is within it. */
  | { readonly kind: 'nonexistent'; readonly utcMs: number };

/** When the clocks of a zone show this time. */
export function toUtcMs(time: PracticeTime, timeZone: string): UtcInstant {
  const asUtc = Date.parse(`${time}:00Z`);
  // Offsets a day before and after bracket any clock change.
  const offsets = [asUtc - dayMs, asUtc + dayMs].map((ms) => offsetMs(ms, timeZone));
  const candidates = [...new Set(offsets)].map((offset) => asUtc - offset).sort((a, b) => a - b);
  const [first, second] = candidates.filter((ms) => toPracticeTime(ms, timeZone) === time);
  if (first === undefined) return { kind: 'nonexistent', utcMs: asUtc - Math.min(...offsets) };
  return second === undefined
    ? { kind: 'exact', utcMs: first }
    : { kind: 'ambiguous', utcMs: first, laterUtcMs: second };
}

const offsetMs = (utcMs: number, timeZone: string): number =>
  Date.parse(`${toPracticeTime(utcMs, timeZone)}:00Z`) - Math.floor(utcMs / minuteMs) * minuteMs;

export const addDays = (date: PracticeDate, days: number): PracticeDate =>
  dateOfUtc(Date.parse(`${date}T00:00:00Z`) + days * dayMs);

export const daysBetween = (from: PracticeDate, to: PracticeDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);

/** Minutes of wall clock from `from` to `to`. */
export const minutesBetween = (from: PracticeTime, to: PracticeTime): number =>
  Math.round((Date.parse(`${to}:00Z`) - Date.parse(`${from}:00Z`)) / minuteMs);

/** Monday = 1 … Sunday = 7. */
export const weekdayOf = (date: PracticeDate): number => new Date(`${date}T00:00:00Z`).getUTCDay() || 7;

const weekdays = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  es: ['lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado', 'domingo'],
} as const;

const months = {
  en: 'January February March April May June July August September October November December'.split(' '),
  es: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(' '),
} as const;

export const weekdayName = (date: PracticeDate, language: Language): string =>
  weekdays[language][weekdayOf(date) - 1] ?? '';

export const monthName = (month: number, language: Language): string => months[language][month - 1] ?? '';

/** `Tuesday, March 5` or `martes, 5 de marzo`. */
export function formatDay(date: PracticeDate, language: Language): string {
  const month = monthName(Number(date.slice(5, 7)), language);
  const day = Number(date.slice(8, 10));
  const weekday = weekdayName(date, language);
  return language === 'en' ? `${weekday}, ${month} ${day}` : `${weekday}, ${day} de ${month}`;
}

/** `9:00 AM`, in both languages: callers of these practices read it so. */
export function formatTime(time: PracticeTime): string {
  const hour = Number(time.slice(11, 13));
  return `${hour % 12 || 12}:${time.slice(14, 16)} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** Full years on a day; negative when born later. */
export function ageInYears(birthDate: PracticeDate, onDate: PracticeDate): number {
  const years = Number(onDate.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return onDate.slice(5) < birthDate.slice(5) ? years - 1 : years;
}
