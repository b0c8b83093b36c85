import { addDays } from '../../../domain/time/practice-time.js';
import { appointmentInQuestion } from './appointments.js';
import {
  indexOf,
  lastOk,
  patientsOf,
  rows,
  sayVisit,
  usedNow,
  type Desk,
  type ToolHappening,
} from './desk.js';
import { says } from './intents.js';
import {
  asksConsent,
  asksFirstVisit,
  asksNames,
  call,
  offersPerson,
  prefixed,
  say,
  type Move,
} from './moves.js';
import { phoneIn, postalCodeIn, type NamedPerson } from './people-in-words.js';
import { optionsOf, sayOption, type Option } from './slot-options.js';
import { isNamed, wishOf } from './wish.js';

const joined = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** Asks for what is missing of the people, or registers or identifies the next of them; null when all are known. */
export function meetPeople(desk: Desk): Move | null {
  const asksOld = desk.business !== 'book';
  if (!asksOld && desk.isNew === null && !hasMet(desk)) return prefixed('Gladly.', say(asksFirstVisit));
  const isNew = !asksOld && desk.isNew !== false;
  const people = desk.people.filter((person) => !isMet(desk, person));
  if (people.length === 0) return hasMet(desk) ? null : askNames(isNew);
  const nameless = people.find(({ lastName }) => lastName === null);
  if (nameless) return say(`What is ${nameless.firstName}'s last name?`);
  const unborn = people.filter(({ birthDate }) => birthDate === null).map(({ firstName }) => firstName);
  const [one] = unborn;
  if (unborn.length === 1 && one !== undefined) return say(`What is ${one}'s birth date, with the year?`);
  if (unborn.length > 1) return say(`What are the birth dates of ${joined(unborn)}, with the years?`);
  const [next] = people;
  return next ? (isNew ? register(desk, next) : identify(desk, next)) : null;
}

const askNames = (isNew: boolean): Move =>
  isNew
    ? say(`Please tell me ${asksNames} and birth date of everybody who is coming, and a phone number.`)
    : say(
        `Please tell me ${asksNames} and birth date of the patient, and the phone number or postal code on file.`,
      );

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
  if (phone === null) return say('And which phone number may we use?');
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
  if (factor === null) return say('Thank you. And the phone number or postal code that we have on file?');
  const input = { ...identityOf(person), second_factor: factor };
  const tried = desk.tools.some(
    (tool) => tool.name === 'identify_patient' && JSON.stringify(tool.input) === JSON.stringify(input),
  );
  return tried
    ? say(`I still cannot find a record with these details. ${offersPerson}`)
    : call('identify_patient', input);
}

/** Looks for slots as the caller wishes; "something else" goes past what was offered last. */
export function search(desk: Desk): Move {
  const { practice, wish } = desk;
  const moving = desk.business === 'reschedule' ? appointmentInQuestion(desk) : undefined;
  const place =
    wish.location ??
    practice.locations.find(({ name }) => name === moving?.['location'])?.key ??
    (practice.locations.length === 1 ? practice.locations[0]?.key : null) ??
    wishOf(desk.texts, practice).location ??
    (/\b(?:either|any|whichever|doesn't matter|don't care|closest)\b/i.test(desk.fresh)
      ? practice.locations[0]?.key
      : null);
  if (place === null || place === undefined) {
    const names = practice.locations.map(({ name }) => name).join(' or ');
    return say(
      `Which office would you like to come to: ${names}? If a day or a time of day suits you best, tell me that too.`,
    );
  }
  const typeKey =
    practice.visitTypes.find(({ name }) => name === moving?.['visit_type'])?.key ??
    practice.visitTypes.find(
      ({ key }) =>
        key === (desk.isNew === false && !/\bexam\b/i.test(desk.recent.join(' ')) ? 'adjustment' : 'exam'),
    )?.key ??
    practice.visitTypes[0]?.key;
  return call('find_slots', {
    visit_type: typeKey ?? '',
    location: place,
    ...daysToSearch(desk),
    part_of_day: wish.partOfDay ?? 'any',
    patients: moving ? [String(moving['patient'])] : patientsOf(desk),
  });
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
    if (/\b(?:sooner|earlier|too late)\b/i.test(desk.fresh) && first > tomorrow)
      return { from: tomorrow, to: addDays(first, -1) };
    const from = addDays(dates.at(-1) ?? tomorrow, 1);
    return { from, to: addDays(from, 21) };
  }
  return desk.wish.days ?? { from: tomorrow, to: addDays(tomorrow, 20) };
}

/** Nothing free on the days that were asked for: looks at the weeks after them, once a turn. */
export function widen(desk: Desk, failed: ToolHappening): Move {
  if (usedNow(desk).filter(({ name }) => name === 'find_slots').length > 1)
    return say('Nothing is free then. Which other day, or which other office, would work for you?');
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
  const words =
    options.length === 1 && option
      ? `I have ${sayOption(option)}. Does that suit you?`
      : `I have these times: ${options.map((one, index) => `${['first', 'second', 'third'][index] ?? ''}, ${sayOption(one)}`).join('; ')}. Which one suits you?`;
  const failure = failures.at(-1);
  if (failure?.code === 'none_free') return say(`Nothing is free on the days that you named. ${words}`);
  if (failure) return say(`${failure.hint} ${words}`);
  return say(fit ? words : `Nothing is free at exactly that hour. ${words}`);
}

export function hold(desk: Desk, searched: ToolHappening, option: Option): Move {
  const patients = rows(searched.input['patients']).map(String);
  const refs = patients.length > 0 ? patients : patientsOf(desk);
  return call('hold_slots', {
    visits: option.slots.map((slot, index) => ({ patient: refs[index] ?? refs[0] ?? '', slot: slot.slot })),
  });
}

export function readBack(desk: Desk, held: ToolHappening): Move {
  const verb = desk.business === 'reschedule' ? 'move the visit to this time' : 'book this';
  const visits = rows(held.data['visits']).map(sayVisit).join(', and ');
  return say(`I am holding ${visits}. Shall I ${verb}? ${asksConsent}`, [
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
