import type { Family } from './family.js';

/** What the caller knows when it is their turn. */
export interface CallerView {
  readonly lastReply: string;
  /** A time is held and waits for a yes. */
  readonly holding: boolean;
  /** First names of the children that have a visit by now. */
  readonly booked: readonly string[];
  readonly moved: boolean;
  readonly locationName: string;
}

export const opening = ({ lastName, phone, children: [first, second] }: Family): string =>
  `Hello, first visits for my two children please: ${first.firstName} ${lastName}, born ${first.birthDate}, ` +
  `and ${second.firstName} ${lastName}, born ${second.birthDate}. My phone is ${phone}.`;

/** The caller's next line, or null when they have what they called for: both children booked, the second one's visit moved. */
export function nextLine(family: Family, view: CallerView): string | null {
  const { lastReply, booked, locationName } = view;
  const missing = family.children.map(({ firstName }) => firstName).filter((name) => !booked.includes(name));
  if (missing.length === 0 && view.moved) return null;
  if (view.holding) return 'Yes, please.';
  if (/which (one|time)|suits you/i.test(lastReply)) return 'The first one, please.';
  if (/which (office|location)/i.test(lastReply)) return `${locationName}, next week please.`;
  if (missing.length > 0) {
    return `${missing.join(' and ')} still needs a first visit, a new appointment: ${locationName}, next week please.`;
  }
  return `Now I need to reschedule the appointment of ${family.children[1].firstName}: another time next week, please.`;
}
