/** What can be counted of one thing (a model, a tool, a day): sums that may be added and taken away again. Money is pico-USD. */
export interface Tally {
  readonly count: number;
  readonly errors: number;
  /** Of `count`, what has no known cost: beside each sum, because unknown is not 0 (langfuse.md 12). */
  readonly unpriced: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly costPicoUsd: bigint;
  /** Of `count`, what could be recomputed, what of it disagrees with the server, and Σ of our figures. */
  readonly recomputed: number;
  readonly disagreeing: number;
  readonly ourCostPicoUsd: bigint;
}

export const noTally: Tally = {
  count: 0,
  errors: 0,
  unpriced: 0,
  inputTokens: 0,
  outputTokens: 0,
  totalTokens: 0,
  costPicoUsd: 0n,
  recomputed: 0,
  disagreeing: 0,
  ourCostPicoUsd: 0n,
};

/** `left` and `times` times `right`. */
export const addTally = (left: Tally, right: Partial<Tally>, times: 1 | -1 = 1): Tally => {
  const sum = (key: NumberKey): number => left[key] + times * (right[key] ?? 0);
  const money = (key: MoneyKey): bigint => left[key] + BigInt(times) * (right[key] ?? 0n);
  return {
    count: sum('count'),
    errors: sum('errors'),
    unpriced: sum('unpriced'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    totalTokens: sum('totalTokens'),
    costPicoUsd: money('costPicoUsd'),
    recomputed: sum('recomputed'),
    disagreeing: sum('disagreeing'),
    ourCostPicoUsd: money('ourCostPicoUsd'),
  };
};

type MoneyKey = 'costPicoUsd' | 'ourCostPicoUsd';
type NumberKey = Exclude<keyof Tally, MoneyKey>;

export const isZero = (tally: Tally): boolean =>
  Object.values(tally).every((value: number | bigint) => value === 0 || value === 0n);
