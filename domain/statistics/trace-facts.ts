import { agrees, recomputeCost, type ModelUse } from '../pricing/langfuse-prices.js';
import { outcomeOfTrace, type JudgedOutcome } from './outcome-evidence.js';
import { dictionary } from './dictionary.js';
import { addTally, noTally, type Tally } from './tally.js';

/** What statistics need to know of an observation. */
export interface StatisticObservation {
  readonly observationId: string;
  readonly type: string;
  readonly name: string | null;
  readonly level: string;
  readonly statusMessage: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly completionStartedAtMs: number | null;
  readonly model: string | null;
  readonly modelParameters: Readonly<Record<string, unknown>>;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
  readonly costPicoUsd: number | null;
  /** Invented by the server for the trace: counts as nothing (langfuse.md 10 of the list at its top). */
  readonly synthetic: boolean;
  /** Empty unless a price of the project depends on it. */
  readonly metadata: ModelUse['metadata'];
  readonly projectModels: ModelUse['projectModels'];
  /** Answers of tools that may settle the outcome; null for all others. */
  readonly output: string | null;
}

export interface StatisticTrace {
  readonly traceId: string;
  readonly startedAtMs: number;
  readonly name: string | null;
  readonly release: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly observations: readonly StatisticObservation[];
}

/** A generation whose cost cannot be checked, or whose check says something else. */
export interface PriceFinding {
  readonly observationId: string;
  readonly kind: 'disagreement' | 'unpriced';
  readonly model: string | null;
  readonly costPicoUsd: bigint | null;
  readonly ourCostPicoUsd: bigint | null;
}

/** Everything that sessions and daily counts take from one trace: a pure function of its rows. Durations are integer ms. */
export interface TraceFacts {
  readonly startedAtMs: number;
  /** The last end or start of anything in it. */
  readonly endedAtMs: number;
  /** Null without observations: such a trace is in no percentile (langfuse.md 12). */
  readonly latencyMs: number | null;
  /** The agent's release, else the name of its traces. */
  readonly agent: string;
  /** As its server has them, never rewritten. */
  readonly sessionId: string | null;
  readonly userId: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly observations: number;
  /** Without an end: in no latency, and counted as such. */
  readonly openObservations: number;
  readonly total: Tally;
  readonly tokensByKind: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<string, Tally>>;
  readonly tools: Readonly<Record<string, Tally>>;
  /** By observation name and message. */
  readonly errors: Readonly<Record<string, number>>;
  readonly generationMs: readonly number[];
  readonly toolMs: readonly number[];
  readonly firstTokenMs: readonly number[];
  readonly outcome: JudgedOutcome;
  readonly findings: readonly PriceFinding[];
}

/** Longer messages are mostly dumps; the words at their beginning tell them apart. */
const mostMessage = 120;

const isGeneration = ({ model, type, usage }: StatisticObservation): boolean =>
  model !== null || type === 'GENERATION' || Object.keys(usage).length > 0;

export function traceFactsOf(trace: StatisticTrace): TraceFacts {
  const rows = trace.observations.filter(({ synthetic }) => !synthetic);
  const findings: PriceFinding[] = [];
  let total = noTally;
  const tokensByKind = dictionary<number>();
  const models = dictionary<Tally>();
  const tools = dictionary<Tally>();
  const errors = dictionary<number>();
  const put = (into: Record<string, Tally>, key: string, tally: Tally): void => {
    into[key] = addTally(into[key] ?? noTally, tally);
  };
  for (const row of rows) {
    const failed = row.level === 'ERROR';
    if (failed) {
      const what = `${row.name ?? row.type}: ${row.statusMessage ?? 'no message'}`.slice(0, mostMessage);
      errors[what] = (errors[what] ?? 0) + 1;
    }
    const tally = isGeneration(row)
      ? priced(row, findings)
      : { ...noTally, count: 1, errors: failed ? 1 : 0 };
    total = addTally(total, tally);
    if (isGeneration(row)) {
      put(models, row.model ?? '', tally);
      for (const [kind, units] of Object.entries(row.usage))
        if (typeof units === 'number') tokensByKind[kind] = (tokensByKind[kind] ?? 0) + units;
    }
    if (row.type === 'TOOL') put(tools, row.name ?? '', tally);
  }
  const spans = (wanted: (row: StatisticObservation) => boolean): number[] =>
    rows.flatMap((row) => (wanted(row) && row.endedAtMs !== null ? [row.endedAtMs - row.startedAtMs] : []));
  return {
    startedAtMs: least([trace.startedAtMs, ...rows.map((row) => row.startedAtMs)]),
    endedAtMs: most([trace.startedAtMs, ...rows.map((row) => row.endedAtMs ?? row.startedAtMs)]),
    latencyMs: latencyOf(rows),
    agent: trace.release ?? trace.name ?? '',
    sessionId: trace.sessionId,
    userId: trace.userId,
    environment: trace.environment,
    tags: trace.tags,
    observations: rows.length,
    openObservations: rows.filter((row) => row.endedAtMs === null).length,
    total,
    tokensByKind,
    models,
    tools,
    errors,
    generationMs: spans(isGeneration),
    toolMs: spans(({ type }) => type === 'TOOL'),
    firstTokenMs: rows.flatMap((row) =>
      row.completionStartedAtMs === null ? [] : [row.completionStartedAtMs - row.startedAtMs],
    ),
    outcome: outcomeOfTrace(trace.traceId, trace.tags, rows),
    findings,
  };
}

/** A trace may have more rows than a call may have arguments. */
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

/** Last end − first start; without any end, last start − first start (langfuse.md 3). */
function latencyOf(rows: readonly StatisticObservation[]): number | null {
  if (rows.length === 0) return null;
  const starts = rows.map((row) => row.startedAtMs);
  const ends = rows.flatMap((row) => (row.endedAtMs === null ? [] : [row.endedAtMs]));
  return most(ends.length > 0 ? ends : starts) - least(starts);
}

/** One generation: the server's cost as the figure, ours as its check. */
function priced(row: StatisticObservation, findings: PriceFinding[]): Tally {
  const ours = recomputeCost(row);
  const costPicoUsd = row.costPicoUsd === null ? null : BigInt(row.costPicoUsd);
  const ourCostPicoUsd = ours.kind === 'priced' ? ours.costPicoUsd : null;
  const compared = costPicoUsd !== null && ourCostPicoUsd !== null;
  const disagrees = compared && !agrees(costPicoUsd, ourCostPicoUsd);
  const used = Object.keys(row.usage).length > 0;
  // A call that failed before it used anything has no price to be missed.
  const unpriced = costPicoUsd === null && (used || row.level !== 'ERROR');
  const found = (kind: PriceFinding['kind']): void => {
    const { observationId, model } = row;
    findings.push({ observationId, kind, model, costPicoUsd, ourCostPicoUsd });
  };
  if (disagrees) found('disagreement');
  else if (unpriced || (used && ourCostPicoUsd === null)) found('unpriced');
  return {
    count: 1,
    errors: row.level === 'ERROR' ? 1 : 0,
    unpriced: unpriced ? 1 : 0,
    inputTokens: row.inputTokens ?? 0,
    outputTokens: row.outputTokens ?? 0,
    totalTokens: row.totalTokens ?? 0,
    costPicoUsd: costPicoUsd ?? 0n,
    recomputed: compared ? 1 : 0,
    disagreeing: disagrees ? 1 : 0,
    ourCostPicoUsd: compared ? ourCostPicoUsd : 0n,
  };
}
