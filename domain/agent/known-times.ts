import { weekdayOf, type PracticeDate, type PracticeTime } from '../time/practice-time.js';
import type { ClaimFacts, Violation } from './claim-facts.js';
import { sentencesOf } from './clauses.js';
import { isMentionOf, mentionsIn, possibleHours, type Mention } from './dates-and-times.js';

type TimeFacts = Pick<ClaimFacts, 'times' | 'callerTexts' | 'practiceFacts' | 'today'>;
type Said = Extract<Mention, { kind: 'time' }>;

/**
 * Days and times of an answer that nobody gave: neither a slot or appointment, nor the caller's own words of this turn, nor, in a sentence
 * about opening hours, the hours. A time must also belong to the day that it is said with: the 2:20 of Wednesday is not free on Tuesday.
 */
export function unknownTimes(say: string, facts: TimeFacts): Violation[] {
  const caller = facts.callerTexts.flatMap((text) => mentionsIn(text, facts.today));
  const callerHours = facts.callerTexts.flatMap(possibleHours);
  const hours = facts.practiceFacts.flatMap((text) => mentionsIn(text, facts.today));

  return sentencesOf(say).flatMap((sentence) => {
    const mentions = mentionsIn(sentence, facts.today);
    const source = restatesHours(sentence) ? [...caller, ...hours] : caller;
    const isEchoed = (mention: Mention): boolean =>
      source.some((known) => sameMention(known, mention)) ||
      (mention.kind === 'time' &&
        callerHours.some(
          (hour) => hour.slice(0, 2) === hour12(mention.time) && mention.time.endsWith(':00'),
        ));
    const isOffered = (mention: Mention): boolean => facts.times.some((time) => isMentionOf(mention, time));
    const excerpt = ({ at, end }: Mention): string => sentence.slice(at, end);

    return mentions.flatMap((mention, index): Violation[] => {
      if (mention.kind !== 'time') {
        const known = isOffered(mention) || isEchoed(mention) || isToday(mention, facts.today);
        const next = mentions[index + 1];
        if (known && !contradicts(mention, next, sentence, facts, caller)) return [];
        return [{ kind: 'unknownDate', excerpt: excerpt(mention) }];
      }
      if (isEchoed(mention)) return [];
      if (!isOffered(mention)) return [{ kind: 'unknownTime', excerpt: excerpt(mention) }];
      const days = adjacentDays(mentions, mention, sentence);
      return days.length === 0 || days.some((day) => fitsTogether(day, mention, facts.times))
        ? []
        : [{ kind: 'unknownTime', excerpt: [...days, mention].map(excerpt).join(' ') }];
    });
  });
}

const fitsTogether = (day: Mention, time: Said, times: readonly PracticeTime[]): boolean =>
  times.some((known) => isMentionOf(day, known) && isMentionOf(time, known));

const isToday = (mention: Mention, today: PracticeDate): boolean =>
  (mention.kind === 'day' && mention.day === today.slice(5)) ||
  (mention.kind === 'weekday' && mention.weekday === weekdayOf(today));

const hour12 = (time: string): string => String(Number(time.slice(0, 2)) % 12 || 12).padStart(2, '0');

/** The same day or time in two texts; "at 4" of one may be the 4 PM of the other. */
function sameMention(one: Mention, other: Mention): boolean {
  switch (one.kind) {
    case 'time':
      return (
        other.kind === 'time' &&
        (one.time === other.time ||
          ((one.bare || other.bare) &&
            hour12(one.time) === hour12(other.time) &&
            one.time.slice(3) === other.time.slice(3)))
      );
    case 'day':
      return (
        (other.kind === 'day' && one.day === other.day) ||
        (other.kind === 'dayOfMonth' && one.day.slice(3) === other.dayOfMonth)
      );
    case 'dayOfMonth':
      return (
        (other.kind === 'dayOfMonth' && one.dayOfMonth === other.dayOfMonth) ||
        (other.kind === 'day' && one.dayOfMonth === other.day.slice(3))
      );
    case 'weekday':
      return other.kind === 'weekday' && one.weekday === other.weekday;
  }
}

const clock = '(?:\\d{1,2}(?::\\d{2})?\\s*(?:[ap]\\.?\\s?m\\.?)?|noon)';
const openingHours = new RegExp(
  `\\b(?:we|office|offices|clinic|practice|location|downtown|lakeside|it)(?:'re| is| are)? (?:also |only |usually )?(?:open|closed?)\\b|\\bopen(?:s|ing hours)?\\b(?= (?:at|from|until|till|on|monday|every|daily|between|are)\\b)|\\bclos(?:es?|ed)\\b|\\b(?:office |business |opening |our )hours\\b|\\bhours (?:are|of)\\b|\\b(?:horarios?|abrimos|abre|abrimos|abiert[oa]s?|cerramos|cierra|cerrad[oa]s?|atendemos)\\b|\\d\\s*(?:[ap]\\.?\\s?m\\.?)?\\s*(?:to|-|–|until|till|through|a|hasta)\\s*(?:las? )?${clock}`,
  'iu',
);

/** Only such a sentence may name the hours of the practice: "I have 5:00 PM" is an offer, though the practice closes at 5:00 PM. */
const restatesHours = (sentence: string): boolean => openingHours.test(sentence);

/** "Nothing is free on Friday, but I have 9:00 AM": that Friday is not the day of the time. */
const ruledOut =
  /\b(?:no|not|nothing|none|full|fully|booked up|unfortunately|closed|nada|ning[uú]n)\b|n't\b/iu;

/** The nearest day before and after a time, as far as the sentence offers something on it. */
function adjacentDays(mentions: readonly Mention[], time: Said, sentence: string): Mention[] {
  const days = mentions.filter(
    (mention) => mention.kind !== 'time' && !ruledOut.test(clauseBefore(sentence, mention.at)),
  );
  // "Tuesday, March 5" is one day in two words: both of them count as near.
  const before = days.filter(({ at }) => at < time.at).slice(-1);
  const after = days.filter(({ at }) => at > time.at).slice(0, 1);
  return [...before, ...after];
}

const clauseBefore = (sentence: string, at: number): string =>
  sentence
    .slice(0, at)
    .split(/[,;:.]|\bbut\b|\bpero\b/u)
    .at(-1) ?? '';

/** "Wednesday, March 5" when 5 March is a Tuesday. The caller's own slip may be repeated. */
function contradicts(
  mention: Mention,
  next: Mention | undefined,
  sentence: string,
  { times, today }: TimeFacts,
  caller: readonly Mention[],
): boolean {
  if (mention.kind !== 'weekday' || next?.kind !== 'day') return false;
  if (!/^[\s,(]*(?:the|el|d[ií]a)?\s*$/iu.test(sentence.slice(mention.end, next.at))) return false;
  if ([mention, next].every((said) => caller.some((known) => sameMention(known, said)))) return false;
  const known = times.map((time) => time.slice(0, 10)).filter((date) => date.slice(5) === next.day);
  const year = Number(today.slice(0, 4)) + (next.day < today.slice(5) ? 1 : 0);
  const dates = known.length > 0 ? known : [`${year}-${next.day}`];
  return !dates.some((date) => weekdayOf(date) === mention.weekday);
}
