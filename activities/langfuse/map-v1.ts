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

/** A trace of the v1 API (langfuse.md 3). Its cost and latency are sentinels or cut by the window, and are not read. */
export const traceOfV1 = (row: Fields): TraceRow & { readonly body: Body } => ({
  traceId: neededText(row, 'id'),
  startedAtMs: neededTime(row, 'timestamp'),
  startSource: 'trace',
  name: text(row, 'name'),
  sessionId: text(row, 'sessionId'),
  userId: text(row, 'userId'),
  tags: json(row, 'tags'),
  environment: text(row, 'environment'),
  release: text(row, 'release'),
  version: text(row, 'version'),
  serverCreatedAtMs: time(row, 'createdAt'),
  serverUpdatedAtMs: time(row, 'updatedAt'),
  body: { input: spoken(row, 'input'), output: spoken(row, 'output'), metadata: metadata(row) },
});

/** An observation of the v1 API. */
export const observationOfV1 = (row: Fields): ObservationRow & { readonly body: Body } => ({
  traceId: neededText(row, 'traceId'),
  observationId: neededText(row, 'id'),
  type: neededText(row, 'type'),
  name: text(row, 'name'),
  level: text(row, 'level') ?? 'DEFAULT',
  statusMessage: text(row, 'statusMessage'),
  version: text(row, 'version'),
  environment: text(row, 'environment'),
  parentId: text(row, 'parentObservationId'),
  startedAtMs: neededTime(row, 'startTime'),
  endedAtMs: time(row, 'endTime'),
  completionStartedAtMs: time(row, 'completionStartTime'),
  model: text(row, 'model'),
  modelParameters: json(row, 'modelParameters'),
  promptName: text(row, 'promptName'),
  promptVersion: integer(row, 'promptVersion'),
  ...usageOf(row),
  ...costOf(row, 'calculatedTotalCost'),
  synthetic: false,
  serverCreatedAtMs: time(row, 'createdAt'),
  serverUpdatedAtMs: time(row, 'updatedAt'),
  body: { input: spoken(row, 'input'), output: spoken(row, 'output'), metadata: metadata(row) },
});
