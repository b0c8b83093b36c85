import { wordsOf } from './words.js';

/** Words that must follow each other; of a `prefix` the last one may go on. */
export interface SearchTerm {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/**
 * What a person typed, as terms that must all be found: words, "phrases" and begin*. Whatever else is in it separates words, so that no text
 * is wrong; one without any word has no terms.
 */
export function searchTermsOf(text: string): readonly SearchTerm[] {
  const terms = new Map<string, SearchTerm>();
  for (const [, phrase, bare] of text.matchAll(/"([^"]*"?\*?)|([^\s"]+)/g)) {
    const part = phrase ?? bare ?? '';
    const words = [...wordsOf(part)].map(({ word }) => word);
    const prefix = part.endsWith('*');
    if (words.length > 0) terms.set(`${words.join(' ')}${prefix ? '*' : ''}`, { words, prefix });
  }
  return [...terms.values()];
}
