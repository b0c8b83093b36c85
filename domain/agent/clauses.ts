/** Sentences of a text to speak. "9:00 a.m." and "Dr. Sample" do not end one; a Spanish question begins one. */
export const sentencesOf = (text: string): string[] =>
  text
    .replaceAll('’', "'")
    .split(/\n+|(?<=[.!?])(?<!\b(?:[ap]\.\s?m|dra?|mrs?|ms|st|ave)\.)\s+|\s*(?=¿)/iu)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');

/** Parts of a sentence that stand for themselves: "No problem at all - you're booked" must not hide behind its first half. */
export const segmentsOf = (sentence: string): string[] =>
  sentence
    .split(
      /[,;()]\s*|:\s+|\s+-+\s+|\s*[–—]\s*|\s+(?:and|but|so|then|y|pero|entonces)\s+(?=(?:you|i|we|it|he|she|they|your|his|her|their|everyone|both|su|sus|la|las|el|los|ya|usted|le|les|he|hemos|nos)(?:'|\b))/iu,
    )
    .map((segment) => segment.trim())
    .filter((segment) => segment !== '');
