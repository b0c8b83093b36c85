/** One US dollar in pico-dollars; Langfuse cuts its costs at 12 decimals (langfuse.md 10, "Money"). */
const picoPerUsd = 1e12;

/**
 * A cost in whole pico-USD. The wire carries floats with noise in the last digits (0.30000000000000004), so it is rounded. Undefined for
 * what is no cost: negative, not finite, or beyond the 9,007 USD up to which a number is exact.
 */
export function picoUsd(usd: number): number | undefined {
  const pico = Math.round(usd * picoPerUsd);
  return Number.isSafeInteger(pico) && pico >= 0 ? pico : undefined;
}
