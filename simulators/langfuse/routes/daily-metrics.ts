import { z } from 'zod';
import { json, type Answer } from '../answer.js';
import { sumUsd } from '../state/money.js';
import type { ObservationRecord } from '../state/records.js';
import { sumOfKeys, totalCost } from '../wire/values.js';
import { metaOf } from './page-of-rows.js';
import { limitUpTo, pageNumber, parseQuery, texts, textValue, time, within } from './query.js';
import type { Call, Route } from './route.js';

const dailyQuery = z.object({
  page: pageNumber,
  limit: limitUpTo(100, 1),
  traceName: textValue,
  userId: textValue,
  tags: texts,
  environment: texts,
  fromTimestamp: time,
  toTimestamp: time,
});

interface Day {
  traces: number;
  readonly rows: ObservationRecord[];
}

/** `GET /metrics/daily`: traces and their observations by the UTC day of each, newest first. */
function daily({ project: { store }, query }: Call): Answer {
  const asked = parseQuery(dailyQuery, query);
  const days = new Map<string, Day>();
  const dayOf = (ms: number): Day => {
    const date = new Date(ms).toISOString().slice(0, 10);
    let day = days.get(date);
    if (!day) days.set(date, (day = { traces: 0, rows: [] }));
    return day;
  };
  for (const trace of store.traces.values()) {
    const wanted =
      within(trace.timestampMs, asked.fromTimestamp, asked.toTimestamp) &&
      (asked.traceName === undefined || trace.name === asked.traceName) &&
      (asked.userId === undefined || trace.userId === asked.userId) &&
      (asked.tags?.every((tag) => trace.tags.includes(tag)) ?? true) &&
      (asked.environment?.includes(trace.environment) ?? true);
    if (!wanted) continue;
    dayOf(trace.timestampMs).traces += 1;
    for (const row of store.observationsOf(trace.id)) dayOf(row.startMs).rows.push(row);
  }
  const dates = [...days].sort(([a], [b]) => (a < b ? 1 : -1));
  const { page, limit } = asked;
  return json(200, {
    data: dates.slice((page - 1) * limit, page * limit).map(([date, day]) => ({
      date,
      countTraces: day.traces,
      countObservations: day.rows.length,
      totalCost: costOfRows(day.rows),
      usage: usageByModel(day.rows),
    })),
    meta: metaOf(page, limit, dates.length),
  });
}

const costOfRows = (rows: readonly ObservationRecord[]): number =>
  sumUsd(rows.map(({ costDetails }) => totalCost(costDetails)));

function usageByModel(rows: readonly ObservationRecord[]): readonly Record<string, unknown>[] {
  const models = new Map<string | null, ObservationRecord[]>();
  for (const row of rows) {
    const used = models.get(row.model);
    if (used) used.push(row);
    else models.set(row.model, [row]);
  }
  return [...models].map(([model, used]) => ({
    model,
    inputUsage: total(used, 'input'),
    outputUsage: total(used, 'output'),
    totalUsage: used.reduce((sum, { usageDetails }) => sum + (usageDetails['total'] ?? 0), 0),
    totalCost: costOfRows(used),
    countObservations: used.length,
    countTraces: new Set(used.map(({ traceId }) => traceId)).size,
  }));
}

const total = (rows: readonly ObservationRecord[], word: string): number =>
  rows.reduce((sum, { usageDetails }) => sum + (sumOfKeys(usageDetails, word) ?? 0), 0);

export const dailyMetrics: readonly Route[] = [
  { method: 'GET', pattern: '/metrics/daily', bucket: 'daily', deprecated: 'metrics', handle: daily },
];
