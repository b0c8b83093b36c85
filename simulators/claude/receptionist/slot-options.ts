import { mentionsIn, possibleHours } from '../../../domain/agent/dates-and-times.js';
import { weekdayOf } from '../../../domain/time/practice-time.js';
import type { Wish } from './wish.js';

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

export function sayOption({ slots }: Option): string {
  const [first] = slots;
  if (!first) return '';
  const times = [...new Set(slots.map((slot) => slot.time))];
  return `${first.day} at ${times.join(' and ')}${slots.length > times.length ? ', side by side' : ''}, ${first.location}`;
}

const ranks: readonly RegExp[] = [
  /\b(?:first|1st|(?:number|option|#) ?(?:one|1)|earliest|soonest)\b|^\W*1\W*$/,
  /\b(?:second|2nd|(?:number|option|#) ?(?:two|2)|middle)\b|^\W*2\W*$/,
  /\b(?:third|3rd|(?:number|option|#) ?(?:three|3))\b|^\W*3\W*$/,
];

/** `2:20 PM` as `14:20`. */
const clockOf = (time: string): string => {
  const [clock = '', half = ''] = time.split(' ');
  const [hour = '0', minute = '00'] = clock.split(':');
  return `${String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)).padStart(2, '0')}:${minute}`;
};

const halfDay = (clock: string): string =>
  `${String(Number(clock.slice(0, 2)) % 12).padStart(2, '0')}${clock.slice(2)}`;

/** The option that the caller's words choose by rank, time or day; undefined when they choose none of these. */
export function pickOption(options: readonly Option[], words: string, today: string): Option | undefined {
  const lower = words.toLowerCase();
  if (/\b(?:the last|last one|latest)\b/.test(lower)) return options.at(-1);
  const rank = ranks.findIndex((pattern) => pattern.test(lower));
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
export function pickLoosely(options: readonly Option[], words: string): Option | undefined {
  const lower = words.toLowerCase();
  const hours = possibleHours(lower).map((hour) => hour.slice(0, 2));
  const atHour = options.find(({ slots }) =>
    slots.some(
      ({ time }) => time.includes(':00') && hours.includes(time.split(':')[0]?.padStart(2, '0') ?? ''),
    ),
  );
  return atHour ?? (agreement.test(lower) ? options[0] : undefined);
}

const agreement =
  /\b(?:that one|either|any of|any|whatever|works|fine|good|great|perfect|ok|okay|sure|yes|yeah|take it)\b/;
