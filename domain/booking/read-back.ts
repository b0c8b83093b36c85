import { isMentionOf, mentionsIn, type Mention } from '../agent/dates-and-times.js';
import type { PracticeDate, PracticeTime } from '../time/practice-time.js';

/**
 * True when a text names every one of these starts so that nobody can take it for another day: weekday, day with the name of its month, and
 * the time of day. "Next Friday", "tomorrow" and "02/03" name a day that two people may understand differently, so they do not count
 * (claude.md 11, scenario 18).
 */
export function readsBack(text: string, starts: readonly PracticeTime[], today: PracticeDate): boolean {
  const mentions = mentionsIn(text, today);
  return starts.every(
    (start) =>
      mentions.some((mention) => mention.kind === 'weekday' && isMentionOf(mention, start)) &&
      mentions.some((mention) => isDayInWords(mention, text) && isMentionOf(mention, start)) &&
      mentions.some((mention) => isFullTime(mention) && isMentionOf(mention, start)),
  );
}

/** "March 5" and "5 de marzo"; not "5/3", not "today". */
const isDayInWords = (mention: Mention, text: string): boolean => {
  const words = text.slice(mention.at, mention.end);
  return mention.kind === 'day' && /\p{L}{3}/u.test(words) && /\d/.test(words);
};

/** "9:00 AM"; a bare "at 9" may be either half of the day. */
const isFullTime = (mention: Mention): boolean => mention.kind === 'time' && !mention.bare;

/** Words of a caller that do not name one day: they must be settled by a question, never by a guess. */
export interface DoubtfulDate {
  readonly words: string;
  readonly why: 'noSuchDay' | 'dayOrMonth' | 'thisOrNextWeek';
}

const thirtyDays = 'april|june|september|november|abril|junio|septiembre|noviembre';
const noSuchDay = new RegExp(
  `\\b(?:(?:${thirtyDays})\\s+31(?:st)?|31(?:st)?\\s+(?:of\\s+|de\\s+)?(?:${thirtyDays})|(?:february|febrero)\\s+3[01](?:st|th)?|3[01](?:st|th)?\\s+(?:of\\s+|de\\s+)?(?:february|febrero))\\b`,
  'giu',
);
const numbers = /(?<![\d/.-])(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?(?![\d/])/g;
const nextWeekday =
  /\b(?:next|this coming)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:el\s+)?(?:pr[oó]ximo\s+(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)|(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\s+(?:que viene|pr[oó]ximo))(?!\p{L})/giu;

/** The doubtful dates of a caller's text, in its order. Birth dates with a year of the past are nobody's appointment and left out. */
export function doubtfulDates(text: string, today: PracticeDate): readonly DoubtfulDate[] {
  const found = [
    ...[...text.matchAll(noSuchDay)].map((match) => ({ match, why: 'noSuchDay' as const })),
    ...[...text.matchAll(numbers)].flatMap((match) => {
      const [first, second] = [Number(match[1]), Number(match[2])];
      const year = match[3];
      const inPast =
        year !== undefined && Number(year.length === 2 ? `20${year}` : year) < Number(today.slice(0, 4));
      const either = first !== second && first <= 12 && second <= 12 && first > 0 && second > 0;
      return either && !inPast ? [{ match, why: 'dayOrMonth' as const }] : [];
    }),
    ...[...text.matchAll(nextWeekday)].map((match) => ({ match, why: 'thisOrNextWeek' as const })),
  ];
  return found
    .sort((a, b) => a.match.index - b.match.index)
    .map(({ match, why }) => ({ words: match[0], why }));
}
