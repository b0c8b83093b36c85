import { z } from 'zod';
import { addTally, noTally, type Tally } from '../../../domain/statistics/tally.js';
import { usdPer, usdText } from '../../../domain/statistics/usd.js';
import { tenantRoute } from '../../route.js';
import { daysOf, rangeAnswer, rangeQuery } from './range.js';

const share = (part: number, all: number): number | null => (all > 0 ? part / all : null);
const sumOf = (rows: readonly { readonly tally: Tally }[]): Tally =>
  rows.reduce((all, { tally }) => addTally(all, tally), noTally);

export const costInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/cost',
  role: 'viewer',
  summary:
    'Cost and tokens of model calls by day, model or agent, in USD as decimals, beside our own recomputation',
  query: z.strictObject({ by: z.enum(['day', 'model', 'agent']).default('day'), ...rangeQuery }),
  answers: {
    200: z.object({
      ...rangeAnswer,
      totalCostUsd: z.string(),
      bookings: z.number(),
      /** All cost of the range, that of conversations without a booking included, for each booking; null without one. */
      costPerBookingUsd: z.string().nullable(),
      rows: z.array(
        z.object({
          key: z.string(),
          calls: z.number(),
          errors: z.number(),
          /** Calls of unknown cost: in no sum. */
          unpriced: z.number(),
          inputTokens: z.number(),
          outputTokens: z.number(),
          totalTokens: z.number(),
          costUsd: z.string(),
          recomputed: z.number(),
          disagreeing: z.number(),
          recomputedCostUsd: z.string(),
        }),
      ),
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query }, { store, clock }) => {
    const range = daysOf(query, clock);
    const by = query.by === 'model' ? 'item' : query.by;
    const found = await store.insights.tallies(tenant.slug, environment, 'model', by, range);
    const outcomes = await store.insights.tallies(tenant.slug, environment, 'outcome', 'item', range);
    const bookings = outcomes.find(({ key }) => key === 'booked')?.tally.count ?? 0;
    const total = sumOf(found).costPicoUsd;
    const rows = found.map(({ key, tally: { count, costPicoUsd, ourCostPicoUsd, ...rest } }) => ({
      key,
      calls: count,
      ...rest,
      costUsd: usdText(costPicoUsd),
      recomputedCostUsd: usdText(ourCostPicoUsd),
    }));
    const answer = { totalCostUsd: usdText(total), bookings, costPerBookingUsd: usdPer(total, bookings) };
    return { status: 200, body: { ...range, ...answer, rows } };
  },
});

export const errorInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/errors',
  role: 'viewer',
  summary: 'Errors by message, or turns with an error by day or agent',
  query: z.strictObject({ by: z.enum(['message', 'day', 'agent']).default('day'), ...rangeQuery }),
  answers: {
    200: z.object({
      ...rangeAnswer,
      turns: z.number(),
      turnsWithError: z.number(),
      errorRate: z.number().nullable(),
      rows: z.array(
        z.object({
          key: z.string(),
          /** Turns; of a message its occurrences. */
          count: z.number(),
          errors: z.number(),
          rate: z.number().nullable(),
        }),
      ),
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query }, { store, clock }) => {
    const range = daysOf(query, clock);
    const of = (view: 'error' | 'trace', by: 'item' | 'day' | 'agent') =>
      store.insights.tallies(tenant.slug, environment, view, by, range);
    const found = query.by === 'message' ? await of('error', 'item') : await of('trace', query.by);
    const turns = sumOf(await of('trace', 'item'));
    const rows = found.map(({ key, tally: { count, errors } }) => ({
      key,
      count,
      errors,
      rate: share(errors, query.by === 'message' ? turns.count : count),
    }));
    if (query.by === 'message') rows.sort((a, b) => b.count - a.count);
    const answer = {
      turns: turns.count,
      turnsWithError: turns.errors,
      errorRate: share(turns.errors, turns.count),
    };
    return { status: 200, body: { ...range, ...answer, rows } };
  },
});

export const toolInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/tools',
  role: 'viewer',
  summary: 'Calls of tools and their errors by tool, day or agent',
  query: z.strictObject({ by: z.enum(['tool', 'day', 'agent']).default('tool'), ...rangeQuery }),
  answers: {
    200: z.object({
      ...rangeAnswer,
      rows: z.array(
        z.object({ key: z.string(), calls: z.number(), errors: z.number(), rate: z.number().nullable() }),
      ),
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query }, { store, clock }) => {
    const range = daysOf(query, clock);
    const by = query.by === 'tool' ? 'item' : query.by;
    const found = await store.insights.tallies(tenant.slug, environment, 'tool', by, range);
    const rows = found.map(({ key, tally: { count, errors } }) => ({
      key,
      calls: count,
      errors,
      rate: share(errors, count),
    }));
    return { status: 200, body: { ...range, rows } };
  },
});

export const outcomeInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/outcomes',
  role: 'viewer',
  summary:
    'Sessions and their cost by outcome, or by day or agent; a session counts on the day of its first activity',
  query: z.strictObject({ by: z.enum(['outcome', 'day', 'agent']).default('outcome'), ...rangeQuery }),
  answers: {
    200: z.object({
      ...rangeAnswer,
      sessions: z.number(),
      rows: z.array(
        z.object({
          key: z.string(),
          sessions: z.number(),
          withErrors: z.number(),
          unpriced: z.number(),
          costUsd: z.string(),
          costPerSessionUsd: z.string().nullable(),
          share: z.number().nullable(),
        }),
      ),
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query }, { store, clock }) => {
    const range = daysOf(query, clock);
    const by = query.by === 'outcome' ? 'item' : query.by;
    const found = await store.insights.tallies(tenant.slug, environment, 'outcome', by, range);
    const sessions = sumOf(found).count;
    const rows = found.map(({ key, tally: { count, errors, unpriced, costPicoUsd } }) => ({
      key,
      sessions: count,
      withErrors: errors,
      unpriced,
      costUsd: usdText(costPicoUsd),
      costPerSessionUsd: usdPer(costPicoUsd, count),
      share: share(count, sessions),
    }));
    return { status: 200, body: { ...range, sessions, rows } };
  },
});
