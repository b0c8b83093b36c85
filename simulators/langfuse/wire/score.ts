import type { ScoreRecord, TraceRecord } from '../state/records.js';
import { iso } from './values.js';

const valueOf = (score: ScoreRecord): Record<string, unknown> =>
  score.dataType === 'NUMERIC'
    ? { value: score.value }
    : score.dataType === 'BOOLEAN'
      ? { value: score.value, stringValue: score.value === 1 ? 'True' : 'False' }
      : { value: 0, stringValue: score.stringValue };

/** A score as `GET /scores`, `/v2/scores` and traces tell it. Keys follow the OpenAPI file; no recording holds a score. */
export const scoreRow = (score: ScoreRecord, projectId: string): Record<string, unknown> => ({
  id: score.id,
  projectId,
  timestamp: iso(score.timestampMs),
  environment: score.environment,
  traceId: score.traceId,
  sessionId: score.sessionId,
  observationId: score.observationId,
  datasetRunId: null,
  name: score.name,
  source: score.source,
  authorUserId: null,
  comment: score.comment,
  metadata: score.metadata,
  configId: score.configId,
  queueId: score.queueId,
  createdAt: iso(score.createdAtMs),
  updatedAt: iso(score.updatedAtMs),
  dataType: score.dataType,
  ...valueOf(score),
});

/** The list rows of v1 and v2 carry a piece of the trace. */
export const scoreListRow = (
  score: ScoreRecord,
  projectId: string,
  trace: TraceRecord | undefined,
): Record<string, unknown> => ({
  ...scoreRow(score, projectId),
  trace: trace
    ? { userId: trace.userId, tags: trace.tags, environment: trace.environment, sessionId: trace.sessionId }
    : null,
});

export function scoreV3(
  score: ScoreRecord,
  projectId: string,
  groups: ReadonlySet<string>,
): Record<string, unknown> {
  const subject =
    score.observationId !== null
      ? { kind: 'observation', id: score.observationId, traceId: score.traceId }
      : score.traceId !== null
        ? { kind: 'trace', id: score.traceId }
        : { kind: 'session', id: score.sessionId };
  return {
    id: score.id,
    projectId,
    name: score.name,
    value:
      score.dataType === 'NUMERIC'
        ? score.value
        : score.dataType === 'BOOLEAN'
          ? score.value === 1
          : score.stringValue,
    dataType: score.dataType,
    source: score.source,
    timestamp: iso(score.timestampMs),
    environment: score.environment,
    createdAt: iso(score.createdAtMs),
    updatedAt: iso(score.updatedAtMs),
    ...(groups.has('details') && {
      comment: score.comment,
      configId: score.configId,
      metadata: score.metadata,
    }),
    ...(groups.has('subject') && { subject }),
    ...(groups.has('annotation') && { authorUserId: null, queueId: score.queueId }),
  };
}
