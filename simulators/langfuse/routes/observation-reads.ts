import { z } from 'zod';
import { json, notFound } from '../answer.js';
import type { ObservationRecord } from '../state/records.js';
import { totalCost } from '../wire/values.js';
import { observationRow } from '../wire/v1-observation.js';
import { metaOf, pageOfTies } from './page-of-rows.js';
import { limitUpTo, pageNumber, parseQuery, texts, textValue, time, within } from './query.js';
import type { Call, Route } from './route.js';
import { fits, readFilter, type Columns } from './row-filter.js';

const listQuery = z.object({
  page: pageNumber,
  limit: limitUpTo(100, 1),
  name: textValue,
  userId: textValue,
  type: textValue,
  level: textValue,
  traceId: textValue,
  version: textValue,
  parentObservationId: textValue,
  environment: texts,
  fromStartTime: time,
  toStartTime: time,
  filter: textValue,
});

/** What `filter` may ask of an observation. */
export const observationColumns: Columns<ObservationRecord> = {
  id: ({ id }) => id,
  traceId: ({ traceId }) => traceId,
  type: ({ type }) => type,
  name: ({ name }) => name,
  level: ({ level }) => level,
  statusMessage: ({ statusMessage }) => statusMessage,
  version: ({ version }) => version,
  environment: ({ environment }) => environment,
  startTime: ({ startMs }) => startMs,
  endTime: ({ endMs }) => endMs,
  parentObservationId: ({ parentId }) => parentId,
  providedModelName: ({ model }) => model,
  model: ({ model }) => model,
  promptName: ({ promptName }) => promptName,
  promptVersion: ({ promptVersion }) => promptVersion,
  metadata: ({ metadata }) => metadata,
  totalCost: ({ costDetails }) => totalCost(costDetails),
  latency: ({ startMs, endMs }) => (endMs === null ? null : (endMs - startMs) / 1_000),
};

function listObservations({ simulation, project: { store }, query }: Call): ReturnType<Route['handle']> {
  const asked = parseQuery(listQuery, query);
  const conditions = readFilter(asked.filter, observationColumns);
  const candidates = asked.traceId === undefined ? store.observations() : store.observationsOf(asked.traceId);
  const rows = [...candidates].filter(
    (row) =>
      within(row.startMs, asked.fromStartTime, asked.toStartTime) &&
      (asked.name === undefined || row.name === asked.name) &&
      (asked.type === undefined || row.type === asked.type) &&
      (asked.level === undefined || row.level === asked.level) &&
      (asked.version === undefined || row.version === asked.version) &&
      (asked.parentObservationId === undefined || row.parentId === asked.parentObservationId) &&
      (asked.userId === undefined || store.traces.get(row.traceId)?.userId === asked.userId) &&
      (asked.environment?.includes(row.environment) ?? true) &&
      fits(row, conditions, observationColumns),
  );
  const page = pageOfTies(
    rows,
    (a, b) => b.startMs - a.startMs,
    ({ id }) => id,
    asked,
    simulation.switches.ties,
  );
  return json(200, {
    data: page.map((row) => observationRow(row, store.id)),
    meta: metaOf(asked.page, asked.limit, Math.max(0, rows.length + simulation.switches.overcount)),
  });
}

function getObservation({ project: { store }, parts: [id = ''] }: Call): ReturnType<Route['handle']> {
  for (const row of store.observations()) if (row.id === id) return json(200, observationRow(row, store.id));
  throw notFound(`Observation with id ${id} not found`);
}

export const observationReads: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/observations',
    bucket: 'legacy',
    deprecated: 'observations',
    handle: listObservations,
  },
  {
    method: 'GET',
    pattern: '/observations/*',
    bucket: 'legacy',
    deprecated: 'observations',
    handle: getObservation,
  },
];
