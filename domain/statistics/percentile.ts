/** A value and how often it occurred. */
export interface Counted {
  readonly value: number;
  readonly count: number;
}

/**
 * The p-th percentile (0 to 100) by linear interpolation between the two nearest ranks, as Langfuse computes it (type 7, langfuse.md 12).
 * `values` need not be sorted. Null = there are none.
 */
export function percentile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return interpolate(sorted.length, p, (rank) => sorted[rank] ?? 0);
}

/** The same over values with their counts, which must be in ascending order. */
export function percentileOfCounts(counted: readonly Counted[], p: number): number | null {
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  return interpolate(total, p, (rank) => {
    let passed = 0;
    for (const { value, count } of counted) {
      passed += count;
      if (rank < passed) return value;
    }
    return counted.at(-1)?.value ?? 0;
  });
}

function interpolate(count: number, p: number, at: (rank: number) => number): number | null {
  if (count === 0) return null;
  const position = ((count - 1) * p) / 100;
  const below = Math.floor(position);
  const low = at(below);
  return low + (position - below) * (at(Math.ceil(position)) - low);
}

/**
 * A duration in ms with three significant digits: what daily counts keep, so that a day has some hundreds of values instead of one for each
 * trace. Exact below a second, off by half a percent at most above.
 */
export function roundedMs(ms: number): number {
  if (ms < 1_000) return Math.max(0, Math.round(ms));
  const step = 10 ** (Math.floor(Math.log10(ms)) - 2);
  return Math.round(ms / step) * step;
}
