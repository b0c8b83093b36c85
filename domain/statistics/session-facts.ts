import { dictionary } from './dictionary.js';
import type { TraceFacts } from './trace-facts.js';
import { outcomeOfSession, type JudgedOutcome } from './outcome-evidence.js';
import { percentile } from './percentile.js';
import { addTally, noTally, type Tally } from './tally.js';

/** A session as the sum of its turns. Durations are ms (langfuse.md 12). */
export interface SessionFacts {
  readonly turns: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  readonly durationMs: number;
  /** Σ of the turns' latencies: what the agent took, without the caller's pauses. */
  readonly activeMs: number;
  readonly longestPauseMs: number;
  readonly latencyP50Ms: number | null;
  readonly latencyP95Ms: number | null;
  readonly firstTokenP50Ms: number | null;
  readonly firstTokenP95Ms: number | null;
  readonly turnsWithError: number;
  readonly observations: number;
  readonly openObservations: number;
  readonly total: Tally;
  readonly tokensByKind: Readonly<Record<string, number>>;
  readonly models: Readonly<Record<string, Tally>>;
  readonly tools: Readonly<Record<string, Tally>>;
  readonly agent: string;
  /** Session ids that the turns have at their server; several where each turn has its own. */
  readonly ownSessionIds: readonly string[];
  readonly userId: string | null;
  readonly environment: string | null;
  readonly tags: readonly string[];
  readonly outcome: JudgedOutcome;
}

/** Sums up turns, which may come in any order; there must be one at least. */
export function sessionFactsOf(traces: readonly TraceFacts[]): SessionFacts {
  const turns = [...traces].sort((a, b) => a.startedAtMs - b.startedAtMs || a.endedAtMs - b.endedAtMs);
  const [first] = turns;
  if (!first) throw new Error('A session has one turn at least.');
  const latencies = turns.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const firstTokens = turns.flatMap(({ firstTokenMs }) => firstTokenMs);
  const sum = (of: (turn: TraceFacts) => number): number => turns.reduce((all, turn) => all + of(turn), 0);
  let lastAtMs = first.endedAtMs;
  let longestPauseMs = 0;
  for (const { startedAtMs, endedAtMs } of turns) {
    longestPauseMs = Math.max(longestPauseMs, startedAtMs - lastAtMs);
    lastAtMs = Math.max(lastAtMs, endedAtMs);
  }
  return {
    turns: turns.length,
    firstAtMs: first.startedAtMs,
    lastAtMs,
    durationMs: lastAtMs - first.startedAtMs,
    activeMs: latencies.reduce((all, latency) => all + latency, 0),
    longestPauseMs,
    latencyP50Ms: percentile(latencies, 50),
    latencyP95Ms: percentile(latencies, 95),
    firstTokenP50Ms: percentile(firstTokens, 50),
    firstTokenP95Ms: percentile(firstTokens, 95),
    turnsWithError: turns.filter(({ total }) => total.errors > 0).length,
    observations: sum(({ observations }) => observations),
    openObservations: sum(({ openObservations }) => openObservations),
    total: turns.reduce((all, { total }) => addTally(all, total), noTally),
    tokensByKind: united(
      turns.map(({ tokensByKind }) => tokensByKind),
      0,
      (a, b) => a + b,
    ),
    models: united(
      turns.map(({ models }) => models),
      noTally,
      addTally,
    ),
    tools: united(
      turns.map(({ tools }) => tools),
      noTally,
      addTally,
    ),
    agent: first.agent,
    ownSessionIds: [...new Set(turns.flatMap(({ sessionId }) => sessionId ?? []))].sort(),
    userId: turns.find(({ userId }) => userId !== null)?.userId ?? null,
    environment: turns.find(({ environment }) => environment !== null)?.environment ?? null,
    tags: [...new Set(turns.flatMap(({ tags }) => tags))].sort(),
    outcome: outcomeOfSession(turns.map(({ outcome }) => outcome)),
  };
}

function united<Value>(
  parts: readonly Readonly<Record<string, Value>>[],
  none: Value,
  add: (left: Value, right: Value) => Value,
): Readonly<Record<string, Value>> {
  const all = dictionary<Value>();
  for (const part of parts)
    for (const [key, value] of Object.entries(part)) all[key] = add(all[key] ?? none, value);
  return all;
}
