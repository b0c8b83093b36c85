import { mentionsIn } from '../../../domain/agent/dates-and-times.js';
import { addDays, isPracticeDate, weekdayOf } from '../../../domain/time/practice-time.js';
import type { Practice } from '../conversation-reading.js';
import { fullDates } from './people-in-words.js';
import { words } from './words.js';

interface Days {
  readonly from: string;
  readonly to: string;
}

/** Where and when the caller wants to come. Null = they did not say. */
export interface Wish {
  readonly location: string | null;
  readonly days: Days | null;
  readonly partOfDay: 'morning' | 'afternoon' | null;
  /** Wall clock, `HH:MM`. */
  readonly notBefore: string | null;
  readonly notAfter: string | null;
}

/** Later words win, each kind of wish on its own: "Tuesday" and then "in the afternoon" is Tuesday afternoon. */
export function wishOf(texts: readonly string[], practice: Practice): Wish {
  const last = <T>(read: (text: string) => T | null): T | null =>
    texts.map(read).findLast((found) => found !== null) ?? null;
  const notBefore = last((text) =>
    clockAfter(
      text,
      /(?<!\p{L})(?:after|past|not before|later than|from|despu[eé]s de las?|a partir de las?|desde las?)\s+/iu,
    ),
  );
  const notAfter = last((text) =>
    clockAfter(text, /(?<!\p{L})(?:before|until|no later than|by|antes de las?|hasta las?)\s+/iu),
  );
  return {
    location: last((text) => locationIn(text, practice)),
    days: last((text) => daysIn(newTimeOf(text), practice.today)),
    partOfDay: last(partOfDayIn) ?? (notBefore !== null && notBefore >= '12:00' ? 'afternoon' : null),
    notBefore,
    notAfter,
  };
}

export const isNamed = ({ location, days, partOfDay, notBefore, notAfter }: Wish): boolean =>
  [location, days, partOfDay, notBefore, notAfter].some((part) => part !== null);

function locationIn(text: string, { locations }: Practice): string | null {
  const lower = text.toLowerCase();
  const named = locations.find(({ key, name }) => lower.includes(key) || lower.includes(name.toLowerCase()));
  return named?.key ?? null;
}

function partOfDayIn(text: string): Wish['partOfDay'] {
  if (afternoon.test(text)) return 'afternoon';
  return morning.test(text) ? 'morning' : null;
}

const afternoon = words(
  'afternoons?|after school|after work|evenings?|after lunch|later in the day|pm',
  '(?:por|en|de) la tarde|tardes|despu[eé]s de (?:la escuela|clases|comer|almorzar|trabajar|mediod[ií]a)|m[aá]s tarde en el d[ií]a',
);
const morning = words(
  'mornings?|earl(?:y|ier) in the day|before (?:school|work|lunch|noon)',
  '(?:por|en|de) la mañana|mañanas|antes de(?:l)? (?:la escuela|clases|comer|almorzar|trabajar|mediod[ií]a)',
);

/** "Move it from Tuesday to Thursday": Thursday. */
const newTimeOf = (text: string): string =>
  /\b(?:from\b.*?\bto|del\b.*?\bal)\b(.*)/is.exec(text)?.[1] ?? text;

/** An hour after these words; without AM or PM, one to seven is the afternoon. */
function clockAfter(text: string, before: RegExp): string | null {
  const [, hour, minute = '00', half] =
    new RegExp(`${before.source}(\\d{1,2})(?::(\\d\\d))?\\s*([ap])?(?!\\d|\\/|-|st|nd|rd|th)`, 'iu').exec(
      text,
    ) ?? [];
  if (hour === undefined || Number(hour) > 12) return null;
  const isAfternoon = half === undefined ? Number(hour) < 8 : half.toLowerCase() === 'p';
  return `${String((Number(hour) % 12) + (isAfternoon || hour === '12' ? 12 : 0)).padStart(2, '0')}:${minute}`;
}

const wordNumbers: Readonly<Record<string, number>> = {
  ...{ a: 1, one: 1, two: 2, three: 3, four: 4 },
  ...{ un: 1, una: 1, dos: 2, tres: 3, cuatro: 4 },
};

/** The days that a text asks for. "Next Tuesday" is the one of next week, "Tuesday" the coming one. */
function daysIn(text: string, today: string): Days | null {
  const one = (date: string): Days => ({ from: date, to: date });
  const [coming] = fullDates(text).filter(({ date }) => date >= today);
  if (coming) return one(coming.date);
  const lower = fullDates(text)
    .reduceRight(
      (rest, { at }) => `${rest.slice(0, at)} ${rest.slice(at).replace(/^\S+(?:\s+\d\S*){0,2}/, ' ')}`,
      text,
    )
    .toLowerCase();
  const mentions = mentionsIn(lower, today);
  const day = mentions.find(({ kind }) => kind === 'day');
  if (day?.kind === 'day') {
    const date = nextDate(today, (candidate) => candidate.slice(5) === day.day);
    if (date !== null) return one(date);
  }
  const ordinal = mentions.find(({ kind }) => kind === 'dayOfMonth');
  if (ordinal?.kind === 'dayOfMonth') {
    const date = nextDate(today, (candidate) => candidate.slice(8) === ordinal.dayOfMonth);
    if (date !== null) return one(date);
  }
  const monday = addDays(today, 8 - weekdayOf(today));
  const weekday = mentions.find(({ kind }) => kind === 'weekday');
  if (weekday?.kind === 'weekday') {
    const isNext = /\bnext\b(?! to)|pr[oó]xim[oa]|que viene/.test(lower);
    const ahead = (weekday.weekday - weekdayOf(today) + 7) % 7 || 7;
    return one(isNext ? addDays(monday, weekday.weekday - 1) : addDays(today, ahead));
  }
  if (/\bweek after next\b|dentro de dos semanas/.test(lower))
    return { from: addDays(monday, 7), to: addDays(monday, 11) };
  if (/\bnext week\b|pr[oó]xima semana|semana (?:que viene|pr[oó]xima)/.test(lower))
    return { from: monday, to: addDays(monday, 4) };
  if (/\bthis week\b|esta semana/.test(lower)) return { from: addDays(today, 1), to: addDays(monday, -1) };
  if (/\bnext month\b|pr[oó]ximo mes|mes (?:que viene|pr[oó]ximo)/.test(lower)) {
    const first = nextDate(today, (candidate) => candidate.endsWith('-01') && candidate > today);
    return first === null ? null : { from: first, to: addDays(first, 27) };
  }
  const [, count = '', unit = ''] =
    /\b(?:in|en) (a|one|two|three|four|una?|dos|tres|cuatro|\d) (weeks?|months?|semanas?|mes(?:es)?)\b/.exec(
      lower,
    ) ?? [];
  if (unit !== '') {
    const from = addDays(today, (wordNumbers[count] ?? Number(count)) * (/^[ws]/.test(unit) ? 7 : 30));
    return { from, to: addDays(from, 7) };
  }
  const soon = words(
    'soonest|earliest|first available|asap|as soon as possible|any ?time|any day|whenever',
    'lo antes posible|cuanto antes|lo m[aá]s pronto(?: posible)?|cualquier d[ií]a|cuando sea',
  );
  return soon.test(lower) ? { from: addDays(today, 1), to: addDays(today, 21) } : null;
}

function nextDate(today: string, fits: (date: string) => boolean): string | null {
  for (let ahead = 0; ahead < 366; ahead++) {
    const date = addDays(today, ahead);
    if (isPracticeDate(date) && fits(date)) return date;
  }
  return null;
}
