import { z } from 'zod';
import { sumUsd } from '../state/money.js';
import type { EventRecord, ObservationRecord, TraceRecord } from '../state/records.js';
import { iso, isoOrNull, totalCost } from '../wire/values.js';
import type { Order } from './admin-door.js';
import { projectOf } from './project-orders.js';

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const question = z.object({
  projectId: z.string().optional(),
  from: time.default(-Infinity),
  to: time.default(Infinity),
});

interface Found {
  readonly traces: readonly TraceRecord[];
  readonly observations: readonly ObservationRecord[];
  readonly events: readonly EventRecord[];
  readonly pending: number;
}

function find(simulation: Parameters<Order>[0], query: URLSearchParams): Found {
  const { projectId, from, to } = question.parse(Object.fromEntries(query));
  const { store } = projectOf(simulation, projectId);
  store.settle(simulation.clock.nowMs());
  const inside = (ms: number): boolean => ms >= from && ms < to;
  return {
    traces: [...store.traces.values()].filter(({ timestampMs }) => inside(timestampMs)),
    observations: [...store.observations()].filter(({ startMs }) => inside(startMs)),
    events: store.events().filter(({ observation }) => inside(observation.startMs)),
    pending: store.pending,
  };
}

const costPico = (rows: readonly ObservationRecord[]): string =>
  String(Math.round(sumUsd(rows.map(({ costDetails }) => totalCost(costDetails))) * 1e12));

/** Counts and cost of what the server holds in [from, to): traces by their timestamp, observations by their start. */
export const truthOf: Order = (simulation, _, query) => {
  const { traces, observations, events, pending } = find(simulation, query);
  const sessions = new Set(traces.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId])));
  const rows = events.map(({ observation }) => observation);
  return {
    traces: traces.length,
    sessions: sessions.size,
    observations: observations.length,
    errors: observations.filter(({ level }) => level === 'ERROR').length,
    unpriced: observations.filter(({ costDetails }) => Object.keys(costDetails).length === 0).length,
    costUsd: sumUsd(observations.map(({ costDetails }) => totalCost(costDetails))),
    costPico: costPico(observations),
    v2: {
      rows: events.length,
      synthetic: events.filter(({ synthetic }) => synthetic).length,
      costPico: costPico(rows),
    },
    pending,
  };
};

/** The rows themselves, small. */
export const rowsOf: Order = (simulation, _, query) => {
  const { traces, observations } = find(simulation, query);
  return {
    traces: traces.map((trace) => ({
      id: trace.id,
      name: trace.name,
      timestamp: iso(trace.timestampMs),
      sessionId: trace.sessionId,
      userId: trace.userId,
      tags: trace.tags,
      updatedAt: iso(trace.updatedAtMs),
    })),
    observations: observations.map((row) => ({
      id: row.id,
      traceId: row.traceId,
      type: row.type,
      name: row.name,
      level: row.level,
      startTime: iso(row.startMs),
      endTime: isoOrNull(row.endMs),
      model: row.model,
      usageDetails: row.usageDetails,
      costUsd: totalCost(row.costDetails),
      updatedAt: iso(row.updatedAtMs),
    })),
  };
};
