import { createHash } from 'node:crypto';
import { blocksOf, type MessagesRequest } from './messages.js';

/** Input tokens of one request, as `usage` counts them (claude.md 1.4). */
export interface InputTokens {
  readonly uncached: number;
  readonly written: number;
  readonly read: number;
}

/** Nothing shorter is cached, silently (claude.md 1.5). */
const leastTokens = 512;

/** How far the API looks back from a breakpoint: 20 blocks (claude.md 1.5), here messages. */
const lookback = 20;

/** Prefixes that are remembered; the oldest go first. */
const mostPrefixes = 10_000;

/** Four characters a token: near enough for budgets and caches. */
export const tokensOf = (value: unknown): number => Math.ceil(JSON.stringify(value ?? '').length / 4);

export interface PromptCache {
  /** Counts a request's input: prefixes that were sent before are read, the rest up to the last breakpoint is written. */
  take(request: MessagesRequest): InputTokens;
  clear(): void;
}

/** A cache by content like the API's: tools and system may be shared by conversations, messages extend them. One entry an answer. */
export function createPromptCache(): PromptCache {
  const known = new Map<string, number>();
  const remember = (key: string, tokens: number): void => {
    known.delete(key);
    known.set(key, tokens);
    const oldest = known.keys().next();
    if (known.size > mostPrefixes && !oldest.done) known.delete(oldest.value);
  };
  return {
    take: (request) => {
      const { prefixes, total } = prefixesOf(request);
      if (!hasBreakpoint(request) || total < leastTokens) return { uncached: total, written: 0, read: 0 };
      const read = prefixes.findLast(({ key }) => known.has(key))?.tokens ?? 0;
      for (const { key, tokens } of [prefixes[0], prefixes.at(-1)].flatMap((prefix) => prefix ?? []))
        remember(key, tokens);
      return { uncached: 0, written: total - read, read };
    },
    clear: () => known.clear(),
  };
}

interface Prefix {
  readonly key: string;
  readonly tokens: number;
}

/** The prefixes that the API would look for: tools and system, then one a message. Each is known by the hash of everything up to it, and of the model. */
function prefixesOf(request: MessagesRequest): {
  readonly prefixes: readonly Prefix[];
  readonly total: number;
} {
  const hash = createHash('sha256').update(request.model);
  const parts = [[request.tools, request.system], ...request.messages];
  const prefixes: Prefix[] = [];
  let total = 0;
  parts.forEach((part, index) => {
    const text = JSON.stringify(part);
    hash.update(text);
    total += Math.ceil(text.length / 4);
    if (index === 0 || index >= parts.length - lookback)
      prefixes.push({ key: hash.copy().digest('base64'), tokens: total });
  });
  return { prefixes, total };
}

const hasBreakpoint = (request: MessagesRequest): boolean =>
  'cache_control' in request ||
  [...(Array.isArray(request.system) ? (request.system as object[]) : []), ...(request.tools ?? [])].some(
    (part) => 'cache_control' in part,
  ) ||
  request.messages.some((message) => blocksOf(message).some((block) => 'cache_control' in block));
