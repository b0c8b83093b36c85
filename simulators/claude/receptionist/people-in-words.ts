import { addDays, isPracticeDate, monthName } from '../../../domain/time/practice-time.js';
import { withoutInsurer } from './insurance-words.js';
import { asksOf, holds } from './languages.js';

/** Somebody whom the caller names; what is still unknown is null. */
export interface NamedPerson {
  readonly firstName: string;
  readonly lastName: string | null;
  readonly birthDate: string | null;
}

/** A text of the caller with the question that it answers. */
export interface Answered {
  readonly question: string;
  readonly text: string;
}

/** Words that begin with a capital and are no names. */
const noNames = new Set(
  (
    'i we my our hi hello hey yes no ok okay please thanks thank the they she he her his their it is are can could would will do does and or but for on at in to from both two three one new patient patients ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec ' +
    'downtown lakeside mesa exam exams adjustment morning afternoon born birthday birthdate date dob phone cell number name names kids children child son daughter sons daughters reschedule move cancel appointment appointments book next week today tomorrow good great perfect sure this that what when where how dr zip code am pm ' +
    "first last second third birth of a an as well also you your me us not here there with its it's they're he's she's i'm we're braces invisalign work works day after before any all need want like just too sorry actually never been already sample " +
    'hola buenos buenas días tardes noches sí si por favor gracias quiero quisiera necesito necesitamos mi mis para el la los las es son somos soy nueva nuevo nuevas nuevos hijo hija hijos hijas niño niña niños niñas ' +
    'se llama llaman nació nacido nacida nacieron nombre apellido fecha nacimiento teléfono número código postal lunes martes miércoles jueves viernes sábado domingo ' +
    'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre cita citas una un dos tres ambos ambas primera primero segunda segundo tercera tercero última con en de del y o a ' +
    'cambiar cancelar confirmar reservar agendar mañana hoy próxima próximo semana que cuándo dónde cuál cómo tengo tenemos ya paciente pacientes frenos seguro nuestro nuestra su muy bien claro adiós también me nos pueden puede lista espera ponga póngame anote ellos ellas él ella'
  )
    .split(' ')
    .filter((word) => word !== 'sample'),
);
const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const spanishMonths = months.map((_, index) => monthName(index + 1, 'es').toLowerCase());
const monthPattern = `${months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')}|sept|${spanishMonths.join('|')}`;
const pad = (text: string): string => text.padStart(2, '0');
const monthNumber = (name: string): string => {
  const spanish = spanishMonths.indexOf(name.toLowerCase());
  if (spanish >= 0) return String(spanish + 1);
  return String(months.findIndex((full) => full.startsWith(name.slice(0, 3).toLowerCase())) + 1);
};

const dayWithYear = new RegExp(
  [
    '\\b(?<y1>\\d{4})-(?<m1>\\d{1,2})-(?<d1>\\d{1,2})\\b',
    '\\b(?<m2>\\d{1,2})[/.-](?<d2>\\d{1,2})[/.-](?<y2>\\d{4}|\\d{2})\\b',
    `\\b(?<n3>${monthPattern})\\.?\\s+(?<d3>\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?:of\\s+)?(?<y3>\\d{4})\\b`,
    `\\b(?<d4>\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+|de\\s+)?(?<n4>${monthPattern})\\.?,?\\s+(?:del?\\s+)?(?<y4>\\d{4})\\b`,
  ].join('|'),
  'gi',
);

interface FoundDate {
  readonly date: string;
  readonly at: number;
}

/** Days with a year, in the order of the text. A first number above 12 is a day: 13/04/2015. */
export function fullDates(text: string): FoundDate[] {
  return [...text.matchAll(dayWithYear)].flatMap((match) => {
    const groups = match.groups ?? {};
    const { y1, m1 = '', d1 = '', y2, m2 = '', d2 = '', n3, d3 = '', y3, n4 = '', d4 = '', y4 } = groups;
    const year = y1 ?? (y2?.length === 2 ? `20${y2}` : y2) ?? y3 ?? y4 ?? '';
    const swapped = Number(m2) > 12;
    const [month, day] = y1
      ? [m1, d1]
      : y2
        ? swapped
          ? [d2, m2]
          : [m2, d2]
        : n3
          ? [monthNumber(n3), d3]
          : [monthNumber(n4), d4];
    const date = `${year}-${pad(month)}-${pad(day)}`;
    return isPracticeDate(date) ? [{ date, at: match.index }] : [];
  });
}

