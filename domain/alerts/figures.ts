import { percentile } from '../statistics/percentile.js';
import type { TraceFacts } from '../statistics/trace-facts.js';
import type { OutcomeMetric, TurnMetric } from './alert-rule.js';

/** A figure and the number of things that it stands on. `figure` null = there is nothing to form it of. */
export interface Figure {
  readonly figure: number | null;
  readonly sample: number;
}

/** What turns add up to, portion by portion. */
export interface TurnSums {
  readonly turns: number;
  readonly turnsWithError: number;
  readonly observations: number;
  readonly observationErrors: number;
  readonly toolCalls: number;
  readonly toolErrors: number;
  readonly costPicoUsd: bigint;
  readonly latenciesMs: readonly number[];
}

export const noTurns: TurnSums = {
  turns: 0,
  turnsWithError: 0,
  observations: 0,
  observationErrors: 0,
  toolCalls: 0,
  toolErrors: 0,
  costPicoUsd: 0n,
  latenciesMs: [],
};

export type CountedTurn = Pick<TraceFacts, 'total' | 'observations' | 'tools' | 'latencyMs'>;

/** Adds a portion of turns. */
export function addTurns(sums: TurnSums, turns: readonly CountedTurn[]): TurnSums {
  const sum = (of: (turn: CountedTurn) => number): number => turns.reduce((all, turn) => all + of(turn), 0);
  const tools = turns.flatMap((turn) => Object.values(turn.tools));
  return {
    turns: sums.turns + turns.length,
    turnsWithError: sums.turnsWithError + sum(({ total }) => (total.errors > 0 ? 1 : 0)),
    observations: sums.observations + sum(({ observations }) => observations),
    observationErrors: sums.observationErrors + sum(({ total }) => total.errors),
    toolCalls: tools.reduce((all, { count }) => all + count, sums.toolCalls),
    toolErrors: tools.reduce((all, { errors }) => all + errors, sums.toolErrors),
    costPicoUsd: turns.reduce((all, { total }) => all + total.costPicoUsd, sums.costPicoUsd),
    latenciesMs: [
      ...sums.latenciesMs,
      ...turns.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs])),
    ],
  };
}

const picoPerUsd = 1e12;

export function turnFigure(metric: TurnMetric, sums: TurnSums): Figure {
  const rate = (part: number, whole: number): Figure => ({
    figure: whole === 0 ? null : part / whole,
    sample: whole,
  });
  const latency = (p: number): Figure => ({
    figure: percentile(sums.latenciesMs, p),
    sample: sums.latenciesMs.length,
  });
  switch (metric) {
    case 'traces':
      return { figure: sums.turns, sample: sums.turns };
    case 'costUsd':
      return { figure: Number(sums.costPicoUsd) / picoPerUsd, sample: sums.turns };
    case 'traceErrorRate':
      return rate(sums.turnsWithError, sums.turns);
    case 'observationErrorRate':
      return rate(sums.observationErrors, sums.observations);
    case 'toolErrorRate':
      return rate(sums.toolErrors, sums.toolCalls);
    case 'latencyP50Ms':
      return latency(50);
    case 'latencyP95Ms':
      return latency(95);
  }
}

/** `matching` of `sessions` ended so. */
export function outcomeFigure(metric: OutcomeMetric, matching: number, sessions: number): Figure {
  if (metric === 'outcomeCount') return { figure: matching, sample: sessions };
  return { figure: sessions === 0 ? null : matching / sessions, sample: sessions };
}
