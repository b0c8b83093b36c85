import table from './langfuse-prices.json' with { type: 'json' };

/** Σ of the usage keys that match decides (langfuse.md 11, rule 4). */
interface UsageCondition {
  readonly usageDetailPattern: string;
  readonly operator: string;
  readonly value: number;
  readonly caseSensitive?: boolean;
}

interface AttributeCondition {
  readonly source: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

export interface PriceTier {
  readonly name: string;
  readonly isDefault: boolean;
  readonly priority: number;
  readonly conditions: readonly (UsageCondition | AttributeCondition)[];
  /** USD per unit of a usage key. */
  readonly prices: Readonly<Record<string, number | undefined>>;
}

export interface PricedModel {
  readonly modelName: string;
  readonly matchPattern: string;
  /** Generations that began earlier have another price; null or absent = none of them. */
  readonly startsAtMs?: number | null;
  readonly tiers: readonly PriceTier[];
}

/** What a generation used, as its server tells it. */
export interface ModelUse {
  readonly model: string | null;
  readonly usage: Readonly<Record<string, unknown>>;
  readonly modelParameters: Readonly<Record<string, unknown>>;
  /** Read where prices of the project ask for it only. */
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly startedAtMs: number;
  /** Models that the project has defined itself, the newest start first: they come before the public list (rule 1). */
  readonly projectModels: readonly PricedModel[];
}

export type Recomputed =
  | {
      readonly kind: 'priced';
      readonly costPicoUsd: bigint;
      readonly tier: string;
    }
  /** No model was named or none of the table matches. Unknown is never 0. */
  | { readonly kind: 'unknownModel' }
  /** Nothing was counted, or the table prices none of the keys. */
  | { readonly kind: 'unpriced' };

const models = table.models as readonly PricedModel[];

/** All prices of the list are whole pico-USD (langfuse.md 11), so that a cost is a sum of products of integers. */
const picoPerUsd = 1e12;

const patterns = new Map<string, RegExp | null>();
const fitted = new Map<string, boolean>();
const matched = new Map<string, PricedModel | null>();
/** Names come from outside: a store full of invented ones must not grow without bound. */
const mostRemembered = 1_000;

/**
 * Projects write patterns themselves, and one that almost fits must not stop the import: a group that repeats may take forever, and each
 * further "as many as you like" takes 200 times longer. Four took 42 s on a name of 200 letters, three take one; the public list has three.
 */
const endless = /\)[*+{]/;
const unbounded = /[*+]|,\}/g;
const mostUnbounded = 3;
const longestPattern = 500;
const longestName = 200;

/** Null for a pattern that is none here, or that could stop the import: it matches nothing. */
function patternOf(text: string, flags: '' | 'i'): RegExp | null {
  const key = `${flags}/${text}`;
  let pattern = patterns.get(key);
  if (pattern === undefined) {
    if (patterns.size >= mostRemembered) patterns.clear();
    pattern = null;
    const bounded = (text.match(unbounded)?.length ?? 0) <= mostUnbounded && !endless.test(text);
    if (text.length <= longestPattern && bounded)
      try {
        pattern = new RegExp(text, flags);
      } catch {
        // PostgreSQL, which Langfuse asks, knows more than JavaScript.
      }
    patterns.set(key, pattern);
  }
  return pattern;
}

const fits = (pattern: RegExp | null, name: string): boolean =>
  name.length <= longestName && pattern?.test(name) === true;

/** All patterns begin with `(?i)`, which a RegExp of JavaScript refuses (langfuse.md 11, rule 1). */
function matches({ matchPattern }: PricedModel, name: string): boolean {
  const key = `${matchPattern}\n${name}`;
  let fitting = fitted.get(key);
  if (fitting === undefined) {
    fitting = fits(patternOf(matchPattern.replace(/^\(\?i\)/, ''), 'i'), name);
    if (fitted.size >= mostRemembered) fitted.clear();
    fitted.set(key, fitting);
  }
  return fitting;
}

function modelFor(name: string, { projectModels, startedAtMs }: ModelUse): PricedModel | null {
  const own = projectModels.find((row) => (row.startsAtMs ?? -Infinity) <= startedAtMs && matches(row, name));
  if (own) return own;
  let model = matched.get(name);
  if (model === undefined) {
    model = models.find((row) => matches(row, name)) ?? null;
    if (matched.size >= mostRemembered) matched.clear();
    matched.set(name, model);
  }
  return model;
}

