import {
  addDays,
  isPracticeDate,
  monthName,
  weekdayName,
  weekdayOf,
  type PracticeDate,
  type PracticeTime,
} from '../time/practice-time.js';
import { hourWords, wordTimes } from './spoken-hours.js';

/** Where words stand in a text. */
interface Span {
  readonly at: number;
  readonly end: number;
}

/** One word or figure of a text that names a time of day or a day. */
export type Mention = Span &
  (
    | {
        readonly kind: 'time';
        readonly time: string;
        /** Without AM or PM: `1:30` stands for both halves of the day. */ readonly bare: boolean;
      }
    /** `MM-DD` */
    | { readonly kind: 'day'; readonly day: string }
    /** Monday = 1 */
    | { readonly kind: 'weekday'; readonly weekday: number }
    /** "the 12th": `DD` */
    | { readonly kind: 'dayOfMonth'; readonly dayOfMonth: string }
  );

/** Times of day (`HH:MM`), days (`MM-DD`) and weekdays (1-7) that a text names. Only what is unambiguous is listed. */
export interface NamedTimes {
  readonly times: readonly string[];
  readonly days: readonly string[];
  readonly weekdays: readonly number[];
}

/** What a text says about time. `today` resolves "today" and "tomorrow". A `1:30` without AM or PM stands for both halves of the day. */
export function namedTimes(text: string, today: PracticeDate): NamedTimes {
  const mentions = mentionsIn(text, today);
  return {
    times: mentions.flatMap((mention) => (mention.kind === 'time' ? [mention.time] : [])),
    days: mentions.flatMap((mention) => (mention.kind === 'day' ? [mention.day] : [])),
    weekdays: mentions.flatMap((mention) => (mention.kind === 'weekday' ? [mention.weekday] : [])),
  };
}

/** The same with positions, in the order of the text. Days of past years are birth dates and the like, not days of visits: left out. */
export function mentionsIn(text: string, today: PracticeDate): readonly Mention[] {
  const lower = text.toLowerCase();
  return [...timesIn(lower), ...daysIn(lower, today), ...weekdaysIn(lower)].sort((a, b) => a.at - b.at);
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
const year = '(?:,?\\s+(?:de[l]?\\s+)?(?<year>\\d{4})(?!\\s*[ap:]))?';
const ordinal = '(?:st|nd|rd|th)?';
const dayPatterns = [
  new RegExp(
    `\\b(?<month>${monthPattern})\\.?\\s+(?:the\\s+)?(?<day>\\d{1,2})${ordinal}\\b(?!:)${year}`,
    'g',
  ),
  new RegExp(`\\b(?<day>\\d{1,2})${ordinal}\\s+(?:of\\s+|de\\s+)?(?<month>${monthPattern})\\b${year}`, 'g'),
  /(?<![\d/])(?<month>\d{1,2})\/(?<day>\d{1,2})(?:\/(?<year>\d{4}|\d{2}))?(?![\d/])/g,
  /\b(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})\b/g,
];
/** "the 2nd one" is a choice, "the 12th" a day. */
const dayOfMonthPattern =
  /(?:\bthe|\bon the)\s+(?<day>\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:one|option|slot|time|visit|child|appointment|choice|grade|floor|street|avenue|of)\b)|\bel\s+(?:d[ií]a\s+)?(?<dia>\d{1,2})\b(?!\s*(?:de\s+\p{L}|[:/]))/gu;
const relativeDays: readonly (readonly [RegExp, number])[] = [
  [/\b(?:today|tonight|hoy)\b/g, 0],
  [/(?<!\bafter\s)\btomorrow\b|(?<!\p{L})(?<!\b(?:la|esta|pasado)\s)mañana(?!\p{L})/gu, 1],
  [/\bday after tomorrow\b|\bpasado mañana/g, 2],
];

const pad = (value: number | string): string => String(value).padStart(2, '0');

const span = (match: RegExpMatchArray): Span => ({
  at: match.index ?? 0,
  end: (match.index ?? 0) + match[0].length,
});

function daysIn(text: string, today: PracticeDate): Mention[] {
  const written = dayPatterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .flatMap((match) => {
      const { month = '', day = '', year: named } = match.groups ?? {};
      const inMonth = monthNumbers.get(month) ?? Number(month);
      const inYear = named === undefined ? null : Number(named.length === 2 ? `20${named}` : named);
      if (inYear !== null && inYear < Number(today.slice(0, 4))) return [];
      // 29 February exists in some years: a leap year stands for "any".
      const real = isPracticeDate(`2028-${pad(inMonth)}-${pad(day)}`);
      return real ? [{ kind: 'day' as const, day: `${pad(inMonth)}-${pad(day)}`, ...span(match) }] : [];
    });
  const relative = relativeDays.flatMap(([pattern, days]) =>
    [...text.matchAll(pattern)].map((match) => ({
      kind: 'day' as const,
      day: addDays(today, days).slice(5),
      ...span(match),
    })),
  );
  const ordinals = [...text.matchAll(dayOfMonthPattern)].map((match) => ({
    kind: 'dayOfMonth' as const,
    dayOfMonth: pad(match.groups?.['day'] ?? match.groups?.['dia'] ?? ''),
    ...span(match),
  }));
  return [...written, ...relative, ...ordinals];
}

