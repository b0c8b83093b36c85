import { z } from 'zod';
import { timedThings } from '../../../domain/statistics/daily-counts.js';
import { percentileOfCounts } from '../../../domain/statistics/percentile.js';
import { tenantRoute } from '../../route.js';
import { daysOf, rangeAnswer, rangeQuery } from './range.js';

const ms = z.number().nullable();

export const latencyInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/latency',
  role: 'viewer',
  summary: 'Percentiles of durations in ms, of turns, model calls, tools, first tokens or sessions',
  query: z.strictObject({
    of: z.enum(timedThings).default('trace'),
    by: z.enum(['all', 'day', 'agent']).default('all'),
    ...rangeQuery,
  }),
  answers: {
    200: z.object({
      ...rangeAnswer,
      rows: z.array(
        z.object({ key: z.string(), count: z.number(), p50: ms, p75: ms, p90: ms, p95: ms, p99: ms }),
      ),
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query }, { store, clock }) => {
    const range = daysOf(query, clock);
    const by = query.by === 'all' ? null : query.by;
    const found = await store.insights.durations(tenant.slug, environment, query.of, by, range);
    const rows = [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, counted]) => ({
        key: by === null ? query.of : key,
        count: counted.reduce((sum, { count }) => sum + count, 0),
        p50: percentileOfCounts(counted, 50),
        p75: percentileOfCounts(counted, 75),
        p90: percentileOfCounts(counted, 90),
        p95: percentileOfCounts(counted, 95),
        p99: percentileOfCounts(counted, 99),
      }));
    return { status: 200, body: { ...range, rows } };
  },
});
