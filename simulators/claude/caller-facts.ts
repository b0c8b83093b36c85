import { namedTimes } from '../../domain/agent/dates-and-times.js';
import { addDays, isPracticeDate, weekdayOf } from '../../domain/time/practice-time.js';
import type { Practice } from './conversation-reading.js';

export interface NamedPerson {
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: string | null;
}

/** Words that begin with a capital and are no names. */
const noNames = new Set(
  (
    'I We My Our Hi Hello Hey Yes No Ok Okay Please Thanks Thank The They She He Her His Their It Is Are Can Could Would Will Do Does And Or But For On At In To From Both Two Three One New Patient Patients ' +
    'Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December ' +
    'Downtown Lakeside Mesa Exam Exams Adjustment Morning Afternoon Born Birthday Date Phone Number Name Names Kids Children Child Son Daughter Reschedule Move Cancel Appointment Appointments Book Next Week Today Tomorrow Good Great Perfect Sure This That What When Where How Dr Zip Code Am Pm AM PM'
  ).split(' '),
);

const pad = (text: string): string => text.padStart(2, '0');
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** Days with a year, as YYYY-MM-DD, in the order in which the text names them. */
export function fullDates(text: string): string[] {
  const month = months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|');
  const pattern = new RegExp(
    `\\b(\\d{4})-(\\d{1,2})-(\\d{1,2})\\b|\\b(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})\\b|\\b(${month})\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`,
    'gi',
  );
  return [...text.matchAll(pattern)]
    .map(([, y1, m1 = '', d1 = '', m2 = '', d2 = '', y2, name, d3 = '', y3]) => {
      if (y1) return `${y1}-${pad(m1)}-${pad(d1)}`;
      if (y2) return `${y2}-${pad(m2)}-${pad(d2)}`;
      return `${y3 ?? ''}-${pad(String(months.findIndex((full) => full.startsWith((name ?? '').slice(0, 3).toLowerCase())) + 1))}-${pad(d3)}`;
    })
    .filter(isPracticeDate);
}

/** Pairs of first and last name, `Ben and Cara Sample` as two people, each with the birth date of the same rank. */
export function peopleIn(texts: readonly string[], today: string): NamedPerson[] {
  const people: { firstName: string; lastName: string }[] = [];
  const births = texts.flatMap(fullDates).filter((date) => date < addDays(today, -300));
  const word = "\\p{Lu}[\\p{L}'’-]+";
  const pattern = new RegExp(
    `((?:${word}(?:,\\s+|\\s+and\\s+|,\\s+and\\s+|\\s*&\\s*))*)(${word})\\s+(${word})`,
    'gu',
  );
  for (const text of texts) {
    const clean = text.replace(/\b(\p{L}+)\b/gu, (found: string) =>
      noNames.has(found) ? found.toLowerCase() : found,
    );
    for (const [, before = '', first = '', lastName = ''] of clean.matchAll(pattern)) {
      const earlier = before.split(/,\s+and\s+|,\s+|\s+and\s+|\s*&\s*/).filter((name) => name !== '');
      for (const firstName of [...earlier, first]) {
        if (!people.some((known) => known.firstName === firstName && known.lastName === lastName))
          people.push({ firstName, lastName });
      }
    }
  }
  return people.map((person, index) => ({ ...person, birthDate: births[index] ?? null }));
}

export const phoneIn = (texts: readonly string[]): string | null =>
  texts
    .flatMap((text) => [
      ...text.matchAll(/(?<![\d-])(?:\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})(?!\d)/g),
    ])
    .map(([, a, b, c]) => `${a ?? ''}${b ?? ''}${c ?? ''}`)
    .at(-1) ?? null;

/** A postal code on its own, not a part of something longer. */
export const postalCodeIn = (texts: readonly string[]): string | null =>
  texts
    .flatMap((text) => [...text.matchAll(/(?<![\d-])\d{5}(?![\d-])/g)])
    .map(([code]) => code)
    .at(-1) ?? null;

export type Intent = 'book' | 'reschedule' | 'cancel' | 'list' | 'human' | 'goodbye' | 'facts';

