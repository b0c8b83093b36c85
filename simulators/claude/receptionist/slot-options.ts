import { mentionsIn, possibleHours } from '../../../domain/agent/dates-and-times.js';
import { formatDay, weekdayOf } from '../../../domain/time/practice-time.js';
import type { Desk } from './desk.js';
import type { Wish } from './wish.js';
import { words } from './words.js';

interface OfferedSlot {
  readonly slot: string;
  readonly date: string;
  readonly day: string;
  readonly time: string;
  readonly location: string;
}

/** What a caller may choose: one slot, or a set for several people. */
export interface Option {
  readonly slots: readonly OfferedSlot[];
}

/** A caller on the phone keeps three in mind. */
const mostOffered = 3;

/** What is offered of a search result: sets when there are any, else single slots; those that fit the caller's hours, else all. */
export function optionsOf(
  data: Record<string, unknown>,
  wish: Wish,
): { readonly options: Option[]; readonly fit: boolean } {
  const slots = (Array.isArray(data['slots']) ? data['slots'] : []) as OfferedSlot[];
  const sets = (Array.isArray(data['together']) ? data['together'] : []) as string[][];
  const all: Option[] =
    sets.length === 0
      ? slots.map((slot) => ({ slots: [slot] }))
      : sets.map((refs) => ({ slots: refs.flatMap((ref) => slots.filter((slot) => slot.slot === ref)) }));
  const fitting = all.filter(({ slots: [first] }) => {
    const time = first ? clockOf(first.time) : '';
    return (
      (wish.notBefore === null || time >= wish.notBefore) && (wish.notAfter === null || time <= wish.notAfter)
    );
  });
  return { options: (fitting.length > 0 ? fitting : all).slice(0, mostOffered), fit: fitting.length > 0 };
}

export function sayOption({ t, language }: Desk, { slots }: Option): string {
  const [first] = slots;
  if (!first) return '';
  const times = [...new Set(slots.map((slot) => slot.time))];
  return t.option(formatDay(first.date, language), times, slots.length > times.length, first.location);
}

const ranks: readonly RegExp[] = [
  words(
    'first|1st|(?:number|option|#) ?(?:one|1)|earliest|soonest',
    'primer[oa]?|(?:n[uú]mero|opci[oó]n) (?:uno|1)',
  ),
  words('second|2nd|(?:number|option|#) ?(?:two|2)|middle', 'segund[oa]|(?:n[uú]mero|opci[oó]n) (?:dos|2)'),
  words('third|3rd|(?:number|option|#) ?(?:three|3)', 'tercer[oa]?|(?:n[uú]mero|opci[oó]n) (?:tres|3)'),
];

/** Which one a text names by its place in a list, from 0; -1 = none. */
export const rankIn = (lower: string): number => {
  const figure = /^\W*([1-3])\W*$/.exec(lower)?.[1];
  return figure === undefined ? ranks.findIndex((pattern) => pattern.test(lower)) : Number(figure) - 1;
};

const last = words('the last|last one|latest', '[uú]ltim[oa]');

/** `2:20 PM` as `14:20`. */
export const clockOf = (time: string): string => {
  const [clock = '', half = ''] = time.split(' ');
  const [hour = '0', minute = '00'] = clock.split(':');
  return `${String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)).padStart(2, '0')}:${minute}`;
};

const halfDay = (clock: string): string =>
  `${String(Number(clock.slice(0, 2)) % 12).padStart(2, '0')}${clock.slice(2)}`;

/** The option that the caller's words choose by rank, time or day; undefined when they choose none of these. */
export function pickOption(options: readonly Option[], said: string, today: string): Option | undefined {
  const lower = said.toLowerCase();
  if (last.test(lower)) return options.at(-1);
  const rank = rankIn(lower);
  if (rank >= 0) return options[rank];
  const mentions = mentionsIn(lower, today);
  const times = mentions.flatMap((mention) => (mention.kind === 'time' ? [mention] : []));
  const matches = options.filter(({ slots }) => {
    const [first] = slots;
    if (!first) return false;
    return (
      mentions.every((mention) => {
        switch (mention.kind) {
          case 'time':
            return true;
          case 'day':
            return first.date.slice(5) === mention.day;
          case 'dayOfMonth':
            return first.date.slice(8) === mention.dayOfMonth;
          case 'weekday':
            return weekdayOf(first.date) === mention.weekday;
        }
      }) &&
      (times.length === 0 ||
        slots.some(({ time }) =>
          times.some((said) =>
            said.bare ? halfDay(said.time) === halfDay(clockOf(time)) : said.time === clockOf(time),
          ),
        ))
    );
  });
  return mentions.length > 0 ? matches[0] : undefined;
}

/** The option that a bare hour or a plain agreement chooses, when the caller wishes for nothing else. */
export function pickLoosely(options: readonly Option[], said: string): Option | undefined {
  const lower = said.toLowerCase();
  const hours = possibleHours(lower).map((hour) => hour.slice(0, 2));
  const atHour = options.find(({ slots }) =>
    slots.some(
      ({ time }) => time.includes(':00') && hours.includes(time.split(':')[0]?.padStart(2, '0') ?? ''),
    ),
  );
  return atHour ?? (agreement.test(lower) ? options[0] : undefined);
}

const agreement = words(
  'that one|either|any of|any|whatever|works|fine|good|great|perfect|ok|okay|sure|yes|yeah|take it',
  's[ií]|es[ea]|cualquiera|est[aá] bien|bueno|perfecto|de acuerdo|claro|me (?:sirve|conviene|queda)',
);
