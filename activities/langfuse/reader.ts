import type { Range } from '../../domain/langfuse/lanes.js';
import type { ReadApi, ReadRows } from '../../domain/langfuse/rows.js';
import type { Walk } from '../../domain/langfuse/walk.js';
import type { LangfuseClient } from './client.js';
import { LangfuseError } from './errors.js';

/** What is read: a range with or without what was said. */
export interface ReadOrder extends Range {
  readonly walk: Walk;
  readonly withBodies: boolean;
  /** False when the range cannot be made smaller: then it is walked however much is in it. */
  readonly mayNarrow: boolean;
}

export type Step =
  | {
      readonly kind: 'page';
      readonly rows: ReadRows;
      /** The place after this page. */
      readonly walk: Walk;
      readonly bytes: number;
      /** False when bodies were left out of this page, whatever was ordered. */
      readonly withBodies: boolean;
    }
  /** The range holds too many rows for one walk; about this part of it would do. */
  | { readonly kind: 'tooMany'; readonly fraction: number };

/** What the server's metrics say of a range. */
export interface Totals {
  readonly observations: number;
  /** Pico-USD as decimal text. */
  readonly costPicoUsd: string;
}

/** One of the two read APIs. Throws LangfuseError. */
export interface TraceReader {
  readonly api: ReadApi;
  /** Reads the next page of a walk. */
  step(order: ReadOrder): Promise<Step>;
  /** The walk with a smaller next page; null when it cannot be smaller. */
  smaller(walk: Walk): Walk | null;
  /** A trace with everything in it; null when the server does not have it. */
  trace(traceId: string): Promise<ReadRows | null>;
  /** Ids of a session's traces. */
  sessionTraces(sessionId: string): Promise<readonly string[]>;
  /** Null when the server cannot or will not say. */
  totals(range: Range): Promise<Totals | null>;
}

export const iso = (ms: number): string => new Date(ms).toISOString();

/** langfuse.md 5: count and cost of observations by start time. A 404 means that the API is not served, so this proves the mode as well. */
export async function readTotals(client: LangfuseClient, api: ReadApi, range: Range): Promise<Totals | null> {
  const query = {
    view: 'observations',
    metrics: [
      { measure: 'count', aggregation: 'count' },
      { measure: 'totalCost', aggregation: 'sum' },
    ],
    dimensions: [],
    filters: [],
    fromTimestamp: iso(range.fromMs),
    toTimestamp: iso(range.toMs),
  };
  try {
    const { data } = (await client.metrics(api, query)).body;
    if (!Array.isArray(data)) throw new LangfuseError('metrics', { kind: 'malformed', why: 'no data' });
    const row = (data[0] ?? {}) as Readonly<Record<string, unknown>>;
    const observations = Number(row['count_count'] ?? 0);
    const cost = Number(row['sum_totalCost'] ?? 0);
    if (!Number.isFinite(observations) || !Number.isFinite(cost))
      throw new LangfuseError('metrics', { kind: 'malformed', why: 'no numbers' });
    return { observations, costPicoUsd: String(BigInt(Math.round(cost * 1e12))) };
  } catch (error) {
    // A proof without metrics is a weaker proof, not a failure: their budget is 100 a day on small plans (langfuse.md 7).
    if (
      error instanceof LangfuseError &&
      (error.fault.kind === 'throttled' || error.fault.kind === 'badRequest')
    )
      return null;
    throw error;
  }
}

/** `totalItems` of a v1 list. */
export function totalItems(endpoint: string, meta: Readonly<Record<string, unknown>>): number {
  const total = meta['totalItems'];
  if (typeof total !== 'number' || !Number.isSafeInteger(total) || total < 0)
    throw new LangfuseError(endpoint, { kind: 'malformed', why: 'no totalItems' });
  return total;
}
