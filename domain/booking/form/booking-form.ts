import { addDays, type PracticeDate, type PracticeTime } from '../../time/practice-time.js';
import { isConsent } from '../consent.js';
import {
  birthDateIn,
  choiceByTime,
  choiceIn,
  kindIn,
  nameIn,
  phoneIn,
  secondFactorIn,
  wantsOtherTimes,
  wishIn,
  yesOrNo,
} from './heard.js';

/** What the form has asked last. */
export type FormQuestion =
  /** Whether the visit is for the people who are known already. */
  | 'known'
  | 'kind'
  | 'name'
  | 'lastName'
  | 'birthDate'
  /** Whether name and birth date were heard right. */
  | 'details'
  | 'phone'
  | 'secondFactor'
  | 'another'
  | 'visitType'
  | 'office'
  | 'offer'
  | 'consent';

/** Somebody who is being entered. */
export interface FormDraft {
  readonly kind: 'new' | 'existing';
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate | null;
}

/**
 * A booking that code takes down question by question while no model can (claude.md 6; failure-modes.md 28). Plain JSON: it is carried
 * across continue-as-new. References are those of the conversation, so the same gates stand before the same writes.
 */
export interface BookingForm {
  readonly question: FormQuestion;
  /** References of those who are to be seen. */
  readonly people: readonly string[];
  readonly draft: FormDraft | null;
  /** Phone number of the family, given once. */
  readonly phone: string | null;
  readonly visitType: string | null;
  readonly office: string | null;
  /** First day of the search; null = as soon as possible. */
  readonly from: PracticeDate | null;
  /** What was offered, in the order of its numbers: one slot for each of `people`. */
  readonly offers: readonly (readonly string[])[];
  /** Answers in a row that were not understood. */
  readonly misheard: number;
  /** Turns that the form has taken. */
  readonly turns: number;
}

/** Somebody is needed when this many answers in a row were not understood. */
export const mostMisheard = 2;

/** A form that takes longer than this will not end: six people, each asked everything twice, fit. */
export const mostFormTurns = 60;

/** More people than this are for a colleague (the limit of `start_new_patient`). */
const mostPeople = 6;

/** What the form knows of the practice and of the talk when it hears an answer. */
export interface FormFacts {
  readonly today: PracticeDate;
  readonly visitTypes: readonly { readonly key: string; readonly name: string }[];
  readonly offices: readonly { readonly key: string; readonly name: string }[];
  /** References of people who are known already. */
  readonly known: readonly string[];
  /** Starts of each offer, in their order. */
  readonly offerTimes: readonly (readonly PracticeTime[])[];
  /** Starts that were read back and wait for a yes. */
  readonly heldTimes: readonly PracticeTime[];
}

/** What is to be done next. Everything but `ask` needs the world; its result comes back by one of the reducers below. */
export type FormStep =
  | { readonly kind: 'ask'; readonly form: BookingForm }
  /** The answer was not understood. */
  | { readonly kind: 'again' }
  | { readonly kind: 'person' | 'leave' | 'goodbye' }
  | { readonly kind: 'speak'; readonly language: 'en' | 'es' }
  | {
      readonly kind: 'enter';
      readonly form: BookingForm;
      readonly person: Omit<FormDraft, 'kind' | 'birthDate'> & { readonly birthDate: PracticeDate };
      readonly phone: string;
    }
  | {
      readonly kind: 'identify';
      readonly form: BookingForm;
      readonly person: Omit<FormDraft, 'kind' | 'birthDate'> & { readonly birthDate: PracticeDate };
      readonly secondFactor: string;
    }
  | { readonly kind: 'search'; readonly form: BookingForm }
  | { readonly kind: 'hold'; readonly form: BookingForm; readonly offer: readonly string[] }
  | { readonly kind: 'confirm'; readonly form: BookingForm }
  /** The caller does not want what is held. */
  | { readonly kind: 'giveBack'; readonly form: BookingForm };

