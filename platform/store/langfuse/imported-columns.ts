import type { Versioned } from '../../../domain/langfuse/merge-rows.js';
import type { ObservationRow, ReadApi, TraceRow } from '../../../domain/langfuse/rows.js';
import type { Schema } from '../../database/schema.js';

type TraceColumns = Schema['imported_traces'];
type ObservationColumns = Schema['imported_observations'];

/** Keys and housekeeping are the caller's; the rest of a row is what was read. */
export const traceColumns = (row: Versioned<TraceRow>): Partial<TraceColumns> => ({
  trace_id: row.traceId,
  started_at_ms: row.startedAtMs,
  start_source: row.startSource,
  name: row.name,
  session_id: row.sessionId,
  user_id: row.userId,
  tags_json: row.tags,
  trace_environment: row.environment,
  release: row.release,
  version: row.version,
  server_created_at_ms: row.serverCreatedAtMs,
  server_updated_at_ms: row.serverUpdatedAtMs,
  source_api: row.api,
});

export const traceOf = (row: TraceColumns): Versioned<TraceRow> => ({
  traceId: row.trace_id,
  startedAtMs: row.started_at_ms,
  startSource: row.start_source as TraceRow['startSource'],
  name: row.name,
  sessionId: row.session_id,
  userId: row.user_id,
  tags: row.tags_json,
  environment: row.trace_environment,
  release: row.release,
  version: row.version,
  serverCreatedAtMs: row.server_created_at_ms,
  serverUpdatedAtMs: row.server_updated_at_ms,
  api: row.source_api as ReadApi,
});

export const observationColumns = (row: Versioned<ObservationRow>): Partial<ObservationColumns> => ({
  trace_id: row.traceId,
  observation_id: row.observationId,
  type: row.type,
  name: row.name,
  level: row.level,
  status_message: row.statusMessage,
  version: row.version,
  trace_environment: row.environment,
  parent_id: row.parentId,
  started_at_ms: row.startedAtMs,
  ended_at_ms: row.endedAtMs,
  completion_started_at_ms: row.completionStartedAtMs,
  model: row.model,
  model_parameters_json: row.modelParameters,
  prompt_name: row.promptName,
  prompt_version: row.promptVersion,
  usage_json: row.usage,
  input_tokens: row.inputTokens,
  output_tokens: row.outputTokens,
  total_tokens: row.totalTokens,
  costs_json: row.costs,
  cost_pico_usd: row.costPicoUsd,
  synthetic: row.synthetic ? 1 : 0,
  server_created_at_ms: row.serverCreatedAtMs,
  server_updated_at_ms: row.serverUpdatedAtMs,
  source_api: row.api,
});

export const observationOf = (row: ObservationColumns): Versioned<ObservationRow> => ({
  traceId: row.trace_id,
  observationId: row.observation_id,
  type: row.type,
  name: row.name,
  level: row.level,
  statusMessage: row.status_message,
  version: row.version,
  environment: row.trace_environment,
  parentId: row.parent_id,
  startedAtMs: row.started_at_ms,
  endedAtMs: row.ended_at_ms,
  completionStartedAtMs: row.completion_started_at_ms,
  model: row.model,
  modelParameters: row.model_parameters_json,
  promptName: row.prompt_name,
  promptVersion: row.prompt_version,
  usage: row.usage_json,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  totalTokens: row.total_tokens,
  costs: row.costs_json,
  costPicoUsd: row.cost_pico_usd,
  synthetic: row.synthetic === 1,
  serverCreatedAtMs: row.server_created_at_ms,
  serverUpdatedAtMs: row.server_updated_at_ms,
  api: row.source_api as ReadApi,
});
