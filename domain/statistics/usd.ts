const digits = 12;

/** Pico-USD as exact decimal USD: 500000000 is "0.0005". */
export function usdText(picoUsd: bigint): string {
  const sign = picoUsd < 0n ? '-' : '';
  const padded = (picoUsd < 0n ? -picoUsd : picoUsd).toString().padStart(digits + 1, '0');
  const fraction = padded.slice(-digits).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A share of a sum, cut to whole pico-USD; null when there is nothing to share it among. */
export const usdPer = (picoUsd: bigint, count: number): string | null =>
  count > 0 ? usdText(picoUsd / BigInt(count)) : null;
