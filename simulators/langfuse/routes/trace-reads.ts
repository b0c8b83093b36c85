import { z } from 'zod';
import { json, notFound } from '../answer.js';
import { driftBefore } from '../drift.js';
import type { ObservationRecord, TraceRecord } from '../state/records.js';
import type { ProjectStore } from '../state/project-store.js';
import { observationInTrace } from '../wire/v1-observation.js';
import { scoreRow } from '../wire/score.js';
import { costOf, fieldsOf, latencyS, traceDetail, traceRow } from '../wire/v1-trace.js';
import { metaOf, pageOfTies } from './page-of-rows.js';
import {
  fieldNames,
  limitUpTo,
  msOf,
  orderBy,
  orderedBy,
  pageNumber,
  parseQuery,
  texts,
  textValue,
  time,
  within,
} from './query.js';
import type { Call, Route } from './route.js';
import { fits, readFilter, type Columns } from './row-filter.js';

const listQuery = z.object({
  page: pageNumber,
  limit: limitUpTo(100, 1),
  userId: textValue,
  name: textValue,
  sessionId: textValue,
  version: textValue,
  release: textValue,
  tags: texts,
  environment: texts,
  fromTimestamp: time,
  toTimestamp: time,
  orderBy,
  fields: fieldNames,
  filter: textValue,
});

const orderColumns = [
  'id',
  'timestamp',
  'name',
  'userId',
  'release',
  'version',
  'public',
  'bookmarked',
  'sessionId',
] as const;

const hourMs = 3_600_000;

/** What `filter` may ask of a trace (langfuse.md 3). */
const columnsOf = (store: ProjectStore): Columns<TraceRecord> => {
  const observations = (trace: TraceRecord): readonly ObservationRecord[] => store.observationsOf(trace.id);
  const levelCount =
    (level: string) =>
    (trace: TraceRecord): number =>
      observations(trace).filter((row) => row.level === level).length;
  return {
    id: ({ id }) => id,
    name: ({ name }) => name,
    timestamp: ({ timestampMs }) => timestampMs,
    userId: ({ userId }) => userId,
    sessionId: ({ sessionId }) => sessionId,
    environment: ({ environment }) => environment,
    version: ({ version }) => version,
    release: ({ release }) => release,
    tags: ({ tags }) => tags,
    bookmarked: ({ bookmarked }) => bookmarked,
    metadata: ({ metadata }) => metadata,
    latency: (trace) => latencyS(observations(trace)),
    totalCost: (trace) => costOf(observations(trace)),
    level: (trace) => observations(trace).map(({ level }) => level),
    errorCount: levelCount('ERROR'),
    warningCount: levelCount('WARNING'),
    defaultCount: levelCount('DEFAULT'),
    debugCount: levelCount('DEBUG'),
  };
};

function listTraces({ simulation, project, query }: Call): ReturnType<Route['handle']> {
  const { store } = project;
  const asked = parseQuery(listQuery, query);
  const order = orderedBy(asked.orderBy, orderColumns, { column: 'timestamp', order: 'DESC' });
  const columns = columnsOf(store);
  const conditions = readFilter(asked.filter, columns);
  if (asked.page > 1) driftBefore(simulation, project, asked);

  // A condition of `filter` overrides the simple parameter of its column.
  const simple = (column: string): boolean => !conditions.some((condition) => condition.column === column);
  const exact = (['userId', 'name', 'sessionId', 'version', 'release'] as const).filter(
    (column) => asked[column] !== undefined && simple(column),
  );
  const tags = simple('tags') ? asked.tags : undefined;
  const environments = simple('environment') ? asked.environment : undefined;
  const [from, to] = simple('timestamp') ? [asked.fromTimestamp, asked.toTimestamp] : [undefined, undefined];
  const rows = [...store.traces.values()].filter(
    (trace) =>
      within(trace.timestampMs, from, to) &&
      exact.every((column) => trace[column] === asked[column]) &&
      (tags?.every((tag) => trace.tags.includes(tag)) ?? true) &&
      (environments?.includes(trace.environment) ?? true) &&
      fits(trace, conditions, columns),
  );

  // Filters on these read versions that are not merged yet, so that the count is too high (langfuse.md 3).
  const countsVersions =
    exact.some((column) => column === 'sessionId' || column === 'userId') ||
    conditions.some(({ column }) => ['sessionId', 'userId', 'metadata'].includes(column));
  const found = countsVersions ? rows.reduce((sum, { versions }) => sum + versions, 0) : rows.length;

  const page = pageOfTies(rows, comparison(order), ({ id }) => id, asked, simulation.switches.ties);
  const fields = fieldsOf(asked.fields);
  const earliest = from === undefined ? -Infinity : (msOf(from) ?? 0) - hourMs;
  const seen = (row: ObservationRecord): boolean =>
    row.startMs >= earliest && (environments?.includes(row.environment) ?? true);
  return json(200, {
    data: page.map((trace) => traceRow(trace, store, fields, seen)),
    meta: metaOf(asked.page, asked.limit, Math.max(0, found + simulation.switches.overcount)),
  });
}

function comparison({
  column,
  order,
}: {
  readonly column: (typeof orderColumns)[number];
  readonly order: 'ASC' | 'DESC';
}): (a: TraceRecord, b: TraceRecord) => number {
  const valueOf = (trace: TraceRecord): string | number =>
    column === 'timestamp' ? trace.timestampMs : String(trace[column] ?? '');
  const sign = order === 'ASC' ? 1 : -1;
  return (a, b) => {
    const [left, right] = [valueOf(a), valueOf(b)];
    return left === right ? 0 : left < right ? -sign : sign;
  };
}

const detailQuery = z.object({ fields: fieldNames });

function getTrace({ project: { store }, query, parts: [id = ''] }: Call): ReturnType<Route['handle']> {
  const { fields } = parseQuery(detailQuery, query);
  const trace = store.traces.get(id);
  if (!trace) throw notFound(`Trace ${id} not found within authorized project`);
  return json(
    200,
    traceDetail(trace, store, fieldsOf(fields), {
      observation: (row) => observationInTrace(row, store.id),
      scores: () => store.scoresOf(trace.id).map((score) => scoreRow(score, store.id)),
    }),
  );
}

export const traceReads: readonly Route[] = [
  { method: 'GET', pattern: '/traces', bucket: 'legacy', deprecated: 'traces', handle: listTraces },
  { method: 'GET', pattern: '/traces/*', bucket: 'legacy', deprecated: 'traces', handle: getTrace },
];
