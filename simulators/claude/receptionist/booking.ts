import { addDays } from '../../../domain/time/practice-time.js';
import { appointmentInQuestion } from './diary.js';
import {
  indexOf,
  lastOk,
  patientsOf,
  rows,
  sayVisit,
  usedNow,
  type Desk,
  type Row,
  type ToolHappening,
} from './desk.js';
import { says } from './intents.js';
import { call, say, type Move } from './moves.js';
import { phoneIn, postalCodeIn, type NamedPerson } from './people-in-words.js';
import { optionsOf, sayOption, type Option } from './slot-options.js';
import { isNamed, wishOf } from './wish.js';

/** A new family may join the waiting list as it may book; everything else is about people whom the practice has. */
const mayBeNew = ({ business }: Desk): boolean => business === 'book' || business === 'waitlist';

/** Asks for what is missing of the people, or registers or identifies the next of them; null when all are known. */
export function meetPeople(desk: Desk): Move | null {
  const { t } = desk;
  const asksOld = !mayBeNew(desk);
  if (!asksOld && desk.isNew === null && !hasMet(desk)) return say(t.asksFirstVisit);
  const isNew = !asksOld && desk.isNew !== false;
  const people = desk.people.filter((person) => !isMet(desk, person));
  if (people.length === 0) return hasMet(desk) ? null : say(isNew ? t.asksNewPeople : t.asksKnownPatient);
  const nameless = people.find(({ lastName }) => lastName === null);
  if (nameless) return say(t.lastNameOf(nameless.firstName));
  const unborn = people.filter(({ birthDate }) => birthDate === null).map(({ firstName }) => firstName);
  const [one] = unborn;
  if (unborn.length === 1 && one !== undefined) return say(t.birthDateOf(one));
  if (unborn.length > 1) return say(t.birthDatesOf(unborn));
  const [next] = people;
  return next ? (isNew ? register(desk, next) : identify(desk, next)) : null;
}

const meetings = ['start_new_patient', 'identify_patient'];
const hasMet = ({ tools }: Desk): boolean => tools.some((tool) => meetings.includes(tool.name) && tool.ok);
const isMet = ({ tools }: Desk, { firstName, lastName }: NamedPerson): boolean =>
  tools.some(
    ({ name, ok, input }) =>
      meetings.includes(name) &&
      ok &&
      input['first_name'] === firstName &&
      (lastName === null || input['last_name'] === lastName),
  );

function register(desk: Desk, person: NamedPerson): Move {
  const phone = phoneIn(desk.texts);
  if (phone === null) return say(desk.t.asksPhone);
  return call('start_new_patient', { ...identityOf(person), phone, email: null });
}

const identityOf = ({ firstName, lastName, birthDate }: NamedPerson) => ({
  first_name: firstName,
  last_name: lastName ?? '',
  birth_date: birthDate ?? '',
});

/** Never tries the same details twice: after a failure something must have changed. */
function identify(desk: Desk, person: NamedPerson): Move {
  const factor = phoneIn(desk.texts) ?? postalCodeIn(desk.texts);
  if (factor === null) return say(desk.t.asksFactor);
  const input = { ...identityOf(person), second_factor: factor };
  const tried = desk.tools.some(
    (tool) => tool.name === 'identify_patient' && JSON.stringify(tool.input) === JSON.stringify(input),
  );
  return tried ? say(`${desk.t.notFoundAgain} ${desk.t.offersPerson}`) : call('identify_patient', input);
}

/** Looks for slots as the caller wishes; "something else" goes past what was offered last. */
export function search(desk: Desk): Move {
  const { practice, wish } = desk;
  const moving = desk.business === 'reschedule' ? appointmentInQuestion(desk) : undefined;
  const place = officeOf(desk, moving);
  if (place === null) return say(desk.t.asksOffice(practice.locations.map(({ name }) => name)));
  return call('find_slots', {
    visit_type: visitTypeOf(desk, moving),
    location: place,
    ...daysToSearch(desk),
    part_of_day: wish.partOfDay ?? 'any',
    patients: moving ? [String(moving['patient'])] : patientsOf(desk),
  });
}

