/** Facts as JSON text; money is a bigint in memory and decimal text in JSON. */
export const factsText = (facts: object): string =>
  JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

const money: ReadonlySet<string> = new Set(['costPicoUsd', 'ourCostPicoUsd']);

export function factsOf<Facts extends object>(text: string): Facts {
  const facts = JSON.parse(text) as Facts;
  reviveMoney(facts as Record<string, unknown>);
  return facts;
}

/** In place: a reviver of JSON.parse is called for each value and takes several times as long. */
function reviveMoney(within: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(within)) {
    if (typeof value === 'string' && money.has(key)) within[key] = BigInt(value);
    else if (typeof value === 'object' && value !== null) reviveMoney(value as Record<string, unknown>);
  }
}
