/** p50 and p99 of a series, rounded to a tenth of a millisecond. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly count: number;
}

export function percentiles(seriesMs: readonly number[]): Percentiles {
  const sorted = [...seriesMs].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { p50Ms: at(0.5), p99Ms: at(0.99), count: sorted.length };
}

export const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
