/**
 * Usage in Langfuse's keys: every kind of input contains the word, which is how Langfuse adds them up (langfuse.md 3), and each has a price
 * of its own in its list. Null when it was not told.
 */
export function usageOf(raw: unknown): Readonly<Record<string, number>> | null {
  const input = countIn(raw, 'input_tokens');
  const output = countIn(raw, 'output_tokens');
  if (input === null || output === null) return null;
  const split = (raw as { readonly cache_creation?: unknown }).cache_creation;
  const kinds = {
    input,
    input_cache_read: countIn(raw, 'cache_read_input_tokens') ?? 0,
    ...(typeof split === 'object' && split !== null
      ? {
          input_cache_creation_5m: countIn(split, 'ephemeral_5m_input_tokens') ?? 0,
          input_cache_creation_1h: countIn(split, 'ephemeral_1h_input_tokens') ?? 0,
        }
      : { input_cache_creation: countIn(raw, 'cache_creation_input_tokens') ?? 0 }),
    output,
  };
  const used = Object.entries(kinds).filter(
    ([key, count]) => count > 0 || key === 'input' || key === 'output',
  );
  return Object.fromEntries([...used, ['total', used.reduce((sum, [, count]) => sum + count, 0)]]);
}

function countIn(raw: unknown, key: string): number | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const count: unknown = (raw as Readonly<Record<string, unknown>>)[key];
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}
