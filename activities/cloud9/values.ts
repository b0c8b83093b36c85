import type { PracticeDate, PracticeTime, WallClockTime } from '../../domain/time/practice-time.js';

/*
 * Every wire format of cloud9.md 2.1. Formatters write what running clients send; parsers answer null for text that they cannot read, so
 * that the caller can name the field and never the value.
 */

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

/** A wall clock reading of the wire: no zone, no offset. */
interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?)?$/i;
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?Z?)?$/;
/** `Dec  1 2030  1:44PM`: SQL Server's own spelling, seen in DefaultEntryDate. */
const named = /^([A-Za-z]{3})\s+(\d{1,2})\s+(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM))?$/i;

const hour24 = (hour: number, half: string | undefined): number => {
  if (half === undefined) return hour;
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
};

const isReal = (at: WallClock): boolean => {
  const date = new Date(Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second));
  return (
    date.getUTCFullYear() === at.year &&
    date.getUTCMonth() === at.month - 1 &&
    date.getUTCDate() === at.day &&
    date.getUTCHours() === at.hour &&
    date.getUTCMinutes() === at.minute &&
    date.getUTCSeconds() === at.second
  );
};

function parseWallClock(text: string): WallClock | null {
  const value = text.trim();
  let read: WallClock | null = null;
  const bySlash = slashed.exec(value);
  const byIso = iso.exec(value);
  const byName = named.exec(value);
  if (bySlash) {
    const [, month, day, year, hour, minute, second, half] = bySlash;
    read = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: hour24(Number(hour ?? 0), half),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    };
  } else if (byIso) {
    const [, year, month, day, hour, minute, second] = byIso;
    read = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    };
  } else if (byName) {
    const [, month, day, year, hour, minute, second, half] = byName;
    read = {
      year: Number(year),
      month: months.indexOf((month ?? '').toLowerCase()) + 1,
      day: Number(day),
      hour: hour24(Number(hour ?? 0), half),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    };
  }
  return read !== null && isReal(read) ? read : null;
}

/** A datetime of the wire as practice time; null when unreadable or not a real moment of the calendar. Seconds are dropped. */
export function parsePracticeTime(text: string): PracticeTime | null {
  const at = parseWallClock(text);
  return at && `${pad(at.year, 4)}-${pad(at.month)}-${pad(at.day)}T${pad(at.hour)}:${pad(at.minute)}`;
}

/** A date of the wire, with or without its ` 12:00:00 AM`. */
export function parsePracticeDate(text: string): PracticeDate | null {
  return parsePracticeTime(text)?.slice(0, 10) ?? null;
}

/** The time of a time-only value, whose date part means nothing (`1/1/1900 8:00:00 AM`). */
export function parseTimeOfDay(text: string): WallClockTime | null {
  return parsePracticeTime(text)?.slice(11) ?? null;
}

/** A stamp that the server writes in UTC (LastModifiedDate, cloud9.md 2.2), as epoch milliseconds. */
export function parseUtcStampMs(text: string): number | null {
  const at = parseWallClock(text);
  return at && Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second);
}

/** `True`/`False`, `1`/`0`; the two appear in one record. */
export function parseBit(text: string): boolean | null {
  const value = text.trim().toLowerCase();
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  return null;
}

const guidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A GUID in our one spelling, lower-case: SetPatient answers in upper-case, reads in lower-case (cloud9.md 2.1). */
export function parseGuid(text: string): string | null {
  const value = text.trim().toLowerCase();
  return guidShape.test(value) ? value : null;
}

/** Cents without a point: `000` = 0, `4025` = 40.25, `-219` = -2.19. */
export function parseMoneyCents(text: string): number | null {
  const value = text.trim();
  return /^-?\d{1,15}$/.test(value) ? Number(value) + 0 : null;
}

/** Decimal integer text. */
export function parseInteger(text: string): number | null {
  const value = text.trim();
  return /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}

/** `M/D/YYYY h:mm:ss AM`, exactly as slot records spell it; SetAppointment wants the slot's own spelling. */
export function wireDateTime(time: PracticeTime): string {
  const [date = '', clock = ''] = time.split('T');
  const [year = '', month = '', day = ''] = date.split('-');
  const [hour = '', minute = ''] = clock.split(':');
  const hours = Number(hour);
  return `${Number(month)}/${Number(day)}/${year} ${hours % 12 || 12}:${minute}:00 ${hours < 12 ? 'AM' : 'PM'}`;
}

/** `MM/DD/YYYY`, optionally with one of the clock times that running clients append. */
export function wireDate(date: PracticeDate, clock?: '7:00:00 AM' | '5:00:00 PM' | '12:00:00 AM'): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${month}/${day}/${year}${clock === undefined ? '' : ` ${clock}`}`;
}

/** `YYYY-MM-DDT00:00:00`: the form captured for SetPatient's birthday. */
export const wireIsoDate = (date: PracticeDate): string => `${date}T00:00:00`;

export const wireBit = (value: boolean): string => (value ? 'True' : 'False');
