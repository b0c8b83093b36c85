import { json, invalidRequest, type Answer } from '../answer.js';
import { contextLost } from '../lost-context.js';
import type { ProjectStore } from '../state/project-store.js';
import type { EventRecord, ObservationRecord, ScoreRecord, TraceRecord } from '../state/records.js';
import { sumOfKeys } from '../wire/values.js';
import { costOf, latencyS } from '../wire/v1-trace.js';
import { aggregate, type MeasuredRow } from './aggregates.js';
import { readMetricsQuery, type MetricsQuery } from './metrics-query.js';
import { observationColumns } from './observation-reads.js';
import type { Call, Route } from './route.js';
import { checkColumns, fits, type Columns } from './row-filter.js';
import { eventColumns, refusedInLegacy } from './v2-observation-reads.js';

const seconds = 1_000;

/** Measures of one observation; times in milliseconds, unlike the lists. */
function observationMeasure(row: ObservationRecord, name: string): number | null {
  const input = sumOfKeys(row.usageDetails, 'input') ?? 0;
  const output = sumOfKeys(row.usageDetails, 'output') ?? 0;
  const latency = row.endMs === null ? null : row.endMs - row.startMs;
  const streaming =
    row.endMs === null || row.completionStartMs === null ? null : row.endMs - row.completionStartMs;
  const perSecond = (units: number): number | null =>
    latency === null || latency === 0 ? null : units / (latency / seconds);
  switch (name) {
    case 'count':
      return 1;
    case 'latency':
      return latency;
    case 'streamingLatency':
      return streaming;
    case 'timeToFirstToken':
      return row.completionStartMs === null ? null : row.completionStartMs - row.startMs;
    case 'inputTokens':
      return input;
    case 'outputTokens':
      return output;
    case 'totalTokens':
      return row.usageDetails['total'] ?? 0;
    case 'outputTokensPerSecond':
      return perSecond(output);
    case 'tokensPerSecond':
      return perSecond(row.usageDetails['total'] ?? 0);
    case 'inputCost':
      return sumOfKeys(row.costDetails, 'input');
    case 'outputCost':
      return sumOfKeys(row.costDetails, 'output');
    case 'totalCost':
      return row.costDetails['total'] ?? null;
    default:
      throw invalidRequest(`Invalid measure ${name}`);
  }
}

function traceMeasure(trace: TraceRecord, store: ProjectStore, name: string): number | null {
  const rows = store.observationsOf(trace.id);
  switch (name) {
    case 'count':
      return 1;
    case 'observationsCount':
      return rows.length;
    case 'latency':
      return rows.length === 0 ? null : latencyS(rows) * seconds;
    case 'totalTokens':
      return rows.reduce((sum, row) => sum + (row.usageDetails['total'] ?? 0), 0);
    case 'totalCost':
      return costOf(rows);
    default:
      throw invalidRequest(`Invalid measure ${name}`);
  }
}

const traceColumns: Columns<TraceRecord> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  tags: ({ tags }) => tags,
  userId: ({ userId }) => userId,
  sessionId: ({ sessionId }) => sessionId,
  release: ({ release }) => release,
  version: ({ version }) => version,
  environment: ({ environment }) => environment,
};

const scoreColumns: Columns<ScoreRecord> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  traceId: ({ traceId }) => traceId,
  observationId: ({ observationId }) => observationId,
  sessionId: ({ sessionId }) => sessionId,
  source: ({ source }) => source,
  dataType: ({ dataType }) => dataType,
  environment: ({ environment }) => environment,
  value: ({ value }) => value,
  stringValue: ({ stringValue }) => stringValue,
  booleanValue: ({ value }) => value === 1,
};

