import { displayName } from '../../text/display-text.js';
import { isMentionOf, mentionsIn } from '../../agent/dates-and-times.js';
import {
  ageInYears,
  isPracticeDate,
  monthName,
  type PracticeDate,
  type PracticeTime,
} from '../../time/practice-time.js';
import { isConsent } from '../consent.js';
import { normalisePhone } from '../second-factor.js';

/** What a caller wants besides the question that was asked. */
export type Wish = 'person' | 'leave' | 'goodbye' | 'english' | 'spanish';

const plain = (text: string): string =>
  text.normalize('NFC').toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ').trim();

const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}']+/u)
    .filter((word) => word !== '');

/** Words around a wish that change nothing about it: "can I please talk to a person" is a wish, "Ada Person" a name. */
const company = new Set(
  `i i'd i'll we want would like need to let me us just can could may get give connect transfer put through speak speaking talk with a an
  the real live human please thanks thank you ok okay oh well now then no yes in at on your team office somebody someone from for it this
  quiero quisiera necesito me nos puede puedo podría dar pasar comunicar conectar comuníqueme páseme hablar con un una el la de real por favor
  gracias sí mejor ahora y su equipo consultorio en prefer prefiero all is todo`.split(/\s+/),
);

const wishes: Readonly<Record<Exclude<Wish, 'goodbye'>, ReadonlySet<string>>> = {
  person: new Set(
    `person human agent representative operator receptionist colleague staff
    persona humano humana agente representante operador operadora recepcionista colega`.split(/\s+/),
  ),
  leave: new Set('stop quit exit leave nevermind salir parar pare dejar déjelo olvídelo'.split(' ')),
  english: new Set('english inglés ingles'.split(' ')),
  spanish: new Set('spanish español espanol'.split(' ')),
};

/** "Somebody" alone may be the one who is to be seen. */
const speakToSomebody =
  /(?<!\p{L})(?:speak|talk|hablar)(?: \p{L}+){0,2} (?:someone|somebody|alguien)(?!\p{L})/iu;

