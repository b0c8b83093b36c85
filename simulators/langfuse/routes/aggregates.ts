import { sumUsd } from '../state/money.js';
import type { MetricsQuery } from './metrics-query.js';

/** A row that metrics count: its time, its dimensions and its measures; a measure without a value is null. */
export interface MeasuredRow {
  readonly atMs: number;
  readonly dimension: (field: string) => unknown;
  readonly measure: (name: string) => number | null;
}

const defaultRows = 100;

/**
 * Groups, aggregates, orders and cuts rows as a metrics query says. Keys are `<aggregation>_<measure>`, the dimensions and
 * `time_dimension`. A sum over nothing is `empty` (v1 null, v2 0).
 */
export function aggregate(
  rows: readonly MeasuredRow[],
  query: MetricsQuery,
  empty: null | 0,
): readonly Record<string, unknown>[] {
  const groups = new Map<string, { keys: Record<string, unknown>; rows: MeasuredRow[] }>();
  const { timeDimension, dimensions } = query;
  for (const row of rows) {
    const keys: Record<string, unknown> = {};
    for (const { field } of dimensions) keys[field] = row.dimension(field);
    if (timeDimension) keys['time_dimension'] = bucketOf(row.atMs, granularityOf(query));
    const name = JSON.stringify(keys);
    const group = groups.get(name);
    if (group) group.rows.push(row);
    else groups.set(name, { keys, rows: [row] });
  }
  // Without dimensions there is one row, also over nothing.
  if (groups.size === 0 && dimensions.length === 0 && !timeDimension) groups.set('', { keys: {}, rows: [] });
  const result = [...groups.values()].map((group) => ({
    ...group.keys,
    ...Object.fromEntries(
      query.metrics.map(({ measure, aggregation }) => [
        `${aggregation}_${measure}`,
        aggregateOne(group.rows, measure, aggregation, empty),
      ]),
    ),
  }));
  return ordered(result, query).slice(0, query.config?.row_limit ?? defaultRows);
}

function aggregateOne(
  rows: readonly MeasuredRow[],
  measure: string,
  aggregation: MetricsQuery['metrics'][number]['aggregation'],
  empty: null | 0,
): unknown {
  if (aggregation === 'count') return rows.length;
  const values = rows.map((row) => row.measure(measure)).filter((value) => value !== null);
  if (values.length === 0) return aggregation === 'sum' ? empty : null;
  switch (aggregation) {
    case 'sum':
      return measure.endsWith('Cost') ? sumUsd(values) : values.reduce((sum, value) => sum + value, 0);
    case 'avg':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'max':
      return values.reduce((a, b) => Math.max(a, b));
    case 'min':
      return values.reduce((a, b) => Math.min(a, b));
    case 'histogram':
      return histogram(values);
    case 'p50':
    case 'p75':
    case 'p90':
    case 'p95':
    case 'p99':
      return percentile(values, Number(aggregation.slice(1)));
    default:
      return aggregation satisfies never;
  }
}

/** Linear between neighbours (langfuse.md 12). */
function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = ((sorted.length - 1) * p) / 100;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (place - Math.floor(place)) * (high - low);
}

/** Ten bins of equal width: lower bound, upper bound, height. */
function histogram(values: readonly number[]): readonly (readonly [number, number, number])[] {
  const low = values.reduce((a, b) => Math.min(a, b));
  const width = (values.reduce((a, b) => Math.max(a, b)) - low) / 10 || 1;
  return Array.from({ length: 10 }, (_, bin) => {
    const inBin = values.filter((value) => Math.min(9, Math.floor((value - low) / width)) === bin).length;
    return [low + bin * width, low + (bin + 1) * width, inBin] as const;
  });
}

type Granularity = 'minute' | 'hour' | 'day' | 'week' | 'month';
const minuteMs = 60_000;

/** `auto` aims at some 50 buckets. */
function granularityOf({ timeDimension, fromTimestamp, toTimestamp }: MetricsQuery): Granularity {
  const asked = timeDimension?.granularity ?? 'auto';
  if (asked !== 'auto') return asked;
  const minutes = (Date.parse(toTimestamp) - Date.parse(fromTimestamp)) / minuteMs;
  if (minutes <= 2 * 60) return 'minute';
  if (minutes <= 3 * 24 * 60) return 'hour';
  return minutes <= 90 * 24 * 60 ? 'day' : minutes <= 370 * 24 * 60 ? 'week' : 'month';
}

/** Beginning of the bucket in UTC: a date for day and longer, a time for shorter ones. */
function bucketOf(atMs: number, granularity: Granularity): string {
  const text = new Date(atMs).toISOString();
  switch (granularity) {
    case 'minute':
      return `${text.slice(0, 16)}:00.000Z`;
    case 'hour':
      return `${text.slice(0, 13)}:00:00.000Z`;
    case 'day':
      return text.slice(0, 10);
    case 'week': {
      const weekday = (new Date(atMs).getUTCDay() + 6) % 7;
      return new Date(atMs - weekday * 24 * 60 * minuteMs).toISOString().slice(0, 10);
    }
    case 'month':
      return `${text.slice(0, 7)}-01`;
    default:
      return granularity satisfies never;
  }
}

function ordered(
  rows: readonly Record<string, unknown>[],
  { orderBy, timeDimension, metrics }: MetricsQuery,
): readonly Record<string, unknown>[] {
  const first = metrics[0];
  const fallback = timeDimension
    ? [{ field: 'time_dimension', direction: 'asc' as const }]
    : first
      ? [{ field: `${first.aggregation}_${first.measure}`, direction: 'desc' as const }]
      : [];
  const keys = orderBy && orderBy.length > 0 ? orderBy : fallback;
  return [...rows].sort((a, b) => {
    for (const { field, direction } of keys) {
      const [left, right] = [a[field], b[field]];
      if (left === right) continue;
      const less =
        typeof left === 'number' && typeof right === 'number' ? left < right : String(left) < String(right);
      return less === (direction === 'asc') ? -1 : 1;
    }
    return 0;
  });
}