type Units = ReadonlyMap<string, bigint>;

/** Negative and non-numeric usage is dropped (rule 3). */
function unitsOf(usage: ModelUse['usage']): Units {
  const units = new Map<string, bigint>();
  for (const [key, value] of Object.entries(usage))
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0)
      units.set(key, BigInt(Math.round(value)));
  return units;
}

function holds(condition: PriceTier['conditions'][number], use: ModelUse, units: Units): boolean {
  if ('source' in condition) {
    const { source, key, values } = condition;
    const attributes =
      source === 'metadata' ? use.metadata : source === 'model_parameters' ? use.modelParameters : {};
    return Object.hasOwn(attributes, key) && values.includes(attributes[key]);
  }
  const pattern = patternOf(condition.usageDetailPattern, condition.caseSensitive === true ? '' : 'i');
  let sum = 0n;
  for (const [key, value] of units) if (fits(pattern, key)) sum += value;
  const used = Number(sum);
  const { value } = condition;
  switch (condition.operator) {
    case 'gt':
      return used > value;
    case 'gte':
      return used >= value;
    case 'lt':
      return used < value;
    case 'lte':
      return used <= value;
    case 'eq':
      return used === value;
    case 'neq':
      return used !== value;
    default:
      return false;
  }
}

/** The first conditional tier by priority of which all conditions hold, else the default; a tier without conditions never matches. */
function tierFor({ tiers }: PricedModel, use: ModelUse, units: Units): PriceTier | null {
  const special = tiers
    .filter(({ isDefault, conditions }) => !isDefault && conditions.length > 0)
    .sort((a, b) => a.priority - b.priority)
    .find(({ conditions }) => conditions.every((condition) => holds(condition, use, units)));
  return special ?? tiers.find(({ isDefault }) => isDefault) ?? null;
}

/**
 * Cost of one generation by Langfuse's own rules, the models of its project and the dated list beside this file, exact in pico-USD (langfuse.md 11). Prices count for
 * exactly equal usage keys only; a priced `total` replaces the sum. The server's figure stays the figure, this is its check.
 */
export function recomputeCost(use: ModelUse): Recomputed {
  const model = use.model === null ? null : modelFor(use.model, use);
  if (!model) return { kind: 'unknownModel' };
  const units = unitsOf(use.usage);
  const tier = units.size === 0 ? null : tierFor(model, use, units);
  if (!tier) return { kind: 'unpriced' };
  const pico = (key: string): bigint | null => {
    const price = Object.hasOwn(tier.prices, key) ? tier.prices[key] : undefined;
    return price === undefined ? null : BigInt(Math.round(price * picoPerUsd));
  };
  const parts = [...units].filter(([key]) => key !== 'total' && pico(key) !== null);
  const allPrice = pico('total');
  if (parts.length === 0 && allPrice === null) return { kind: 'unpriced' };
  const partsSum = [...units].reduce((sum, [key, value]) => (key === 'total' ? sum : sum + value), 0n);
  const costPicoUsd =
    allPrice === null
      ? parts.reduce((sum, [key, value]) => sum + value * (pico(key) ?? 0n), 0n)
      : (units.get('total') ?? partsSum) * allPrice;
  return { kind: 'priced', costPicoUsd, tier: tier.name };
}

/** Whether a price of these models depends on metadata. */
export const asksForMetadata = (models: readonly PricedModel[]): boolean =>
  models.some(({ tiers }) =>
    tiers.some(({ conditions }) => conditions.some((one) => 'source' in one && one.source === 'metadata')),
  );

/** The server cuts floats at 12 decimals; below 1e-9 USD no difference can be told (langfuse.md 11). */
const tolerancePicoUsd = 1_000n;

/** Whether the server's figure and ours are one. */
export function agrees(serverPicoUsd: bigint, ourPicoUsd: bigint): boolean {
  const difference = serverPicoUsd - ourPicoUsd;
  return difference <= tolerancePicoUsd && difference >= -tolerancePicoUsd;
}
