import { priceOf, weightedTokens, type ClaudeUsage, type Price } from '../../domain/pricing/claude-prices.js';

/** What one answer cost, as far as its usage can be read. */
export interface Cost {
  readonly price: Price;
  readonly weightedTokens: number;
  /** All input, cached or not; null when the usage cannot be read. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

/** Derives the cost of an answer from its raw usage. `onDate` is the day of the call, YYYY-MM-DD in UTC. */
export function costOf(
  answer: { readonly model: string; readonly usage: unknown },
  askedModel: string,
  onDate: string,
): Cost {
  const usage = readUsage(answer.usage);
  if (!usage)
    return { price: { kind: 'unpriced' }, weightedTokens: 0, inputTokens: null, outputTokens: null };
  // An alias may answer with the name of its snapshot (`…-20251001`): the same model at the same price.
  const model = answer.model.startsWith(`${askedModel}-`) ? askedModel : answer.model;
  return {
    price: priceOf(model, onDate, usage),
    weightedTokens: weightedTokens(usage, model),
    inputTokens: usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens,
    outputTokens: usage.output_tokens,
  };
}

/** Null unless every count that we price is a count: a price of half-read usage would look like the truth. */
function readUsage(raw: unknown): ClaudeUsage | null {
  if (!isRecord(raw)) return null;
  const {
    input_tokens,
    output_tokens,
    cache_read_input_tokens,
    cache_creation_input_tokens,
    cache_creation,
  } = raw;
  if (!isCount(input_tokens) || !isCount(output_tokens)) return null;
  const read = cache_read_input_tokens ?? 0;
  const written = cache_creation_input_tokens ?? 0;
  if (!isCount(read) || !isCount(written)) return null;
  const counts = {
    input_tokens,
    output_tokens,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
  };
  if (!isRecord(cache_creation)) return counts;
  const { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens } = cache_creation;
  return isCount(ephemeral_5m_input_tokens) && isCount(ephemeral_1h_input_tokens)
    ? { ...counts, cache_creation: { ephemeral_5m_input_tokens, ephemeral_1h_input_tokens } }
    : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