/** "Yes, thanks" is a yes; "no, thanks" and "bye" end the talk. */
const farewell =
  /^\W*(?:(?:no|ok|okay|well|bueno|great|perfect)\W+)*(?:(?:thanks?(?: you)?(?: (?:very|so) much)?|(?:muchas )?gracias|that's (?:all|it)|nothing(?: else)?|nada m[aá]s|eso es todo|(?:good)?bye|adi[oó]s|chao)\W*)+$/iu;

/** True of a whole text only: a wish has words of its own, and every other word is company. */
function isWish(text: string, wish: Exclude<Wish, 'goodbye'>): boolean {
  const words = wordsOf(text);
  const own = wishes[wish];
  return words.some((word) => own.has(word)) && words.every((word) => own.has(word) || company.has(word));
}

/** The wish that a whole text is, or null: a wish inside of an answer is part of the answer. */
export function wishIn(text: string): Wish | null {
  if (speakToSomebody.test(text)) return 'person';
  if (/^\W*never\s?mind\W*$/iu.test(text)) return 'leave';
  const order = ['person', 'leave', 'english', 'spanish'] as const;
  return order.find((wish) => isWish(text, wish)) ?? (farewell.test(plain(text)) ? 'goodbye' : null);
}

const ordinals: readonly RegExp[] = [
  /(?<!\p{L})(?:first|primer[oa]?)(?!\p{L})|\b1(?:st|[ºª])/u,
  /(?<!\p{L})(?:second|segund[oa])(?!\p{L})|\b2(?:nd|[ºª])/u,
  /(?<!\p{L})(?:third|tercer[oa]?)(?!\p{L})|\b3(?:rd|[ºª])/u,
  /(?<!\p{L})(?:fourth|cuart[oa])(?!\p{L})|\b4(?:th|[ºª])/u,
  /(?<!\p{L})(?:fifth|quint[oa])(?!\p{L})|\b5(?:th|[ºª])/u,
  /(?<!\p{L})(?:sixth|sext[oa])(?!\p{L})|\b6(?:th|[ºª])/u,
];

const cardinals: readonly RegExp[] = [
  /(?<!\p{L})(?:one|un[oa])(?!\p{L})/u,
  /(?<!\p{L})(?:two|dos)(?!\p{L})/u,
  /(?<!\p{L})(?:three|tres)(?!\p{L})/u,
  /(?<!\p{L})(?:four|cuatro)(?!\p{L})/u,
  /(?<!\p{L})(?:five|cinco)(?!\p{L})/u,
  /(?<!\p{L})(?:six|seis)(?!\p{L})/u,
];

/** A number by itself: not of a clock time, a date or a longer number. */
const figure = /(?<![\d:/.-])(\d{1,2})(?![\d:/-]|\.\d|\s*[ap]\.?\s?m\b|\s*(?:st|nd|rd|th)\b)/gu;

const numbersBy = (patterns: readonly RegExp[], text: string): number[] =>
  patterns.flatMap((pattern, index) => (pattern.test(text) ? [index + 1] : []));

/** The number that a caller chose, from 1 to `count`: "2", "the second one", "la segunda". Null when none, several or another was named. */
export function choiceIn(text: string, count: number): number | null {
  const said = plain(text);
  // "The second one" is the second; "one" is the first only where no ordinal stands.
  const byOrder = numbersBy(ordinals, said);
  const byFigure = [...said.matchAll(figure)].map(([, number]) => Number(number));
  const named = [byOrder, byFigure, numbersBy(cardinals, said)].find((numbers) => numbers.length > 0) ?? [];
  const [chosen, ...others] = new Set(named);
  return chosen !== undefined && others.length === 0 && chosen >= 1 && chosen <= count ? chosen : null;
}

/** The one offer (counted from 1) that a caller named by its day or time: "Tuesday", "the 9:40". Null when several fit, or none. */
export function choiceByTime(
  text: string,
  offers: readonly (readonly PracticeTime[])[],
  today: PracticeDate,
): number | null {
  const mentions = mentionsIn(text, today);
  if (mentions.length === 0) return null;
  const fitting = offers.flatMap((times, index) =>
    mentions.every((mention) => times.some((time) => isMentionOf(mention, time))) ? [index + 1] : [],
  );
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

const refusal =
  /^\W*(?:no|nope|nah|not|wrong|incorrect|nobody|none|nadie|ningun[oa]|incorrecto|falso)(?!\p{L})/iu;

/** A yes or a no to a question that writes nothing; a write asks `isConsent` with what was read back. */
export function yesOrNo(text: string): 'yes' | 'no' | null {
  if (refusal.test(text)) return 'no';
  return isConsent([text]) ? 'yes' : null;
}

const newWords =
  /(?<!\p{L})(?:new|first (?:time|visit)|never been|nuev[oa]s?|primera (?:vez|cita|visita)|nunca)(?!\p{L})/u;
const existingWords =
  /(?<!\p{L})(?:existing|current|returning|already|has been|have been|was there|paciente (?:ya|actual|existente)|existente|actual|ya)(?!\p{L})/u;

/** Whether somebody is new to the practice. */
export function kindIn(text: string): 'new' | 'existing' | null {
  const said = plain(text);
  const chosen = choiceIn(said, 2);
  if (/(?<!\p{L})(?:not|no|isn't|aren't)(?!\p{L})/u.test(said)) return null;
  const [isNew, isExisting] = [newWords.test(said), existingWords.test(said)];
  if (isNew !== isExisting) return isNew ? 'new' : 'existing';
  if (isNew || chosen === null) return null;
  return chosen === 1 ? 'new' : 'existing';
}

const months = Array.from({ length: 12 }, (_, index) => index + 1).flatMap((month) =>
  [monthName(month, 'en').toLowerCase(), monthName(month, 'es')].flatMap((name) => [
    [name, month] as const,
    [name.slice(0, 3), month] as const,
  ]),
);
const monthNumbers: ReadonlyMap<string, number> = new Map([...months, ['sept', 9], ['setiembre', 9]]);
const monthWords = [...monthNumbers.keys()].sort((a, b) => b.length - a.length).join('|');
const day = '(?<day>\\d{1,2})(?:st|nd|rd|th|º|ro)?';
const year = '(?:,|\\s|\\bof\\b|\\bdel?\\b)*(?<year>\\d{4})';
const written = [
  new RegExp(`(?<!\\p{L})(?<month>${monthWords})\\.?\\s+(?:the\\s+)?${day}${year}(?!\\d)`, 'u'),
  new RegExp(`(?<!\\d)${day}\\s+(?:of\\s+|de\\s+)?(?<month>${monthWords})\\.?${year}(?!\\d)`, 'u'),
];
const iso = /(?<!\d)(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?!\d)/u;
const figures = /(?<!\d)(?<one>\d{1,2})\s*[-/. ]\s*(?<two>\d{1,2})\s*[-/. ]\s*(?<year>\d{4}|\d{2})(?!\d)/u;

const oldestYears = 120;

/**
 * The birth date in a text, in words or figures; two figures that both may be the month are read month first, as the practices' callers
 * write them, and the read-back in words lets the caller object. Null for no date, one that the calendar lacks, and one in the future.
 */
export function birthDateIn(text: string, today: PracticeDate): PracticeDate | null {
  const said = plain(text);
  for (const pattern of [...written, iso]) {
    const groups = pattern.exec(said)?.groups;
    if (!groups) continue;
    const { day: dayOfMonth = '', month = '', year: inYear = '' } = groups;
    return born(inYear, monthNumbers.get(month) ?? Number(month), Number(dayOfMonth), today);
  }
  const { one = '', two = '', year: inYear = '' } = figures.exec(said)?.groups ?? {};
  if (one === '') return null;
  const [first, second] = [Number(one), Number(two)];
  const fullYear = inYear.length === 2 ? centuryOf(inYear, today) : inYear;
  return first > 12 ? born(fullYear, second, first, today) : born(fullYear, first, second, today);
}

/** "15" is 2015, "87" is 1987: nobody is born in the future. */
const centuryOf = (twoDigits: string, today: PracticeDate): string =>
  `${twoDigits <= today.slice(2, 4) ? '20' : '19'}${twoDigits}`;

function born(inYear: string, month: number, dayOfMonth: number, today: PracticeDate): PracticeDate | null {
  const date = `${inYear}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
  if (!isPracticeDate(date) || date > today) return null;
  return ageInYears(date, today) <= oldestYears ? date : null;
}

const leadIn =
  /^(?:(?:yes|ok|okay|hi|hello|well|um+|uh+|sí|hola|bueno)[,.!]?\s+)*(?:(?:(?:my|his|her|their|the|our)(?: (?:son|daughter|child|first|last|full)(?:'s)?)* )?names? (?:is|are)|(?:the |his |her |my )?last name is|(?:he|she|it)(?:'s| is)|i(?:'m| am)|this is|(?:él |ella )?(?:se|me) llama|(?:mi|su|el)(?: (?:hijo|hija))? (?:nombre|apellido) es|el nombre es|son los apellidos|es|soy)\s+/iu;

/** At most this many words are a name; more are a sentence. */
const mostNameWords = 5;

/** The words of a name, without what leads up to it. Null for a text that is none: figures, questions, sentences. */
export function nameIn(text: string): readonly string[] | null {
  const name = displayName(
    text
      .replaceAll('’', "'")
      .trim()
      .replace(leadIn, '')
      .replace(/[.,!\s]+$/u, '')
      .replaceAll(',', ' '),
  );
  const words = name.split(' ').filter((word) => word !== '');
  if (words.length === 0 || words.length > mostNameWords) return null;
  return words.every((word) => /^\p{L}[\p{L}\p{M}'.-]*$/u.test(word)) ? words : null;
}

/** Ten digits of a phone number somewhere in a text; null when there are none, or more. */
export const phoneIn = (text: string): string | null => normalisePhone(text);

/** A phone number or a five-digit postal code; null when there is neither. */
export const secondFactorIn = (text: string): string | null =>
  normalisePhone(text) ?? /(?<!\d)(\d{5})(?:-?\d{4})?(?!\d)/u.exec(text)?.[1] ?? null;

/** "More", "later", "otras": the caller wants other times than those offered. */
export const wantsOtherTimes = (text: string): boolean =>
  /(?<!\p{L})(?:more|later|others?|none|neither|different|next|más|mas|otr[oa]s?|ningun[oa]|después|despues)(?!\p{L})/u.test(
    plain(text),
  );
