import { namedTimes } from '../../domain/agent/dates-and-times.js';
import { weekdayOf } from '../../domain/time/practice-time.js';

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

/** The options of a search result: sets when there are any, else single slots. */
export function optionsOf(data: Record<string, unknown>): Option[] {
  const slots = (Array.isArray(data['slots']) ? data['slots'] : []) as OfferedSlot[];
  const sets = (Array.isArray(data['together']) ? data['together'] : []) as string[][];
  if (sets.length === 0) return slots.map((slot) => ({ slots: [slot] }));
  return sets.map((refs) => ({ slots: refs.flatMap((ref) => slots.filter((slot) => slot.slot === ref)) }));
}

export function sayOption({ slots }: Option): string {
  const [first] = slots;
  if (!first) return '';
  const times = [...new Set(slots.map((slot) => slot.time))];
  return `${first.day} at ${times.join(' and ')}${slots.length > times.length ? ', side by side' : ''}, ${first.location}`;
}

const ordinals: readonly RegExp[] = [
  /\b(first|1st|number one|option 1|the earliest)\b/,
  /\b(second|2nd|number two|option 2)\b/,
  /\b(third|3rd|last|number three|option 3)\b/,
];

const hour12 = (time: string): string => {
  const [clock = '', half = ''] = time.split(' ');
  const [hour = '0', minute = '00'] = clock.split(':');
  return `${String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)).padStart(2, '0')}:${minute}`;
};

/** The option that the caller's words choose, by rank, time or day; undefined when they choose none. */
export function pickOption(options: readonly Option[], words: string, today: string): Option | undefined {
  const lower = words.toLowerCase();
  const rank = ordinals.findIndex((pattern) => pattern.test(lower));
  if (rank >= 0) return options[rank] ?? options.at(-1);
  const { times, days, weekdays } = namedTimes(lower, today);
  const matches = options.filter(({ slots }) => {
    const [first] = slots;
    if (!first) return false;
    const onDay = days.length === 0 || days.includes(first.date.slice(5));
    const onWeekday = weekdays.length === 0 || weekdays.includes(weekdayOf(first.date));
    const atTime =
      times.length === 0 ||
      slots.some(
        (slot) => times.includes(hour12(slot.time)) || times.includes(hour12(slot.time.replace('PM', 'AM'))),
      );
    return onDay && onWeekday && atTime;
  });
  const chosen = times.length > 0 || days.length > 0 || weekdays.length > 0;
  if (chosen) return matches[0];
  return /\b(that one|either|any of them|works|fine|good|yes)\b/.test(lower) ? options[0] : undefined;
}
