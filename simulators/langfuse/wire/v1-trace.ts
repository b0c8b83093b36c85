import type { ProjectStore } from '../state/project-store.js';
import { sumUsd } from '../state/money.js';
import type { ObservationRecord, TraceRecord } from '../state/records.js';
import { iso, parsed, totalCost } from './values.js';

const fieldGroups = ['core', 'io', 'scores', 'observations', 'metrics'] as const;
type FieldGroup = (typeof fieldGroups)[number];

/** The groups that a list asked for: unknown names are ignored, and none known means all (langfuse.md 3). */
export function fieldsOf(text: string | undefined): ReadonlySet<FieldGroup> {
  const names = (text ?? '').split(',').map((name) => name.trim());
  const known = fieldGroups.filter((group) => names.includes(group));
  return new Set(known.length > 0 ? known : fieldGroups);
}

const headOf = (trace: TraceRecord, projectId: string, io: boolean): Record<string, unknown> => ({
  id: trace.id,
  projectId,
  name: trace.name,
  timestamp: iso(trace.timestampMs),
  environment: trace.environment,
  tags: trace.tags,
  bookmarked: trace.bookmarked,
  release: trace.release,
  version: trace.version,
  userId: trace.userId,
  sessionId: trace.sessionId,
  public: trace.public,
  input: io ? parsed(trace.input) : null,
  output: io ? parsed(trace.output) : null,
  metadata: io ? trace.metadata : {},
  createdAt: iso(trace.createdAtMs),
  updatedAt: iso(trace.updatedAtMs),
});

/** Seconds from the first start to the last end; without any end to the last start; 0 without observations. */
export function latencyS(observations: readonly ObservationRecord[]): number {
  if (observations.length === 0) return 0;
  let first = Infinity;
  let lastStart = -Infinity;
  let lastEnd = -Infinity;
  for (const { startMs, endMs } of observations) {
    first = Math.min(first, startMs);
    lastStart = Math.max(lastStart, startMs);
    if (endMs !== null) lastEnd = Math.max(lastEnd, endMs);
  }
  return ((lastEnd === -Infinity ? lastStart : lastEnd) - first) / 1_000;
}

export const costOf = (observations: readonly ObservationRecord[]): number =>
  sumUsd(observations.map(({ costDetails }) => totalCost(costDetails)));

const htmlPath = (projectId: string, traceId: string): string => `/project/${projectId}/traces/${traceId}`;

/** A row of `GET /traces`. `seen` are the observations that the list's own time and environment filters let it see. */
export function traceRow(
  trace: TraceRecord,
  store: ProjectStore,
  fields: ReadonlySet<FieldGroup>,
  seen: (observation: ObservationRecord) => boolean,
): Record<string, unknown> {
  const observations = store.observationsOf(trace.id).filter(seen);
  const metrics = fields.has('metrics');
  return {
    ...headOf(trace, store.id, fields.has('io')),
    observations: fields.has('observations') ? observations.map(({ id }) => id) : [],
    scores: fields.has('scores') ? store.scoresOf(trace.id).map(({ id }) => id) : [],
    // What was not asked for is marked, never left out.
    totalCost: metrics ? costOf(observations) : -1,
    latency: metrics ? latencyS(observations) : -1,
    htmlPath: htmlPath(store.id, trace.id),
    externalId: null,
  };
}

/** `GET /traces/{id}`: the row with its observations and scores in full. */
export function traceDetail(
  trace: TraceRecord,
  store: ProjectStore,
  fields: ReadonlySet<FieldGroup>,
  render: {
    readonly observation: (row: ObservationRecord) => unknown;
    readonly scores: () => readonly unknown[];
  },
): Record<string, unknown> {
  const observations = [...store.observationsOf(trace.id)].sort((a, b) => b.startMs - a.startMs);
  const metrics = fields.has('metrics');
  return {
    ...headOf(trace, store.id, fields.has('io')),
    externalId: null,
    scores: fields.has('scores') ? render.scores() : [],
    latency: metrics ? latencyS(observations) : -1,
    observations: fields.has('observations') ? observations.map(render.observation) : [],
    htmlPath: htmlPath(store.id, trace.id),
    totalCost: metrics ? costOf(observations) : -1,
  };
}

/** A trace within `GET /sessions/{id}`: with io, without metrics. */
export const traceInSession = (trace: TraceRecord, projectId: string): Record<string, unknown> => ({
  ...headOf(trace, projectId, true),
  externalId: null,
});
