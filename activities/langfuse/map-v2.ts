import { mergeTrace, type Versioned } from '../../domain/langfuse/merge-rows.js';
import type { Body, ObservationRow, TraceRow } from '../../domain/langfuse/rows.js';
import {
  costOf,
  integer,
  json,
  metadata,
  neededText,
  neededTime,
  spoken,
  text,
  time,
  usageOf,
  type Fields,
} from './fields.js';

/** The id of the row that a server invents for a trace of /ingestion. A client's id may begin with `t-` as well (langfuse.md 4). */
const syntheticIdOf = (traceId: string): string => `t-${traceId}`;

/** An observation of the v2 API, and what it says of its trace. */
export interface V2Row {
  readonly observation: ObservationRow & { readonly body: Body };
  readonly trace: Versioned<TraceRow>;
  /** Its body is the trace's. */
  readonly root: boolean;
}

export function rowOfV2(row: Fields): V2Row {
  const traceId = neededText(row, 'traceId');
  const observationId = neededText(row, 'id');
  const parentId = text(row, 'parentObservationId');
  const startedAtMs = neededTime(row, 'startTime');
  const serverCreatedAtMs = time(row, 'createdAt');
  const serverUpdatedAtMs = time(row, 'updatedAt');
  const synthetic = observationId === syntheticIdOf(traceId);
  const name = text(row, 'name');
  const environment = text(row, 'environment');
  return {
    observation: {
      traceId,
      observationId,
      type: neededText(row, 'type'),
      name,
      level: text(row, 'level') ?? 'DEFAULT',
      statusMessage: text(row, 'statusMessage'),
      version: text(row, 'version'),
      environment,
      parentId: parentId === syntheticIdOf(traceId) ? null : parentId,
      startedAtMs,
      endedAtMs: time(row, 'endTime'),
      completionStartedAtMs: time(row, 'completionStartTime'),
      // The OpenAPI file calls it providedModelName; the wire does not.
      model: text(row, 'model'),
      modelParameters: json(row, 'modelParameters'),
      promptName: text(row, 'promptName'),
      promptVersion: integer(row, 'promptVersion'),
      ...usageOf(row),
      ...costOf(row, 'totalCost'),
      synthetic,
      serverCreatedAtMs,
      serverUpdatedAtMs,
      body: { input: spoken(row, 'input'), output: spoken(row, 'output'), metadata: metadata(row) },
    },
    trace: {
      traceId,
      startedAtMs,
      startSource: 'observations',
      name: text(row, 'traceName') ?? (synthetic ? name : null),
      sessionId: text(row, 'sessionId'),
      userId: text(row, 'userId'),
      tags: json(row, 'tags'),
      environment,
      release: text(row, 'release'),
      version: null,
      serverCreatedAtMs,
      serverUpdatedAtMs,
      api: 'v2',
    },
    root: synthetic || row['isRootObservation'] === true,
  };
}

/** Traces as the sum of their rows: each field from the newest row that has it (langfuse.md 4). */
export function tracesOfV2(rows: readonly V2Row[]): (Versioned<TraceRow> & { readonly body: Body | null })[] {
  const traces = new Map<string, Versioned<TraceRow>>();
  const bodies = new Map<string, { readonly body: Body; readonly synthetic: boolean }>();
  for (const { observation, trace, root } of rows) {
    const before = traces.get(trace.traceId);
    traces.set(trace.traceId, before ? mergeTrace(before, trace) : trace);
    const { synthetic, body } = observation;
    // Several roots are possible; the server's own row for the trace speaks for it.
    if (root && (synthetic || !bodies.has(trace.traceId))) bodies.set(trace.traceId, { body, synthetic });
  }
  return [...traces.values()].map((trace) => ({
    ...trace,
    body: bodies.get(trace.traceId)?.body ?? null,
  }));
}
