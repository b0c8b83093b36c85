/** A word as it is searched for, and where it stands in its text (UTF-16 units). */
export interface PlacedWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Combining marks belong to their letter: "e" + accent is one word with what follows. */
const wordPattern = /[\p{L}\p{N}\p{M}]+/gu;
/** Nobody looks for longer ones: they are keys and encoded files. */
const longestWord = 64;
const ascii = /^[\x00-\x7f]*$/;

/** Case and accents do not count, in either language: "Mañana" and "manana" are one word. */
const folded = (word: string): string =>
  ascii.test(word)
    ? word.toLowerCase()
    : word
        .normalize('NFD')
        .replace(/\p{M}+/gu, '')
        .toLowerCase();

/** The words of a text in their order. Index and search both take them from here, so that they cannot disagree. */
export function* wordsOf(text: string): Generator<PlacedWord> {
  for (const { 0: found, index } of text.matchAll(wordPattern)) {
    const word = folded(found);
    if (word !== '' && word.length <= longestWord) yield { word, start: index, end: index + found.length };
  }
}
