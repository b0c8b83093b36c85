import type { Body, ObservationRow, TraceRow } from '../../domain/langfuse/rows.js';

/** A trace as a server gave it, without its body unless one is given. */
export const readTrace = (
  traceId: string,
  startedAtMs: number,
  change: Partial<TraceRow & { readonly body: Body | null }> = {},
) => ({
  traceId,
  startedAtMs,
  startSource: 'trace' as const,
  name: 'turn',
  sessionId: null,
  userId: 'caller-1',
  tags: null,
  environment: 'production',
  release: 'agent-1',
  version: null,
  serverCreatedAtMs: 1,
  serverUpdatedAtMs: 1,
  body: null,
  ...change,
});

/** The generation of a trace, of two seconds, with the first token after half of one. */
export const readStep = (traceId: string, startedAtMs: number, change: Partial<ObservationRow> = {}) => ({
  traceId,
  observationId: `${traceId}-step`,
  type: 'GENERATION',
  name: 'model step',
  level: 'DEFAULT',
  statusMessage: null,
  version: null,
  environment: 'production',
  parentId: null,
  startedAtMs,
  endedAtMs: startedAtMs + 2_000,
  completionStartedAtMs: startedAtMs + 500,
  model: 'gpt-4o',
  modelParameters: null,
  promptName: null,
  promptVersion: null,
  usage: '{"input":100,"output":20,"input_cached_tokens":40,"total":160}',
  inputTokens: 140,
  outputTokens: 20,
  totalTokens: 160,
  costs: null,
  costPicoUsd: 500_000_000,
  synthetic: false,
  serverCreatedAtMs: 1,
  serverUpdatedAtMs: 1,
  body: null,
  ...change,
});
