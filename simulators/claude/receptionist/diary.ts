import { isMentionOf, mentionsIn } from '../../../domain/agent/dates-and-times.js';
import { lastOk, rows, type Desk, type Row } from './desk.js';
import { businessOf, says } from './intents.js';
import { holds } from './languages.js';
import { clockOf, rankIn } from './slot-options.js';

/** Appointments that were neither cancelled nor moved since they were listed. */
function openOnes({ tools }: Desk, listed: readonly Row[]): Row[] {
  const gone = tools
    .filter(({ name, ok }) => (name === 'cancel' || name === 'reschedule') && ok)
    .map(({ input }) => input['appointment']);
  return listed.filter((one) => !gone.includes(one['appointment']));
}

/**
 * The words that name somebody who has no appointment, where the caller wants one moved: "another time for Mia" while only Leo has a visit.
 * Undefined when who is named first has one, or nobody is named.
 */
function wordsForSomebodyElse({ recent, people }: Desk, appointments: readonly Row[]): string | undefined {
  const namedIn = (text: string) =>
    people.filter(({ firstName }) => text.toLowerCase().includes(firstName.toLowerCase()));
  const text = recent.find((said) => namedIn(said).length > 0);
  const isElse =
    text !== undefined &&
    namedIn(text).every(({ firstName }) => appointments.every((one) => one['first_name'] !== firstName));
  return isElse ? text : undefined;
}

/** The appointment that the caller means: the only one, or the one whose name or time they said last. */
export function appointmentInQuestion(desk: Desk): Row | undefined {
  const appointments = rows(lastOk(desk, 'list_my_appointments')?.data['appointments']);
  if (isMovingOn(desk)) return nextOfAll(desk);
  if (appointments.length === 1) return appointments[0];
  const open = openOnes(desk, appointments);
  if (open.length === 1) return open[0];
  const asked = holds(desk.said, 'whichOne');
  for (const text of [...desk.recent].reverse()) {
    const lower = text.toLowerCase();
    const rank = rankIn(lower);
    const mentions = mentionsIn(lower, desk.practice.today);
    const named =
      open.find((one) => lower.includes(String(one['first_name']).toLowerCase())) ??
      (mentions.length === 0
        ? undefined
        : open.find((one) => {
            const start = `${String(one['date'])}T${clockOf(String(one['time']))}`;
            return mentions.some((mention) => isMentionOf(mention, start));
          })) ??
      (says('all', lower) ? open[0] : undefined) ??
      (asked && rank >= 0 ? open[rank] : undefined);
    if (named) return named;
  }
  return undefined;
}

/** The next appointment to cancel or to move, when the caller wanted all of them treated so. */
export function nextOfAll(desk: Desk): Row | undefined {
  const before = desk.happenings
    .slice(0, desk.settled)
    .flatMap((one) => (one.kind === 'caller' ? [one.text] : []));
  if (!before.some((text) => says('all', text))) return undefined;
  const made = desk.tools
    .filter(({ name, ok }) => name === 'reschedule' && ok)
    .flatMap(({ data }) => rows(data['appointments']).map((one) => one['appointment']));
  return openOnes(desk, rows(lastOk(desk, 'list_my_appointments')?.data['appointments'])).find(
    (one) => !made.includes(one['appointment']),
  );
}

/** The desk with the business that is really at hand, where the words alone mislead. */
export function atHand(desk: Desk): Desk {
  const settled = desk.happenings[desk.settled];
  // After one of several visits was moved, the talk is about the next of them until the caller names something else.
  if (desk.business === null && settled?.kind === 'tool' && settled.name === 'reschedule' && nextOfAll(desk))
    return { ...desk, business: 'reschedule' };
  const listed = lastOk(desk, 'list_my_appointments');
  if (desk.business !== 'reschedule' || !listed) return desk;
  // Somebody without a visit cannot have it moved: they want one.
  const words = wordsForSomebodyElse(desk, rows(listed.data['appointments']));
  return words === undefined ? desk : { ...desk, business: 'book', recent: [words] };
}

export const isMovingOn = ({ business, recent }: Desk): boolean =>
  business === 'reschedule' && businessOf(recent) === null;