const name = "\\p{Lu}[\\p{L}’-]*(?:'\\p{Lu}\\p{L}+)?\\p{L}";
const joint = '(?:\\s*,\\s*(?:and\\s+|y\\s+)?|\\s+and\\s+|\\s+y\\s+|\\s*&\\s*)';
const fullName = new RegExp(`((?:${name}${joint})*)(${name})\\s+(${name})`, 'gu');
const firstNames = new RegExp(
  `\\b(?:sons?|daughters?|kids?|child|children|boys?|girls?|brother|sister|twins|named|called|for|about|also|and|names? (?:is|are)|it's|hij[oa]s?|niñ[oa]s?|para|llaman?|también)[ ,:]+(?:is |are |named |called )?(${name}(?:${joint}${name})*)(?!\\s+${name})`,
  'gu',
);
const possessive = new RegExp(`(${name})['’]s?\\s+(?:appointment|visit|time|exam|next|adjustment)`, 'gu');
const leading = new RegExp(`^\\P{L}*(${name}(?:${joint}${name})*)(?!\\s+${name})`, 'gu');
const introduction = new RegExp(
  `\\b(?:my name is|i am|i'm|this is|name's|me llamo|soy|mi nombre es|habla)\\s+(${name})\\s+(${name})`,
  'giu',
);
const hasChild =
  /\b(?:sons?|daughters?|kids?|child|children|twins|boys|girls|\w+'s (?:appointment|visit)|hij[oa]s?|niñ[oa]s?)\b/i;

/** Everybody who is to be seen, in the order in which they are named, each with their birth date. */
export function peopleIn(answers: readonly Answered[], today: string): NamedPerson[] {
  const people: { firstName: string; lastName: string | null; birthDate: string | null }[] = [];
  const add = (firstName: string, lastName: string | null): void => {
    const known = people.find(
      (one) =>
        one.firstName === firstName &&
        (lastName === null || one.lastName === null || one.lastName === lastName),
    );
    if (known) known.lastName ??= lastName;
    else people.push({ firstName, lastName, birthDate: null });
  };
  const isForChild = answers.some(({ text }) => hasChild.test(text));
  let family: string | null = null;
  const unplaced: string[] = [];
  for (const { question, text } of answers) {
    const isNameAsked = holds(question, 'asksNames');
    const asked = people.find(({ firstName }) => asksOf(question, 'lastNameOf', firstName))?.firstName;
    let words = legible(withoutInsurer(text), isNameAsked || asked !== undefined);
    if (asked !== undefined && words.search(fullName) < 0) {
      const last = new RegExp(name, 'u').exec(words)?.[0] ?? null;
      for (const one of people) if (one.firstName === asked) one.lastName = last;
      family ??= last;
      words = '';
    }
    for (const [whole, , last = ''] of words.matchAll(introduction)) {
      if (!isForChild) continue;
      family ??= last;
      words = words.replace(whole, ' ');
    }
    for (const [, before = '', first = '', lastName = ''] of words.matchAll(fullName)) {
      for (const one of [...before.split(new RegExp(joint, 'u')), first]) if (one !== '') add(one, lastName);
    }
    const single = words.replace(fullName, ' ');
    const lists = [...single.matchAll(firstNames), ...single.matchAll(possessive)];
    if (isNameAsked) lists.push(...single.matchAll(leading));
    for (const [, list = ''] of lists) for (const one of list.split(new RegExp(joint, 'u'))) add(one, null);
    let begin = 0;
    for (const { date, at } of fullDates(text).filter((found) => found.date < addDays(today, -300))) {
      const near = people.filter(({ firstName }) =>
        text.slice(begin, at).toLowerCase().includes(firstName.toLowerCase()),
      );
      const askedFor = people.filter(({ firstName }) => asksOf(question, 'birthDateOf', firstName));
      const [owner] = near.length === 1 ? near : askedFor.length === 1 ? askedFor : [];
      if (owner) owner.birthDate = date;
      else unplaced.push(date);
      begin = at;
    }
  }
  for (const one of people) {
    one.lastName ??= family ?? people.find(({ lastName }) => lastName !== null)?.lastName ?? null;
    one.birthDate ??= unplaced.shift() ?? null;
  }
  return people;
}

/** Ordinary words in lower case, and, where a name was asked for, all others as names: impatient people do not type capitals. */
function legible(text: string, isNameAsked: boolean): string {
  const hasName = /\p{Lu}\p{L}+\s+\p{Lu}\p{L}+/u.test(text);
  return text.replace(/(?<!\p{L})\p{L}[\p{L}'’]*/gu, (word) => {
    const lower = word.toLowerCase();
    if (noNames.has(lower)) return lower;
    return isNameAsked && !hasName ? word.charAt(0).toUpperCase() + word.slice(1) : word;
  });
}

const phoneNumber = /(?<![\d-])(?:\+?1[ .-]?)?\(?(\d{3})\)?[ .-]?(\d{3})[ .-]?(\d{4})(?!\d)/g;

/** The last phone number of ten digits; null without one. */
export const phoneIn = (texts: readonly string[]): string | null =>
  texts
    .flatMap((text) => [...text.matchAll(phoneNumber)])
    .map(([, a = '', b = '', c = '']) => `${a}${b}${c}`)
    .at(-1) ?? null;

/** A postal code on its own, not a part of something longer. */
export const postalCodeIn = (texts: readonly string[]): string | null =>
  texts
    .flatMap((text) => [...text.matchAll(/(?<![\d-])\d{5}(?![\d-])/g)])
    .map(([code]) => code)
    .at(-1) ?? null;
