import { z } from 'zod';
import { json, notFound } from '../answer.js';
import { iso } from '../wire/values.js';
import { traceInSession } from '../wire/v1-trace.js';
import { metaOf } from './page-of-rows.js';
import { limitUpTo, pageNumber, parseQuery, texts, time, within } from './query.js';
import type { Call, Route } from './route.js';

const listQuery = z.object({
  page: pageNumber,
  limit: limitUpTo(100, 1),
  fromTimestamp: time,
  toTimestamp: time,
  environment: texts,
});

function listSessions({ simulation, project: { store }, query }: Call): ReturnType<Route['handle']> {
  const asked = parseQuery(listQuery, query);
  const rows = [...store.sessions.values()]
    .filter(
      ({ createdAtMs, environment }) =>
        within(createdAtMs, asked.fromTimestamp, asked.toTimestamp) &&
        (asked.environment?.includes(environment) ?? true),
    )
    .sort((a, b) => b.createdAtMs - a.createdAtMs);
  const { page, limit, totalItems, totalPages } = metaOf(
    asked.page,
    asked.limit,
    Math.max(0, rows.length + simulation.switches.overcount),
  );
  return json(200, {
    data: rows.slice((page - 1) * limit, page * limit).map(({ id, createdAtMs, environment }) => ({
      id,
      createdAt: iso(createdAtMs),
      projectId: store.id,
      environment,
    })),
    meta: { totalItems, totalPages, page, limit },
  });
}

function getSession({ project: { store }, parts: [id = ''] }: Call): ReturnType<Route['handle']> {
  const session = store.sessions.get(id);
  if (!session) throw notFound('Session not found within authorized project');
  const traces = [...store.traces.values()].filter(({ sessionId }) => sessionId === id);
  return json(200, {
    id,
    createdAt: iso(session.createdAtMs),
    projectId: store.id,
    environment: session.environment,
    traces: traces.map((trace) => traceInSession(trace, store.id)),
  });
}

export const sessionReads: readonly Route[] = [
  { method: 'GET', pattern: '/sessions', bucket: 'legacy', deprecated: 'sessions', handle: listSessions },
  { method: 'GET', pattern: '/sessions/*', bucket: 'legacy', deprecated: 'sessions', handle: getSession },
];
