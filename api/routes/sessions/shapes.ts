import { z } from 'zod';
import { outcomes } from '../../../domain/outcome.js';
import type { Tally } from '../../../domain/statistics/tally.js';
import { treeOrder } from '../../../domain/statistics/tree-order.js';
import { usdText } from '../../../domain/statistics/usd.js';
import type { Session } from '../../../platform/store/sessions/sessions.js';
import type { WholeTrace } from '../../../platform/store/sessions/read-trace.js';

const ms = z.number().nullable();
const evidence = z.object({
  by: z.enum(['tag', 'tool', 'error', 'none']),
  traceId: z.string().nullable(),
  observationId: z.string().nullable(),
});
const modelUse = z.object({
  model: z.string(),
  calls: z.number(),
  errors: z.number(),
  unpriced: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  costUsd: z.string(),
});
const toolUse = z.object({ tool: z.string(), calls: z.number(), errors: z.number() });

export const session = z.object({
  sessionId: z.string(),
  groupedBy: z.enum(['sessionId', 'caller', 'trace']),
  ownSessionIds: z.array(z.string()),
  userId: z.string().nullable(),
  agent: z.string(),
  environment: z.string().nullable(),
  tags: z.array(z.string()),
  turns: z.number(),
  firstAtMs: z.number(),
  lastAtMs: z.number(),
  durationMs: z.number(),
  activeMs: z.number(),
  longestPauseMs: z.number(),
  latencyP50Ms: ms,
  latencyP95Ms: ms,
  firstTokenP50Ms: ms,
  firstTokenP95Ms: ms,
  observations: z.number(),
  openObservations: z.number(),
  errors: z.number(),
  turnsWithError: z.number(),
  costUsd: z.string(),
  unpriced: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  totalTokens: z.number(),
  tokensByKind: z.record(z.string(), z.number()),
  models: z.array(modelUse),
  tools: z.array(toolUse),
  outcome: z.enum(outcomes),
  evidence,
});

/** A piece of a turn with the places of what was found in it. */
export const hit = z.object({
  traceId: z.string(),
  part: z.enum(['input', 'output']),
  text: z.string(),
  /** Ranges of `text`, [start, end), in UTF-16 units as JavaScript counts. */
  marks: z.array(z.tuple([z.number(), z.number()])),
});

const modelOf = (model: string, { count, costPicoUsd, ...tally }: Tally): z.input<typeof modelUse> => ({
  model,
  calls: count,
  ...tally,
  costUsd: usdText(costPicoUsd),
});

export function sessionView({ sessionId, groupedBy, facts }: Session): z.input<typeof session> {
  const { total, models, tools, outcome, ownSessionIds, tags, ...rest } = facts;
  const { errors, unpriced, inputTokens, outputTokens, totalTokens } = total;
  return {
    ...rest,
    sessionId,
    groupedBy,
    ownSessionIds: [...ownSessionIds],
    tags: [...tags],
    errors,
    unpriced,
    inputTokens,
    outputTokens,
    totalTokens,
    costUsd: usdText(total.costPicoUsd),
    models: Object.entries(models).map(([model, tally]) => modelOf(model, tally)),
    tools: Object.entries(tools).map(([tool, { count, errors: failed }]) => ({
      tool,
      calls: count,
      errors: failed,
    })),
    ...outcome,
  };
}

const said = { input: z.string().nullable(), output: z.string().nullable(), metadata: z.string().nullable() };

export const wholeTrace = z.object({
  traceId: z.string(),
  name: z.string().nullable(),
  startedAtMs: z.number(),
  ownSessionId: z.string().nullable(),
  userId: z.string().nullable(),
  environment: z.string().nullable(),
  release: z.string().nullable(),
  tags: z.array(z.string()),
  /** Its server does not have it any more. */
  deleted: z.boolean(),
  ...said,
  /** In the order of their tree, each behind its parent. */
  observations: z.array(
    z.object({
      observationId: z.string(),
      parentId: z.string().nullable(),
      depth: z.number(),
      type: z.string(),
      name: z.string().nullable(),
      level: z.string(),
      statusMessage: z.string().nullable(),
      startedAtMs: z.number(),
      latencyMs: ms,
      firstTokenMs: ms,
      model: z.string().nullable(),
      inputTokens: z.number().nullable(),
      outputTokens: z.number().nullable(),
      totalTokens: z.number().nullable(),
      costUsd: z.string().nullable(),
      ...said,
    }),
  ),
});

const nothingSaid = { input: null, output: null, metadata: null };

export function traceView({ trace, body, observations, deleted }: WholeTrace): z.input<typeof wholeTrace> {
  return {
    ...trace,
    ownSessionId: trace.sessionId,
    tags: trace.tags === null ? [] : (JSON.parse(trace.tags) as string[]),
    deleted,
    ...(body ?? nothingSaid),
    observations: treeOrder(observations).map((row) => ({
      ...row,
      ...(row.body ?? nothingSaid),
      latencyMs: row.endedAtMs === null ? null : row.endedAtMs - row.startedAtMs,
      firstTokenMs: row.completionStartedAtMs === null ? null : row.completionStartedAtMs - row.startedAtMs,
      costUsd: row.costPicoUsd === null ? null : usdText(BigInt(row.costPicoUsd)),
    })),
  };
}
