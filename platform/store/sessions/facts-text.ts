/** Facts as JSON text; money is a bigint in memory and decimal text in JSON. */
export const factsText = (facts: object): string =>
  JSON.stringify(facts, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));

const money: ReadonlySet<string> = new Set(['costPicoUsd', 'ourCostPicoUsd']);

export const factsOf = <Facts extends object>(text: string): Facts =>
  JSON.parse(text, (key, value: unknown) =>
    money.has(key) && typeof value === 'string' ? BigInt(value) : value,
  ) as Facts;
