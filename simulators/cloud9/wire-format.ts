import type { PracticeDate } from '../../domain/time/practice-time.js';
import type { WallClock } from './zones.js';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function partsOf(time: string): Parts {
  return {
    year: Number(time.slice(0, 4)),
    month: Number(time.slice(5, 7)),
    day: Number(time.slice(8, 10)),
    hour: Number(time.slice(11, 13) || '0'),
    minute: Number(time.slice(14, 16) || '0'),
    second: Number(time.slice(17, 19) || '0'),
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
const twelveHour = (hour: number): number => (hour % 12 === 0 ? 12 : hour % 12);
const half = (hour: number): string => (hour < 12 ? 'AM' : 'PM');

/** `M/D/YYYY h:mm:ss AM`, not padded; a bare date becomes ` 12:00:00 AM` (cloud9.md 2.1). */
export function wireDateTime(time: WallClock): string {
  const { year, month, day, hour, minute, second } = partsOf(time);
  return `${month}/${day}/${year} ${twelveHour(hour)}:${two(minute)}:${two(second)} ${half(hour)}`;
}

/** `MM/DD/YYYY`, the exception of PatientBirthDate in GetPatientInformation and of BirthdayDescription. */
export function wirePaddedDate(date: PracticeDate): string {
  const { year, month, day } = partsOf(date);
  return `${two(month)}/${two(day)}/${year}`;
}

/** `Dec  1 2030  1:44PM`, space-padded: most rows of GetPatientList.DefaultEntryDate. */
export function wireSpacePaddedDateTime(time: WallClock): string {
  const { year, month, day, hour, minute } = partsOf(time);
  const pad = (value: number): string => String(value).padStart(2, ' ');
  return `${months[month - 1] ?? ''} ${pad(day)} ${year} ${pad(twelveHour(hour))}:${two(minute)}${half(hour)}`;
}

/** Time-only fields: the date part is `1/1/1900`. */
export const wireTimeOnly = (time: string): string => wireDateTime(`1900-01-01T${time}:00`);

export const wireBit = (value: boolean): string => (value ? 'True' : 'False');

/** Cents without a point, at least three digits: `000`, `4025`, `-219`. */
export function wireMoney(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return cents < 0 ? `-${digits}` : digits;
}

const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A hyphenated GUID in any case, given back in lower case; undefined when it is none. */
export const readGuid = (text: string): string | undefined =>
  guidPattern.test(text) ? text.toLowerCase() : undefined;

/** `1`/`0`, `True`/`False` in any case; undefined when it is neither. */
export function readBit(text: string): boolean | undefined {
  if (/^(?:1|true)$/i.test(text)) return true;
  return /^(?:0|false)$/i.test(text) ? false : undefined;
}

/** A date-time of a request. `hasTime` is false for `MM/DD/YYYY` alone. */
export interface RequestTime {
  readonly time: WallClock;
  readonly date: PracticeDate;
  readonly hasTime: boolean;
}

const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AP]M))?$/i;
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;

/** Reads `M/D/YYYY`, `MM/DD/YYYY h:mm:ss AM` and ISO without offset (cloud9.md 2.1); undefined for anything else, 2/30 included. */
export function readDateTime(text: string): RequestTime | undefined {
  const us = american.exec(text.trim());
  if (us !== null) {
    const [, month = '', day = '', year = '', hour, minute = '0', second = '0', noon = ''] = us;
    const twelve = Number(hour ?? '12');
    if (hour !== undefined && (twelve < 1 || twelve > 12)) return undefined;
    const hour24 = hour === undefined ? 0 : (twelve % 12) + (noon.toUpperCase() === 'PM' ? 12 : 0);
    return build(
      Number(year),
      Number(month),
      Number(day),
      hour24,
      Number(minute),
      Number(second),
      hour !== undefined,
    );
  }
  const standard = iso.exec(text.trim());
  if (standard === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute = '0', second = '0'] = standard;
  return build(
    Number(year),
    Number(month),
    Number(day),
    Number(hour ?? '0'),
    Number(minute),
    Number(second),
    hour !== undefined,
  );
}

function build(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  hasTime: boolean,
): RequestTime | undefined {
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const time = `${date}T${two(hour)}:${two(minute)}:${two(second)}`;
  const epoch = Date.parse(`${time}Z`);
  if (Number.isNaN(epoch) || new Date(epoch).toISOString().slice(0, 19) !== time) return undefined;
  return { time, date, hasTime };
}