const intents: readonly (readonly [Intent, RegExp])[] = [
  [
    'human',
    /\b(human|real person|a person|someone|somebody|representative|receptionist|staff|colleague|speak (to|with)|talk (to|with))\b/i,
  ],
  [
    'reschedule',
    /\b(reschedul\w*|move (my|our|the|her|his|their|\w+'s)|change (my|our|the|her|his|their|\w+'s) (appointment|visit|time)|another time for)\b/i,
  ],
  ['cancel', /\bcancel\b/i],
  [
    'list',
    /\b(when is (my|our|the|his|her)|which appointments|my appointments|what appointments|do (i|we) have an appointment|upcoming)\b/i,
  ],
  [
    'book',
    /\b(book|appointment|schedule|exam|consult\w*|braces|see the|come in|checkup|check-up|visit|new patient|adjustment)\b/i,
  ],
  ['facts', /\b(where are you|address|open|hours|phone number of)\b/i],
  ['goodbye', /\b(bye|goodbye|that's all|that is all|nothing else|that's it|have a (good|nice))\b/i],
];

export const intentOf = (text: string): Intent | null =>
  intents.find(([, pattern]) => pattern.test(text))?.[0] ?? null;

/** True when somebody says that the practice knows them. */
export const isKnownPatient = (texts: readonly string[]): boolean =>
  texts.some((text) =>
    /\b(existing patient|current patient|already (a )?patient|been (there|here)|adjustment|my file|on file)\b/i.test(
      text,
    ),
  );

export interface Wish {
  readonly location: string | null;
  readonly from: string;
  readonly to: string;
  readonly partOfDay: 'any' | 'morning' | 'afternoon';
  /** True when the texts named a day or a part of it. */
  readonly named: boolean;
}

/** Where and when the caller wants to come, later words before earlier ones. */
export function wishOf(texts: readonly string[], practice: Practice): Wish {
  const all = texts.join('\n').toLowerCase();
  const named = [...practice.locations].filter(
    ({ key, name }) => all.includes(key) || all.includes(name.toLowerCase()),
  );
  const { today } = practice;
  const location = practice.locations.length === 1 ? practice.locations[0]?.key : named.at(-1)?.key;
  const range = [...texts]
    .reverse()
    .map((text) => rangeIn(text, today))
    .find((found) => found !== null);
  const partOfDay = /\bafternoon|after school\b/.test(all)
    ? 'afternoon'
    : /\bmorning\b/.test(all)
      ? 'morning'
      : 'any';
  return {
    location: location ?? null,
    partOfDay,
    named: range !== undefined || partOfDay !== 'any',
    ...(range ?? { from: addDays(today, 1), to: addDays(today, 21) }),
  };
}

function rangeIn(text: string, today: string): { readonly from: string; readonly to: string } | null {
  const lower = text.toLowerCase();
  const coming = fullDates(text).filter((date) => date >= addDays(today, -1));
  if (coming[0]) return { from: coming[0], to: coming[0] };
  const withoutBirths = lower.replace(
    /\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\b[a-z]+\.? \d{1,2}(st|nd|rd|th)?,? \d{4}\b/g,
    ' ',
  );
  const { days, weekdays } = namedTimes(withoutBirths.replace(/\btoday\b/g, ' '), today);
  if (days[0]) {
    const year = Number(today.slice(0, 4));
    const date = [`${year}-${days[0]}`, `${year + 1}-${days[0]}`].find(
      (candidate) => isPracticeDate(candidate) && candidate >= today,
    );
    if (date) return { from: date, to: date };
  }
  const monday = addDays(today, 8 - weekdayOf(today));
  if (/\bnext week\b/.test(lower) && weekdays.length === 0) return { from: monday, to: addDays(monday, 4) };
  if (weekdays[0] !== undefined) {
    const ahead = (weekdays[0] - weekdayOf(today) + 7) % 7 || 7;
    const date = addDays(
      /\bnext week\b/.test(lower) ? monday : today,
      /\bnext week\b/.test(lower) ? weekdays[0] - 1 : ahead,
    );
    return { from: date, to: date };
  }
  if (/\b(soonest|earliest|first available|asap|as soon as possible|any ?time|whenever)\b/.test(lower))
    return { from: addDays(today, 1), to: addDays(today, 21) };
  return null;
}
