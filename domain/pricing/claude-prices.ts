import table from './claude-prices.json' with { type: 'json' };

/** Counts as the Messages API gives them (claude.md 1.4). Thinking tokens are part of `output_tokens`. */
export interface ClaudeUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation?: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

export type Price =
  | { readonly kind: 'priced'; readonly priceVersion: string; readonly costPicoUsd: bigint }
  /** The model, its day or one of its prices is not in the table: unknown is never 0. */
  | { readonly kind: 'unpriced' };

/** Budgets weigh by today's prices, whatever day the caller has: the last row of the table. */
const endOfTime = '9999-12-31';

type Row = (typeof table.rows)[number];

/** USD per million tokens, as decimal text, in pico-USD per token: exact, since prices have at most six decimals. */
function picoUsdPerToken(price: string): bigint {
  const [whole = '0', fraction = ''] = price.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

interface Counts {
  readonly input: number;
  readonly write5m: number;
  readonly write1h: number;
  readonly read: number;
  readonly output: number;
}

function countsOf(usage: ClaudeUsage): Counts {
  const written = usage.cache_creation_input_tokens;
  const write1h = usage.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return {
    input: usage.input_tokens,
    write1h,
    write5m: usage.cache_creation?.ephemeral_5m_input_tokens ?? written - write1h,
    read: usage.cache_read_input_tokens,
    output: usage.output_tokens,
  };
}

const promptTokens = (counts: Counts): number => counts.input + counts.write5m + counts.write1h + counts.read;

function rowFor(model: string, onDate: string, prompt: number): Row | undefined {
  const valid = table.rows.filter((row) => row.model === model && row.validFrom <= onDate);
  const latest = valid
    .map((row) => row.validFrom)
    .sort()
    .at(-1);
  return valid
    .filter((row) => row.validFrom === latest)
    .find((row) => row.promptUpToTokens === null || prompt <= row.promptUpToTokens);
}

/** Cost of one call on a day (YYYY-MM-DD), by the dated table beside this file, exact in pico-USD (claude.md 8). */
export function priceOf(model: string, onDate: string, usage: ClaudeUsage): Price {
  const counts = countsOf(usage);
  const row = rowFor(model, onDate, promptTokens(counts));
  if (!row) return { kind: 'unpriced' };
  const parts: readonly (readonly [number, string | null])[] = [
    [counts.input, row.inputUsd],
    [counts.write5m, row.cacheWrite5mUsd],
    [counts.write1h, row.cacheWrite1hUsd],
    [counts.read, row.cacheReadUsd],
    [counts.output, row.outputUsd],
  ];
  let costPicoUsd = 0n;
  for (const [tokens, price] of parts) {
    if (tokens === 0) continue;
    if (price === null) return { kind: 'unpriced' };
    costPicoUsd += BigInt(tokens) * picoUsdPerToken(price);
  }
  return { kind: 'priced', priceVersion: table.version, costPicoUsd };
}

/** Output tokens that the call is worth: input counts by its price against the output's (claude.md 6). An unknown model counts in full. */
export function weightedTokens(usage: ClaudeUsage, model: string): number {
  const counts = countsOf(usage);
  // The tier of the prompt's size counts: a cached prefix of a small prompt is nearly free, of a large one it may not be.
  const row = rowFor(model, endOfTime, promptTokens(counts));
  if (!row) return promptTokens(counts) + counts.output;
  const output = Number(row.outputUsd);
  const weight = (price: string | null): number => (price === null ? 1 : Number(price) / output);
  return Math.ceil(
    counts.input * weight(row.inputUsd) +
      counts.write5m * weight(row.cacheWrite5mUsd) +
      counts.write1h * weight(row.cacheWrite1hUsd) +
      counts.read * weight(row.cacheReadUsd) +
      counts.output,
  );
}
