/** Milliseconds as the server writes them: it keeps no finer time. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** What v1 makes of a stored text: JSON where it is JSON, else the text. */
export function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Adds up the values whose key contains a word; null when there is none (langfuse.md 3). */
export function sumOfKeys(details: Readonly<Record<string, number>>, word: string): number | null {
  const values = Object.entries(details)
    .filter(([key]) => key.includes(word))
    .map(([, value]) => value);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** USD that v1 and v2 add up for a row: the given or priced total, 0 when there is none. */
export const totalCost = (details: Readonly<Record<string, number>>): number => details['total'] ?? 0;
