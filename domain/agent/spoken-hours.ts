/** Hours in words, as people and voices say them. */
export const hourWords: ReadonlyMap<string, number> = new Map(
  [
    ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
    ['una', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce'],
  ].flatMap((words) => words.map((word, index) => [word, index + 1] as const)),
);

/** Minutes after the hour. */
const minuteWords: ReadonlyMap<string, string> = new Map([
  ["o'clock", '00'],
  ['oclock', '00'],
  ['oh five', '05'],
  ['ten', '10'],
  ['fifteen', '15'],
  ['twenty', '20'],
  ['thirty', '30'],
  ['forty', '40'],
  ['forty five', '45'],
  ['fifty', '50'],
  ['en punto', '00'],
  ['y diez', '10'],
  ['y cuarto', '15'],
  ['y quince', '15'],
  ['y veinte', '20'],
  ['y media', '30'],
  ['y treinta', '30'],
  ['y cuarenta', '40'],
  ['y cincuenta', '50'],
]);

const either = (words: Iterable<string>): string =>
  [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replaceAll(' ', '[ -]'))
    .join('|');

const hours = either(hourWords.keys());
const figures = '1[0-2]|[1-9]';
const half = '(?:\\s+(?<half>[ap])\\.?\\s?m\\b\\.?)?';
/** Where a lone hour ends a thought: "at nine." but not "at one of our offices". */
const wordsEnd =
  '(?=\\s*(?:$|[.,;!?)\\n]|(?:in the|on|or|and|for|tomorrow|today|works?|instead|sharp|then|y|o|de la|el|mañana)(?!\\p{L})))';

const patterns: readonly RegExp[] = [
  new RegExp(
    `(?<!\\p{L})(?<hour>${hours}|${figures})\\s+(?<minutes>${either(minuteWords.keys())})(?!\\p{L})${half}`,
    'gu',
  ),
  new RegExp(`(?<!\\p{L})(?<hour>${hours})\\s+(?<half>[ap])\\.?\\s?m\\b\\.?`, 'gu'),
  new RegExp(`(?<!\\p{L})(?:at|around|a las?)\\s+(?<hour>${hours})${wordsEnd}`, 'gu'),
  new RegExp(`\\bhalf past (?<hour>${hours}|${figures})(?!\\p{L})`, 'gu'),
  new RegExp(`\\bquarter past (?<hour>${hours}|${figures})(?!\\p{L})`, 'gu'),
  new RegExp(`\\bquarter to (?<hour>${hours}|${figures})(?!\\p{L})`, 'gu'),
  /(?<!\p{L})(?:noon|midday|mediod[ií]a)(?!\p{L})/gu,
];

interface WordTime {
  readonly kind: 'time';
  readonly time: string;
  readonly bare: boolean;
  readonly at: number;
  readonly end: number;
}

/** Times of day in words of a lower-case text: "nine thirty", "at four", "half past two", "a las nueve y media", "noon". */
export function wordTimes(text: string): WordTime[] {
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)]);
  return found.map((match) => {
    const [words] = match;
    const groups = match.groups ?? {};
    const named = groups['hour'];
    const hour = named === undefined ? 12 : (hourWords.get(named) ?? Number(named));
    const past = words.startsWith('half') ? '30' : words.startsWith('quarter past') ? '15' : '00';
    const minutes = words.startsWith('quarter to')
      ? '45'
      : (minuteWords.get((groups['minutes'] ?? '').replaceAll('-', ' ')) ?? past);
    const on = words.startsWith('quarter to') ? hour - 1 || 12 : hour;
    const inHalf = groups['half'];
    const hours24 = inHalf === undefined ? on : (on % 12) + (inHalf === 'p' ? 12 : 0);
    return {
      kind: 'time' as const,
      time: `${String(hours24).padStart(2, '0')}:${minutes}`,
      bare: inHalf === undefined && named !== undefined,
      at: match.index,
      end: match.index + words.length,
    };
  });
}