/** The office that the caller wishes for, or the one that goes without saying; null when they must be asked. */
export function officeOf({ practice, wish, texts, fresh }: Desk, moving?: Row): string | null {
  const [first, ...others] = practice.locations;
  return (
    wish.location ??
    practice.locations.find(({ name }) => name === moving?.['location'])?.key ??
    (others.length === 0 ? first?.key : null) ??
    wishOf(texts, practice).location ??
    (says('anyOffice', fresh) ? first?.key : null) ??
    null
  );
}

export function visitTypeOf({ practice, isNew, recent }: Desk, moving?: Row): string {
  const usual = isNew === false && !says('exam', recent.join(' ')) ? 'adjustment' : 'exam';
  const visitType =
    practice.visitTypes.find(({ name }) => name === moving?.['visit_type']) ??
    practice.visitTypes.find(({ key }) => key === usual) ??
    practice.visitTypes[0];
  return visitType?.key ?? '';
}

function daysToSearch(desk: Desk): { readonly from: string; readonly to: string } {
  const tomorrow = addDays(desk.practice.today, 1);
  const fresh = wishOf(desk.freshTexts, desk.practice);
  const searched = lastOk(desk, 'find_slots');
  const wantsOther =
    searched &&
    indexOf(desk, searched) > desk.settled &&
    fresh.days === null &&
    !isNamed(fresh) &&
    says('other', desk.fresh);
  if (wantsOther) {
    const dates = optionsOf(searched.data, desk.wish).options.flatMap(({ slots }) =>
      slots.map(({ date }) => date),
    );
    const [first = tomorrow] = dates;
    if (says('sooner', desk.fresh) && first > tomorrow) return { from: tomorrow, to: addDays(first, -1) };
    const from = addDays(dates.at(-1) ?? tomorrow, 1);
    return { from, to: addDays(from, 21) };
  }
  return desk.wish.days ?? { from: tomorrow, to: addDays(tomorrow, 20) };
}

/** Nothing free on the days that were asked for: looks at the weeks after them, once a turn. */
export function widen(desk: Desk, failed: ToolHappening): Move {
  if (usedNow(desk).filter(({ name }) => name === 'find_slots').length > 1) return say(desk.t.nothingThen);
  const from = String(failed.input['from']);
  return {
    kind: 'call',
    name: 'find_slots',
    input: { ...failed.input, from, to: addDays(from, 28), part_of_day: 'any' },
  };
}

export function offer(desk: Desk, searched: ToolHappening): Move {
  const { options, fit } = optionsOf(searched.data, desk.wish);
  const failures = usedNow(desk).filter(({ ok }) => !ok);
  const [option] = options;
  const { t } = desk;
  const words =
    options.length === 1 && option
      ? t.offerOne(sayOption(desk, option))
      : t.offerSome(options.map((one) => sayOption(desk, one)));
  const failure = failures.at(-1);
  if (failure?.code === 'none_free') return say(`${t.nothingOnDays} ${words}`);
  if (failure) return say(`${t.hint(failure.code, failure.hint)} ${words}`);
  return say(fit ? words : `${t.nothingAtHour} ${words}`);
}

export function hold(desk: Desk, searched: ToolHappening, option: Option): Move {
  const patients = rows(searched.input['patients']).map(String);
  const refs = patients.length > 0 ? patients : patientsOf(desk);
  return call('hold_slots', {
    visits: option.slots.map((slot, index) => ({ patient: refs[index] ?? refs[0] ?? '', slot: slot.slot })),
  });
}

export function readBack(desk: Desk, held: ToolHappening): Move {
  const visits = desk.t.visits(rows(held.data['visits']).map((visit) => sayVisit(desk, visit)));
  return say(desk.t.holding(visits, desk.business === 'reschedule' ? 'move' : 'book'), [
    { kind: 'held', ref: String(held.data['hold']) },
  ]);
}

export function confirm(desk: Desk, held: ToolHappening): Move {
  const order = { hold: String(held.data['hold']), caller_said: desk.fresh };
  const moving = desk.business === 'reschedule' ? appointmentInQuestion(desk) : undefined;
  return moving
    ? call('reschedule', { appointment: String(moving['appointment']), ...order })
    : call('confirm_booking', order);
}
