/**
 * What a practice lets out of its conversations: no text at all; texts in which personal data is masked as far as it is recognised; or
 * everything.
 */
export const masks = ['all', 'personal', 'none'] as const;
export type Mask = (typeof masks)[number];

/** Whether texts may leave at all: masking them is no proof, so those of a practice that holds health data stay in the house. */
export const textsMayLeave = (mask: Mask, practice: { readonly holdsHealthData: boolean }): boolean =>
  mask === 'all' || !practice.holdsHealthData;

/** What may leave of a text, or of data with texts in it; undefined = nothing. */
export type Masker = (value: unknown) => unknown;

/** Fields of tools in which the caller's data is named as such (domain/agent/tools.ts). */
const nameKey = /(first|last|middle|full|preferred)_?name$|^policy_?holder$/i;
const personalKey = /^(birth_?date|phone|email|second_factor|member_id)$/i;

/** Shorter ones would mask half of every text. */
const shortestWord = 2;

/**
 * Everything that data names as personal, to be masked wherever else somebody says it. Names are taken apart: a caller says the first one
 * only.
 */
export function personalWords(values: readonly unknown[]): ReadonlySet<string> {
  const words = new Set<string>();
  const keep = (word: string): unknown => word.length >= shortestWord && words.add(word);
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (typeof inner !== 'string') walk(inner);
      else if (nameKey.test(key)) inner.split(/\s+/).forEach(keep);
      else if (personalKey.test(key)) keep(inner.trim());
    }
  };
  values.forEach(walk);
  return words;
}

/** `year` is the conversation's: earlier dates may be birth dates, later ones are appointments. */
export function createMasker(mask: Mask, words: ReadonlySet<string>, year: number): Masker {
  switch (mask) {
    case 'all':
      return () => undefined;
    case 'none':
      return (value) => value;
    case 'personal': {
      const known = knownWords(words);
      const text = (value: string): string =>
        // Dates first: a child may be called May. Whole introductions before single words, or half a name would stay.
        known(
          value
            .replace(telling, (found: string, ...groups: unknown[]) =>
              labelOf(found, groups.at(-1) as Found, year),
            )
            .replace(introduction, (_, said: string) => `${said}[name]`),
        );
      const masked = (value: unknown): unknown => {
        if (typeof value === 'string') return text(value);
        if (Array.isArray(value)) return value.map(masked);
        if (typeof value !== 'object' || value === null) return value;
        return Object.fromEntries(
          Object.entries(value).map(([key, inner]) => [
            key,
            typeof inner === 'string' && (nameKey.test(key) || personalKey.test(key))
              ? '[personal]'
              : masked(inner),
          ]),
        );
      };
      return masked;
    }
  }
}

function knownWords(words: ReadonlySet<string>): (text: string) => string {
  if (words.size === 0) return (text) => text;
  // The longest first, or a part of it would be masked alone.
  const escaped = [...words]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const known = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  return (text) => text.replace(known, '[personal]');
}

/** Words after which somebody says a name, and up to three capitalised words. */
const introduction =
  /((?:[Mm]y name is|[Mm]y name's|[Tt]his is|[Mm]e llamo|[Mm]i nombre es|[Ss]e llama)\s+)\p{Lu}[\p{L}'’-]*(?:\s+\p{Lu}[\p{L}'’-]*){0,2}/gu;

const month =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?' +
  '|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\\.?';
const day = '\\d{1,2}(?:st|nd|rd|th)?';

interface Found {
  readonly guid?: string;
  readonly email?: string;
  readonly isoYear?: string;
  readonly shortYear?: string;
  readonly wordYear?: string;
  readonly dayYear?: string;
}

/** In the order in which they are tried: a date is no telephone number. */
const telling = new RegExp(
  [
    '(?<guid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})',
    '(?<email>[\\p{L}\\p{N}._%+-]+@[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+)',
    '\\b(?<isoYear>\\d{4})-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?(?!\\d)',
    '\\b\\d{1,2}[/.-]\\d{1,2}[/.-](?<shortYear>\\d{4}|\\d{2})\\b',
    `\\b${month}\\s+${day},?\\s+(?:of\\s+|del?\\s+)?(?<wordYear>\\d{4})\\b`,
    `\\b${day}\\s+(?:of\\s+|de\\s+)?${month},?\\s+(?:of\\s+|del?\\s+)?(?<dayYear>\\d{4})\\b`,
    '(?<![\\p{L}\\p{N}])[+(]*\\d(?:[\\s().-]*\\d){6,14}(?!\\d)',
  ].join('|'),
  'giu',
);

function labelOf(found: string, groups: Found, year: number): string {
  if (groups.guid !== undefined) return '[id]';
  if (groups.email !== undefined) return '[email]';
  const said = groups.isoYear ?? groups.shortYear ?? groups.wordYear ?? groups.dayYear;
  if (said === undefined) return '[number]';
  // Two digits are of this century when they name this year or the next; a visit is never later.
  const full = said.length === 4 ? Number(said) : Number(said) + Math.floor(year / 100) * 100;
  return full >= year && full <= year + 1 ? found : '[date]';
}
