import { roundedMs } from './percentile.js';
import type { SessionFacts } from './session-facts.js';
import { addTally, isZero, noTally, type Tally } from './tally.js';
import type { TraceFacts } from './trace-facts.js';

/**
 * What is counted by day. `trace`: whole turns. `model`, `tool`, `error`: by `item`. `outcome`: sessions by outcome, on the day of their
 * first activity. `latency`: durations by their rounded value in `bucketMs`; `item` tells what took so long.
 */
export const countedViews = ['trace', 'model', 'tool', 'error', 'outcome', 'latency'] as const;
export type CountedView = (typeof countedViews)[number];
export const timedThings = ['trace', 'generation', 'tool', 'firstToken', 'session'] as const;

export interface CountKey {
  readonly view: CountedView;
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  readonly agent: string;
  readonly item: string;
  readonly bucketMs: number;
}

export type DailyCount = CountKey & { readonly tally: Tally };

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** What a trace adds to the counts of its day. A pure function of its facts, so that the same can be taken away again. */
export function countsOfTrace(facts: TraceFacts): readonly DailyCount[] {
  const day = dayOf(facts.startedAtMs);
  const { agent } = facts;
  const row = (view: CountedView, item: string, tally: Tally, bucketMs = 0): DailyCount => ({
    view,
    day,
    agent,
    item,
    bucketMs,
    tally,
  });
  const timed = (item: (typeof timedThings)[number], durations: readonly number[]): readonly DailyCount[] =>
    durations.map((ms) => row('latency', item, { ...noTally, count: 1 }, roundedMs(ms)));
  return [
    // A turn with three errors is one turn with an error (langfuse.md 12).
    row('trace', '', { ...facts.total, count: 1, errors: facts.total.errors > 0 ? 1 : 0 }),
    ...Object.entries(facts.models).map(([model, tally]) => row('model', model, tally)),
    ...Object.entries(facts.tools).map(([tool, tally]) => row('tool', tool, tally)),
    ...Object.entries(facts.errors).map(([what, count]) =>
      row('error', what, { ...noTally, count, errors: count }),
    ),
    ...timed('trace', facts.latencyMs === null ? [] : [facts.latencyMs]),
    ...timed('generation', facts.generationMs),
    ...timed('tool', facts.toolMs),
    ...timed('firstToken', facts.firstTokenMs),
  ];
}

/** What a session adds to the counts of the day on which it began. */
export function countsOfSession(facts: SessionFacts): readonly DailyCount[] {
  const day = dayOf(facts.firstAtMs);
  const { agent, total, outcome, turnsWithError, durationMs } = facts;
  const key = { day, agent };
  return [
    {
      ...key,
      view: 'outcome',
      item: outcome.outcome,
      bucketMs: 0,
      tally: { ...total, count: 1, errors: turnsWithError > 0 ? 1 : 0 },
    },
    {
      ...key,
      view: 'latency',
      item: 'session',
      bucketMs: roundedMs(durationMs),
      tally: { ...noTally, count: 1 },
    },
  ];
}

const textOf = ({ view, day, agent, item, bucketMs }: CountKey): string =>
  JSON.stringify([view, day, agent, item, bucketMs]);

/** `after` − `before`, without what stayed: nothing when the same was counted again. */
export function countChanges(
  before: readonly DailyCount[],
  after: readonly DailyCount[],
): readonly DailyCount[] {
  const sums = new Map<string, DailyCount>();
  const add = (rows: readonly DailyCount[], times: 1 | -1): void => {
    for (const row of rows) {
      const key = textOf(row);
      const tally = addTally(sums.get(key)?.tally ?? noTally, row.tally, times);
      sums.set(key, { ...row, tally });
    }
  };
  add(after, 1);
  add(before, -1);
  return [...sums.values()].filter(({ tally }) => !isZero(tally));
}