const clockTime =
  /(?<![\d:])(?<hour>\d{1,2})(?::(?<minute>[0-5]\d))?\s*(?<half>[ap])\.?\s?m\b\.?|(?<![\d:])(?<bareHour>[01]?\d|2[0-3]):(?<bareMinute>[0-5]\d)\b(?!\s*[ap]\.?\s?m\b)/g;
/** "at 9", "a las 9": an hour only where nothing else can follow, so that "at 2 Example Avenue" is an address. */
const atHour =
  /\b(?:at|around|by|a las?)\s+(?<hour>1[0-2]|[1-9])(?=\s*(?:$|[.,;!?)\n]|(?:o'?clock|in the|on|or|and|for|tomorrow|today|works?|instead|sharp|then|y|o|de la|el|mañana|en punto)(?!\p{L})))/gu;

function timesIn(text: string): Mention[] {
  const clock = [...text.matchAll(clockTime)].map((match) => {
    const { hour, minute = '00', half, bareHour = '', bareMinute = '' } = match.groups ?? {};
    return half === undefined
      ? { kind: 'time' as const, time: `${pad(bareHour)}:${bareMinute}`, bare: true, ...span(match) }
      : {
          kind: 'time' as const,
          time: `${pad((Number(hour) % 12) + (half === 'p' ? 12 : 0))}:${minute}`,
          bare: false,
          ...span(match),
        };
  });
  const hours = [...text.matchAll(atHour)].map((match) => ({
    kind: 'time' as const,
    time: `${pad(match.groups?.['hour'] ?? '')}:00`,
    bare: true,
    ...span(match),
  }));
  return longest([...clock, ...hours, ...wordTimes(text)]);
}

/** "nine" of "nine thirty" is no time of its own. */
const longest = <M extends Span>(mentions: readonly M[]): M[] =>
  mentions.filter(
    ({ at, end }) =>
      !mentions.some((other) => other.end - other.at > end - at && other.at < end && at < other.end),
  );

/** True when a mention may stand for this time: the same day, weekday or time of day. */
export function isMentionOf(mention: Mention, time: PracticeTime): boolean {
  switch (mention.kind) {
    case 'time':
      return (
        time.slice(11, 16) === mention.time ||
        (mention.bare && time.slice(11, 16) === afternoon(mention.time))
      );
    case 'day':
      return time.slice(5, 10) === mention.day;
    case 'dayOfMonth':
      return time.slice(8, 10) === mention.dayOfMonth;
    case 'weekday':
      return weekdayOf(time.slice(0, 10)) === mention.weekday;
  }
}

const afternoon = (time: string): string => `${pad((Number(time.slice(0, 2)) + 12) % 24)}${time.slice(2)}`;

/** Every hour that a text may mean, as bare figures and words too ("can we do 4", "around nine"): for what callers say, not for what we say. */
export const possibleHours = (text: string): readonly string[] =>
  [...text.toLowerCase().matchAll(/(?<![\p{L}\d:/$-])(\d{1,2}|\p{L}+)(?![\p{L}\d:/-])/gu)].flatMap(
    ([, word = '']) => {
      const hour = hourWords.get(word) ?? Number(word);
      return hour >= 1 && hour <= 12 ? [`${pad(hour)}:00`] : [];
    },
  );

/** 1 January 2001 was a Monday. */
const nameOf = (weekday: number, language: 'en' | 'es'): string =>
  weekdayName(addDays('2001-01-01', weekday - 1), language).toLowerCase();

const plain = (name: string): string => name.normalize('NFD').replace(/\p{M}/gu, '');

const weekdayPatterns: readonly (readonly [number, RegExp])[] = [1, 2, 3, 4, 5, 6, 7].map((weekday) => {
  const [english, spanish] = [nameOf(weekday, 'en'), nameOf(weekday, 'es')];
  // "Sat" and "sun" are words too: abbreviations count before a date or a time only.
  const short = `${english.slice(0, 3)}(?:s|rs|urs|nes)?\\.?(?=,?\\s+(?:at\\s|the\\s|\\d|(?:${monthPattern})\\b))`;
  return [
    weekday,
    new RegExp(`(?<!\\p{L})(?:${english}s?|${spanish}s?|${plain(spanish)}s?|${short})(?!\\p{L})`, 'gu'),
  ];
});

const weekdaysIn = (text: string): Mention[] =>
  weekdayPatterns.flatMap(([weekday, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ kind: 'weekday' as const, weekday, ...span(match) })),
  );
