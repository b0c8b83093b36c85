const perDollar = 1e12;

/** The server keeps money as decimals with 12 digits and cuts what is finer: 0.008625 summed in floats becomes 0.008624999999. */
export const cutToPico = (usd: number): number => Math.trunc(usd * perDollar) / perDollar;

/** Sum of amounts that are cut already, exact up to 9,007 USD. */
export function sumUsd(amounts: Iterable<number>): number {
  let pico = 0;
  for (const usd of amounts) pico += Math.round(usd * perDollar);
  return pico / perDollar;
}