/** A form at its first question. People who are known already need not be entered again. */
export const beginForm = (known: readonly string[], phone: string | null): BookingForm => ({
  question: known.length > 0 ? 'known' : 'kind',
  people: [],
  draft: null,
  phone,
  visitType: null,
  office: null,
  from: null,
  offers: [],
  misheard: 0,
  turns: 0,
});

/** A form whose places were held before it began. */
export const formUnderHold = (people: readonly string[], visitType: string, office: string): BookingForm => ({
  ...beginForm([], null),
  question: 'consent',
  people,
  visitType,
  office,
});

const ask = (form: BookingForm, question: FormQuestion): FormStep => ({
  kind: 'ask',
  form: { ...form, question },
});

/** What the caller's words mean as an answer to the form's question. English and Spanish, whatever the language of the question. */
export function hear(form: BookingForm, text: string, facts: FormFacts): FormStep {
  const wish = wishIn(text);
  if (wish === 'person' || wish === 'leave') return { kind: wish };
  if (wish === 'english' || wish === 'spanish')
    return { kind: 'speak', language: wish === 'english' ? 'en' : 'es' };
  if (wish === 'goodbye' && (form.question === 'kind' || form.question === 'known'))
    return { kind: 'goodbye' };
  return answers[form.question](form, text, facts);
}

type Answer = (form: BookingForm, text: string, facts: FormFacts) => FormStep;

const again: FormStep = { kind: 'again' };

const answers: Readonly<Record<FormQuestion, Answer>> = {
  known: (form, text, facts) => {
    const said = yesOrNo(text);
    if (said === null) return again;
    return said === 'yes' ? toVisit({ ...form, people: facts.known }, facts) : ask(form, 'kind');
  },
  kind: (form, text) => {
    const kind = kindIn(text);
    if (kind === null) return again;
    return ask({ ...form, draft: { kind, firstName: '', lastName: '', birthDate: null } }, 'name');
  },
  name: (form, text) => {
    const words = nameIn(text);
    if (words === null || form.draft === null) return again;
    const [firstName = '', lastName = ''] = words;
    const isWhole = words.length === 2;
    const named = {
      ...form.draft,
      firstName: isWhole ? firstName : words.join(' '),
      lastName: isWhole ? lastName : '',
    };
    return ask({ ...form, draft: named }, isWhole ? 'birthDate' : 'lastName');
  },
  lastName: (form, text) => {
    const words = nameIn(text);
    if (words === null || form.draft === null) return again;
    const lastName = words.join(' ');
    const { firstName } = form.draft;
    // "María José García López" was said as one name, and "García López" ends it.
    const rest = firstName.toLowerCase().endsWith(` ${lastName.toLowerCase()}`)
      ? firstName.slice(0, -lastName.length).trim()
      : firstName;
    return ask({ ...form, draft: { ...form.draft, firstName: rest, lastName } }, 'birthDate');
  },
  birthDate: (form, text, { today }) => {
    const birthDate = birthDateIn(text, today);
    if (birthDate === null || form.draft === null) return again;
    return ask({ ...form, draft: { ...form.draft, birthDate } }, 'details');
  },
  details: (form, text) => {
    const said = yesOrNo(text);
    if (said === null || form.draft === null) return again;
    if (said === 'no') return ask({ ...form, draft: emptied(form.draft) }, 'name');
    if (form.draft.kind === 'existing') return ask(form, 'secondFactor');
    return form.phone === null ? ask(form, 'phone') : enter(form, form.phone);
  },
  phone: (form, text) => {
    const phone = phoneIn(text);
    return phone === null ? again : enter({ ...form, phone }, phone);
  },
  secondFactor: (form, text) => {
    const secondFactor = secondFactorIn(text);
    const person = personOf(form);
    return secondFactor === null || person === null
      ? again
      : { kind: 'identify', form, person, secondFactor };
  },
  another: (form, text, facts) => {
    const said = wishIn(text) === 'goodbye' ? 'no' : yesOrNo(text);
    if (said === null) return again;
    return said === 'yes' ? ask(form, 'kind') : toVisit(form, facts);
  },
  visitType: (form, text, facts) => {
    const visitType = optionIn(text, facts.visitTypes);
    return visitType === null ? again : toVisit({ ...form, visitType }, facts);
  },
  office: (form, text, facts) => {
    const office = optionIn(text, facts.offices);
    return office === null ? again : toVisit({ ...form, office }, facts);
  },
  offer: (form, text, { offerTimes, today }) => {
    const chosen = choiceIn(text, form.offers.length) ?? choiceByTime(text, offerTimes, today);
    const offer = chosen === null ? undefined : form.offers[chosen - 1];
    if (offer) return { kind: 'hold', form, offer };
    if (!wantsOtherTimes(text)) return again;
    return { kind: 'search', form: { ...form, from: dayAfter(offerTimes) } };
  },
  consent: (form, text, { heldTimes, today }) => {
    // The gate before the write decides by all that was said; this only tells a yes from a no.
    if (isConsent([text], { action: 'book', times: heldTimes, today })) return { kind: 'confirm', form };
    return yesOrNo(text) === 'no' ? { kind: 'giveBack', form } : again;
  },
};

