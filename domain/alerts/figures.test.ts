import { expect, it } from 'vitest';
import { noTally } from '../statistics/tally.js';
import { turnMetrics, type TurnMetric } from './alert-rule.js';
import { addTurns, noTurns, outcomeFigure, turnFigure, type CountedTurn } from './figures.js';

const turn = (
  more: Partial<CountedTurn> & { readonly errors?: number; readonly usd?: number },
): CountedTurn => ({
  observations: 4,
  latencyMs: 1_000,
  tools: {},
  ...more,
  total: {
    ...noTally,
    count: 4,
    errors: more.errors ?? 0,
    costPicoUsd: BigInt((more.usd ?? 0) * 1e12),
  },
});
const tool = (count: number, errors: number) => ({ ...noTally, count, errors });

const turns = [
  turn({ usd: 0.25, latencyMs: 1_000, tools: { find_slots: tool(2, 1), hold: tool(1, 0) } }),
  turn({ usd: 0.5, latencyMs: 2_000, errors: 3 }),
  // Without observations there is no latency.
  turn({ latencyMs: null, observations: 0, errors: 0 }),
  turn({ latencyMs: 4_000, tools: { hold: tool(1, 1) } }),
];

it('forms each figure of the turns of a window, with what it stands on', () => {
  // Portions of a window add up to the window.
  const sums = addTurns(addTurns(noTurns, turns.slice(0, 3)), turns.slice(3));
  const all = Object.fromEntries(turnMetrics.map((metric) => [metric, turnFigure(metric, sums)]));
  expect(all).toEqual({
    traces: { figure: 4, sample: 4 },
    costUsd: { figure: 0.75, sample: 4 },
    traceErrorRate: { figure: 0.25, sample: 4 },
    observationErrorRate: { figure: 0.25, sample: 12 },
    toolErrorRate: { figure: 0.5, sample: 4 },
    latencyP50Ms: { figure: 2_000, sample: 3 },
    latencyP95Ms: { figure: 3_800, sample: 3 },
  } satisfies Record<TurnMetric, object>);
});

it('makes no rate of nothing: an empty hour has no errors, and none of its turns are free of them', () => {
  expect(turnFigure('traceErrorRate', noTurns)).toEqual({ figure: null, sample: 0 });
  expect(turnFigure('latencyP95Ms', noTurns)).toEqual({ figure: null, sample: 0 });
  expect(turnFigure('traces', noTurns)).toEqual({ figure: 0, sample: 0 });
  expect(outcomeFigure('outcomeShare', 0, 0)).toEqual({ figure: null, sample: 0 });
  expect(outcomeFigure('outcomeShare', 3, 12)).toEqual({ figure: 0.25, sample: 12 });
  expect(outcomeFigure('outcomeCount', 3, 12)).toEqual({ figure: 3, sample: 12 });
});
