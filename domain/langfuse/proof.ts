/** What a walk received, by kind of row. */
export interface WalkCounts {
  /** Rows as they came, with copies and unreadable ones. */
  readonly received: number;
  /** Rows that the same walk had given before. */
  readonly copies: number;
  readonly unreadable: number;
  /** Rows that the server invented for traces (v2). */
  readonly synthetic: number;
  readonly added: number;
  readonly changed: number;
}

export const noCounts: WalkCounts = {
  received: 0,
  copies: 0,
  unreadable: 0,
  synthetic: 0,
  added: 0,
  changed: 0,
};

export const addCounts = (left: WalkCounts, right: WalkCounts): WalkCounts => ({
  received: left.received + right.received,
  copies: left.copies + right.copies,
  unreadable: left.unreadable + right.unreadable,
  synthetic: left.synthetic + right.synthetic,
  added: left.added + right.added,
  changed: left.changed + right.changed,
});

/** Both sides of one window. Costs are pico-USD as decimal text, because sums outgrow a number. */
export interface Evidence {
  readonly traces: WalkCounts;
  readonly observations: WalkCounts;
  /** Totals that the list endpoint named at its first and last page; null where the API names none (v2). */
  readonly namedTraces: { readonly first: number; readonly last: number } | null;
  readonly namedObservations: number | null;
  /** The server's metrics; null when they were not to be had (budget, or a server without them). */
  readonly metrics: { readonly observations: number; readonly costPicoUsd: string } | null;
  /** Distinct rows of this walk that are in our store, and the Σ cost of all rows as they came. */
  readonly storedTraces: number;
  readonly storedObservations: number;
  readonly receivedCostPicoUsd: string;
}

/**
 * `proven`: both sides agree. `mismatch`: they do not. `suspectEmpty`: nothing came although the server counts rows. `unproven`: the server
 * gave nothing to compare with.
 */
export const verdicts = ['proven', 'mismatch', 'suspectEmpty', 'unproven'] as const;
export type Verdict = (typeof verdicts)[number];

/** The server cuts each cost at 12 decimals and sums floats: 1e-9 USD, and 1e-12 more for each row (langfuse.md 10, "Money"). */
const costTolerancePicoUsd = (rows: number): bigint => 1_000n + BigInt(rows);

/** Compares what came with what the server says it has. The reasons are for people; counts only. */
export function judge(evidence: Evidence): {
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
} {
  const { traces, observations, namedTraces, namedObservations, metrics } = evidence;
  const reasons: string[] = [];
  const differ = (what: string, server: number, ours: number): void => {
    if (server !== ours) reasons.push(`${what}: the server says ${server}, we have ${ours}`);
  };
  const distinct = ({ received, copies }: WalkCounts): number => received - copies;
  if (namedTraces !== null) {
    differ('traces, total of the first page', namedTraces.first, distinct(traces));
    differ('traces, total of the last page', namedTraces.last, distinct(traces));
    differ('traces in the store', distinct(traces) - traces.unreadable, evidence.storedTraces);
  }
  if (namedObservations !== null) differ('observations by list', namedObservations, distinct(observations));
  // v2 counts copies and invented rows (langfuse.md 5); v1 counts what it lists.
  if (metrics !== null) differ('observations by metrics', metrics.observations, observations.received);
  differ(
    'observations in the store',
    distinct(observations) - observations.unreadable,
    evidence.storedObservations,
  );
  if (metrics !== null && observations.unreadable === 0) {
    const difference = BigInt(metrics.costPicoUsd) - BigInt(evidence.receivedCostPicoUsd);
    const size = difference < 0n ? -difference : difference;
    if (size > costTolerancePicoUsd(observations.received))
      reasons.push(
        `cost in pico-USD: the server says ${metrics.costPicoUsd}, we have ${evidence.receivedCostPicoUsd}`,
      );
  }
  if (observations.received === 0 && metrics !== null && metrics.observations > 0)
    return { verdict: 'suspectEmpty', reasons };
  if (reasons.length > 0) return { verdict: 'mismatch', reasons };
  if (metrics === null && (namedObservations === null || observations.received === 0))
    return { verdict: 'unproven', reasons: ['the server gave no metrics to compare with'] };
  return { verdict: 'proven', reasons };
}