/** Rows of a table in the asked time that fit the filters, as the aggregates need them. */
function measured<Row>(
  rows: Iterable<Row>,
  query: MetricsQuery,
  columns: Columns<Row>,
  atMs: (row: Row) => number,
  measure: (row: Row, name: string) => number | null,
): readonly MeasuredRow[] {
  const [from, to] = [Date.parse(query.fromTimestamp), Date.parse(query.toTimestamp)];
  const conditions = checkColumns(query.filters, columns);
  for (const { field } of query.dimensions)
    if (!(field in columns)) throw invalidRequest(`Invalid dimension ${field}`);
  const found: MeasuredRow[] = [];
  for (const row of rows) {
    const at = atMs(row);
    if (at < from || at >= to || !fits(row, conditions, columns)) continue;
    found.push({
      atMs: at,
      dimension: (field) => columns[field]?.(row) ?? null,
      measure: (name) => measure(row, name),
    });
  }
  return found;
}

function scoresOf(store: ProjectStore, query: MetricsQuery): readonly MeasuredRow[] {
  const kinds: Readonly<Record<string, readonly string[]>> = {
    'scores-numeric': ['NUMERIC', 'BOOLEAN'],
    'scores-boolean': ['BOOLEAN'],
  };
  const rows = [...store.scores.values()].filter(({ dataType }) =>
    (kinds[query.view] ?? ['CATEGORICAL']).includes(dataType),
  );
  return measured(
    rows,
    query,
    scoreColumns,
    ({ timestampMs }) => timestampMs,
    ({ value }) => value,
  );
}

function v1Metrics({ project: { store }, query }: Call): Answer {
  const asked = readMetricsQuery(query, 'v1');
  const rows =
    asked.view === 'traces'
      ? measured(
          store.traces.values(),
          asked,
          traceColumns,
          ({ timestampMs }) => timestampMs,
          (trace, name) => traceMeasure(trace, store, name),
        )
      : asked.view === 'observations'
        ? measured(
            store.observations(),
            asked,
            { ...observationColumns, ...joined(store) },
            ({ startMs }) => startMs,
            observationMeasure,
          )
        : scoresOf(store, asked);
  return json(200, { data: aggregate(rows, asked, null) });
}

/** Columns of an observation's trace. */
const joined = (store: ProjectStore): Columns<ObservationRecord> => {
  const trace = ({ traceId }: ObservationRecord): TraceRecord | undefined => store.traces.get(traceId);
  return {
    userId: (row) => trace(row)?.userId ?? null,
    sessionId: (row) => trace(row)?.sessionId ?? null,
    traceName: (row) => trace(row)?.name ?? null,
    tags: (row) => trace(row)?.tags ?? [],
    traceRelease: (row) => trace(row)?.release ?? null,
    traceVersion: (row) => trace(row)?.version ?? null,
  };
};

/** Counts copies of one span and synthetic roots as rows, as the server does (langfuse.md 4). */
function v2Metrics(call: Call): Answer {
  const { simulation, project, query } = call;
  const asked = readMetricsQuery(query, 'v2');
  const refused = refusedInLegacy(call);
  if (refused) return refused;
  const { store } = project;
  const rows =
    asked.view === 'observations'
      ? measured(
          rowsFor(store, asked),
          asked,
          eventColumns(contextLost(simulation.switches)),
          ({ observation }) => observation.startMs,
          ({ observation }, name) => observationMeasure(observation, name),
        )
      : scoresOf(store, asked);
  return json(200, { data: aggregate(rows, asked, 0) });
}

/** A filter on one trace needs no walk over all rows. */
function rowsFor(store: ProjectStore, { filters }: MetricsQuery): readonly EventRecord[] {
  const one = filters.find(
    (filter) => filter.type === 'string' && filter.column === 'traceId' && filter.operator === '=',
  );
  return one?.type === 'string' ? store.eventsOf(one.value) : store.events();
}

export const metricsReads: readonly Route[] = [
  { method: 'GET', pattern: '/metrics', bucket: 'metrics', deprecated: 'metrics', handle: v1Metrics },
  { method: 'GET', pattern: '/v2/metrics', bucket: 'v2Metrics', deprecated: null, handle: v2Metrics },
];
