import { z } from 'zod';
import { isoTime, recordedIssues } from '../issues.js';
import { invalidData } from '../answer.js';
import { parseQuery, type Query } from './query.js';
import { conditionList } from './row-filter.js';

const aggregations = [
  'sum',
  'avg',
  'count',
  'max',
  'min',
  'p50',
  'p75',
  'p90',
  'p95',
  'p99',
  'histogram',
] as const;
export type Aggregation = (typeof aggregations)[number];

export const granularities = ['auto', 'minute', 'hour', 'day', 'week', 'month'] as const;

const v1Views = ['traces', 'observations', 'scores-numeric', 'scores-categorical'] as const;
const v2Views = ['observations', 'scores-numeric', 'scores-categorical', 'scores-boolean'] as const;
export type View = (typeof v1Views)[number] | (typeof v2Views)[number];

const schemaOf = <V extends readonly View[]>(views: V): z.ZodType<MetricsQuery> =>
  z.object({
    view: z.enum(views),
    metrics: z.array(z.object({ measure: z.string(), aggregation: z.enum(aggregations) })).min(1),
    dimensions: z.array(z.object({ field: z.string() })).default([]),
    filters: conditionList.default([]),
    timeDimension: z.object({ granularity: z.enum(granularities) }).nullish(),
    fromTimestamp: isoTime,
    toTimestamp: isoTime,
    orderBy: z.array(z.object({ field: z.string(), direction: z.enum(['asc', 'desc']) })).nullish(),
    config: z.object({ row_limit: z.number().int().gte(1).lte(1_000).optional() }).optional(),
  });

export interface MetricsQuery {
  readonly view: View;
  readonly metrics: readonly { readonly measure: string; readonly aggregation: Aggregation }[];
  readonly dimensions: readonly { readonly field: string }[];
  readonly filters: z.output<typeof conditionList>;
  readonly timeDimension?: { readonly granularity: (typeof granularities)[number] } | null | undefined;
  readonly fromTimestamp: string;
  readonly toTimestamp: string;
  readonly orderBy?:
    readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | null | undefined;
  readonly config?: { readonly row_limit?: number | undefined } | undefined;
}

const parameter = z.object({ query: z.string() });
const schemas = { v1: schemaOf(v1Views), v2: schemaOf(v2Views) };

/** Dimensions of many values: v2 groups by them only with a row limit and an order by a measure, downwards (langfuse.md 5). */
const manyValued = ['id', 'traceId', 'userId', 'sessionId', 'parentObservationId', 'observationId'];

/** The JSON of `query`, checked. Refuses with 400 and the issues, below the path `query`. */
export function readMetricsQuery(given: Query, api: 'v1' | 'v2'): MetricsQuery {
  const { query } = parseQuery(parameter, given);
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    throw invalidData([{ code: 'custom', path: ['query'], message: 'Invalid JSON' }]);
  }
  const result = z.object({ query: schemas[api] }).safeParse({ query: value });
  if (!result.success) throw invalidData(recordedIssues(result.error.issues));
  const asked = result.data.query;
  const many = asked.dimensions.find(({ field }) => manyValued.includes(field));
  if (api === 'v2' && many && !isTop(asked))
    throw invalidData([
      {
        code: 'custom',
        path: ['query', 'dimensions'],
        message: `The dimension ${many.field} needs config.row_limit and orderBy a measure, desc.`,
      },
    ]);
  return asked;
}

const isTop = ({ config, orderBy, metrics }: MetricsQuery): boolean =>
  config?.row_limit !== undefined &&
  orderBy?.some(
    ({ field, direction }) =>
      direction === 'desc' && metrics.some((metric) => field === `${metric.aggregation}_${metric.measure}`),
  ) === true;