const emptied = ({ kind }: FormDraft): FormDraft => ({ kind, firstName: '', lastName: '', birthDate: null });

function personOf({ draft }: BookingForm): (FormDraft & { readonly birthDate: PracticeDate }) | null {
  return draft?.birthDate ? { ...draft, birthDate: draft.birthDate } : null;
}

function enter(form: BookingForm, phone: string): FormStep {
  const person = personOf(form);
  return person === null ? again : { kind: 'enter', form, person, phone };
}

/** The number or the name of one option. */
function optionIn(
  text: string,
  options: readonly { readonly key: string; readonly name: string }[],
): string | null {
  const said = text.toLowerCase();
  const named = options.filter(({ key, name }) => said.includes(name.toLowerCase()) || said.includes(key));
  if (named.length === 1) return named[0]?.key ?? null;
  const chosen = choiceIn(text, options.length);
  return chosen === null ? null : (options[chosen - 1]?.key ?? null);
}

/** The day behind all offers, where other ones are looked for. */
function dayAfter(offerTimes: readonly (readonly PracticeTime[])[]): PracticeDate | null {
  const last = offerTimes
    .flat()
    .map((time) => time.slice(0, 10))
    .sort()
    .at(-1);
  return last === undefined ? null : addDays(last, 1);
}

/** Asks what is still open of the visit; what leaves no choice is not asked. */
function toVisit(form: BookingForm, { visitTypes, offices }: FormFacts): FormStep {
  const visitType = form.visitType ?? (visitTypes.length === 1 ? (visitTypes[0]?.key ?? null) : null);
  const office = form.office ?? (offices.length === 1 ? (offices[0]?.key ?? null) : null);
  const next = { ...form, visitType, office };
  if (visitType === null) return ask(next, 'visitType');
  if (office === null) return ask(next, 'office');
  return { kind: 'search', form: next };
}

/** Somebody was entered or identified: perhaps there is another one. */
export function withPerson(form: BookingForm, patientRef: string, facts: FormFacts): FormStep {
  const people = [...new Set([...form.people, patientRef])];
  const next = { ...form, people, draft: null };
  return people.length < mostPeople ? ask(next, 'another') : toVisit(next, facts);
}

/** Nobody was found under these details: they are asked again from the name on. */
export const notIdentified = (form: BookingForm): FormStep =>
  ask({ ...form, draft: form.draft && emptied(form.draft) }, 'name');

/** These sets of slots are free. */
export const withOffers = (form: BookingForm, offers: readonly (readonly string[])[]): FormStep =>
  ask({ ...form, offers }, 'offer');

/** The chosen places are held and wait for a yes. */
export const underHold = (form: BookingForm): FormStep => ask(form, 'consent');
