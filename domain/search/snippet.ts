import type { SearchTerm } from './search-terms.js';
import { wordsOf, type PlacedWord } from './words.js';

/** A piece of a text with the places of what was found in it. */
export interface Snippet {
  readonly text: string;
  /** Ranges of `text` in UTF-16 units, end excluded. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** Words that are shown before the first hit, and at most in all. */
const wordsBefore = 8;
const wordsShown = 32;

/** The piece around the first hit; null when no term is in the text. */
export function snippetOf(text: string, terms: readonly SearchTerm[]): Snippet | null {
  const words = [...wordsOf(text)];
  const hits = words.flatMap((_word, at) => {
    const length = Math.max(0, ...terms.map((term) => (begins(words, at, term) ? term.words.length : 0)));
    return length > 0 ? [{ first: at, last: at + length - 1 }] : [];
  });
  const [hit] = hits;
  if (!hit) return null;
  const first = Math.max(0, hit.first - wordsBefore);
  const last = Math.min(words.length - 1, Math.max(hit.last, first + wordsShown - 1));
  const from = first === 0 ? 0 : (words[first]?.start ?? 0);
  const to = last === words.length - 1 ? text.length : (words[last]?.end ?? text.length);
  const before = first === 0 ? '' : '… ';
  const marks = hits
    .filter((one) => one.last <= last)
    .map(({ first: at, last: end }) => {
      const shift = before.length - from;
      return [(words[at]?.start ?? 0) + shift, (words[end]?.end ?? 0) + shift] as const;
    });
  return { text: `${before}${text.slice(from, to)}${to === text.length ? '' : ' …'}`, marks };
}

const begins = (words: readonly PlacedWord[], at: number, { words: wanted, prefix }: SearchTerm): boolean =>
  wanted.every((word, offset) => {
    const found = words[at + offset]?.word;
    return prefix && offset === wanted.length - 1 ? found?.startsWith(word) === true : found === word;
  });
