const perDollar = 1e12;
const digits = 12;

/** The nearest amount of 12 digits. */
export const toPico = (usd: number): number => Math.round(usd * perDollar) / perDollar;

/**
 * The server keeps money as decimals with 12 digits and cuts the text of a float there: 0.008624999999999999, the sum of four costs, becomes
 * 0.008624999999 (recorded; langfuse.md 10).
 */
export function cutToPico(usd: number): number {
  if (toPico(usd) === usd) return usd;
  const [mantissa = '0', exponent = '0'] = String(usd).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const kept = Math.max(0, digits + Number(exponent));
  return Number(`${whole}.${fraction.slice(0, kept)}e${exponent}`);
}

/** Sum of amounts that are cut already, exact up to 9,007 USD. */
export function sumUsd(amounts: Iterable<number>): number {
  let pico = 0;
  for (const usd of amounts) pico += Math.round(usd * perDollar);
  return pico / perDollar;
}
