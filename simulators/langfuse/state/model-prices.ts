import defaultModels from '../default-model-prices.json' with { type: 'json' };
import { cutToPico, toPico } from './money.js';
import { unpriced, type Json, type Price } from './records.js';

type Condition =
  | {
      readonly usageDetailPattern: string;
      readonly operator: string;
      readonly value: number;
      readonly caseSensitive?: boolean;
    }
  | { readonly source: string; readonly key: string; readonly values: readonly unknown[] };

export interface PricingTier {
  readonly id: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly priority: number;
  readonly conditions: readonly Condition[];
  readonly prices: Readonly<Record<string, number>>;
}

export interface PricedModel {
  readonly id: string;
  readonly modelName: string;
  readonly matchPattern: string;
  readonly createdAt: string;
  readonly tokenizerId?: string | null;
  readonly tokenizerConfig?: unknown;
  readonly pricingTiers: readonly PricingTier[];
}

export interface Usage {
  readonly model: string | null;
  readonly usageDetails: Readonly<Record<string, number>>;
  /** Costs that the client gave; they win (langfuse.md 11, rule 2). */
  readonly givenCosts: Readonly<Record<string, number>>;
  readonly modelParameters: Json | null;
  readonly metadata: Json;
}

export interface Priced {
  readonly usageDetails: Readonly<Record<string, number>>;
  readonly costDetails: Readonly<Record<string, number>>;
  readonly price: Price;
}

/** Langfuse's own list of models, 4.16. */
export const builtInModels = defaultModels as readonly PricedModel[];

/** Prices usage by the rules of langfuse.md 11; a project's own models come before the built-in ones. */
export class PriceTable {
  readonly own: PricedModel[] = [];
  readonly #matched = new Map<string, PricedModel | null>();

  add(model: PricedModel): void {
    this.own.unshift(model);
    this.#matched.clear();
  }

  price(usage: Usage): Priced {
    const usageDetails = withTotal(usage.usageDetails, usage.usageDetails['total']);
    const model = usage.model === null ? null : this.#match(usage.model);
    const used = Object.keys(usageDetails).length > 0;
    const tier = model && used ? tierFor(model, usage, usageDetails) : null;
    const price = model ? priceOf(model, tier) : unpriced;
    if (Object.keys(usage.givenCosts).length > 0)
      return { usageDetails, costDetails: givenTotal(usage.givenCosts), price };
    return { usageDetails, costDetails: tier ? costsOf(usageDetails, tier.prices) : {}, price };
  }

  #match(name: string): PricedModel | null {
    let model = this.#matched.get(name);
    if (model === undefined) {
      model = [...this.own, ...builtInModels].find((row) => patternOf(row).test(name)) ?? null;
      this.#matched.set(name, model);
    }
    return model;
  }
}

/** One object a model and tier: rows by the ten thousand share it. */
const known = new Map<PricedModel, Map<PricingTier | null, Price>>();

function priceOf(model: PricedModel, tier: PricingTier | null): Price {
  let ofModel = known.get(model);
  if (!ofModel) known.set(model, (ofModel = new Map<PricingTier | null, Price>()));
  let price = ofModel.get(tier);
  if (!price) {
    price = {
      modelId: model.id,
      tierId: tier?.id ?? null,
      tierName: tier?.name ?? null,
      ...pricesOf(tier ?? defaultTier(model)),
    };
    ofModel.set(tier, price);
  }
  return price;
}

/** All patterns begin with `(?i)`, which a RegExp of ours does not know. */
const patternOf = ({ matchPattern }: PricedModel): RegExp =>
  new RegExp(matchPattern.replace(/^\(\?i\)/, ''), 'i');

export const defaultTier = (model: PricedModel): PricingTier | null =>
  model.pricingTiers.find(({ isDefault }) => isDefault) ?? null;

const pricesOf = (tier: PricingTier | null): Pick<Price, 'inputPrice' | 'outputPrice'> => ({
  inputPrice: tier?.prices['input'] ?? null,
  outputPrice: tier?.prices['output'] ?? null,
});

function tierFor(
  model: PricedModel,
  usage: Usage,
  details: Readonly<Record<string, number>>,
): PricingTier | null {
  const special = model.pricingTiers
    .filter(({ isDefault, conditions }) => !isDefault && conditions.length > 0)
    .sort((a, b) => a.priority - b.priority);
  return (
    special.find(({ conditions }) => conditions.every((condition) => holds(condition, usage, details))) ??
    defaultTier(model)
  );
}

function holds(condition: Condition, usage: Usage, details: Readonly<Record<string, number>>): boolean {
  if ('source' in condition) {
    const attributes = condition.source === 'metadata' ? usage.metadata : (usage.modelParameters ?? {});
    return condition.values.includes(attributes[condition.key]);
  }
  const pattern = new RegExp(condition.usageDetailPattern, condition.caseSensitive === true ? '' : 'i');
  const units = Object.entries(details)
    .filter(([key]) => pattern.test(key))
    .reduce((sum, [, value]) => sum + value, 0);
  const { operator, value } = condition;
  return (
    { gt: units > value, gte: units >= value, lt: units < value, lte: units <= value, eq: units === value }[
      operator
    ] ?? units !== value
  );
}

function withTotal(
  details: Readonly<Record<string, number>>,
  total: number | undefined,
): Readonly<Record<string, number>> {
  const valid = Object.entries(details).filter(([, value]) => Number.isFinite(value) && value >= 0);
  if (valid.length === 0) return {};
  const sum = valid.reduce((all, [key, value]) => (key === 'total' ? all : all + value), 0);
  return { ...Object.fromEntries(valid.filter(([key]) => key !== 'total')), total: total ?? sum };
}

/** Each product is exact (prices are whole pico-dollars); their sum is one of floats, cut: its noise is on the wire. */
function costsOf(
  usage: Readonly<Record<string, number>>,
  prices: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const costs: Record<string, number> = {};
  let sum = 0;
  for (const [key, units] of Object.entries(usage)) {
    const price = prices[key];
    if (price === undefined || key === 'total') continue;
    const cost = toPico(units * price);
    costs[key] = cost;
    sum += cost;
  }
  if (Object.keys(costs).length === 0 && prices['total'] === undefined) return {};
  const total = prices['total'] === undefined ? sum : (usage['total'] ?? 0) * prices['total'];
  return { ...costs, total: cutToPico(total) };
}

function givenTotal(costs: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { total, ...parts } = costs;
  if (total !== undefined) return { ...parts, total };
  const onlyTwo = Object.keys(parts).every((key) => key === 'input' || key === 'output');
  const sum = Object.values(parts).reduce((all, value) => all + value, 0);
  return onlyTwo ? { ...parts, total: cutToPico(sum) } : parts;
}
