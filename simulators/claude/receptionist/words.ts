/** A pattern of whole words in both languages; callers mix them. */
export const words = (english: string, spanish: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${english}|${spanish})(?![\\p{L}\\d])`, 'iu');
