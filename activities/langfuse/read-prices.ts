import type { PricedModel, PriceTier } from '../../domain/pricing/langfuse-prices.js';
import type { LangfuseConfig } from '../../platform/store/langfuse/configs.js';
import { listOf, type LangfuseClient } from './client.js';
import type { LangfuseDeps } from './connection.js';
import { LangfuseError } from './errors.js';
import type { Fields } from './fields.js';

const hour = 60 * 60_000;
const day = 24 * hour;

const pageSize = 100;
/** A server has some 170 models of its own; a project that adds thousands is not priced by us. */
const mostPages = 20;

/** Brings what we know of a project's own prices up to date when it is older than a day. */
type PriceReader = (config: LangfuseConfig, client: LangfuseClient) => Promise<void>;

/**
 * Traces are imported also where the prices cannot be read: only a wait for the budget is passed on, any other refusal is noted and asked
 * again after an hour.
 */
export function createPriceReader({
  store,
  clock,
  loggers,
}: Pick<LangfuseDeps, 'store' | 'clock' | 'loggers'>): PriceReader {
  const refusedAtMs = new Map<string, number>();
  return async (config, client) => {
    const { tenantId, configId } = config;
    const nowMs = clock.nowMs();
    const key = `${tenantId}/${configId}`;
    if (nowMs - (refusedAtMs.get(key) ?? -Infinity) < hour) return;
    const checkedAtMs = await store.modelPrices.checkedAtMs(config);
    if (checkedAtMs !== null && nowMs - checkedAtMs < day) return;
    try {
      await store.modelPrices.save(config, await projectModels(client));
      refusedAtMs.delete(key);
    } catch (error) {
      if (!(error instanceof LangfuseError) || error.fault.kind === 'throttled') throw error;
      refusedAtMs.set(key, nowMs);
      loggers.log.warn('the prices of a Langfuse project could not be read', {
        tenantId,
        configId,
        fault: error.fault.kind,
      });
    }
  };
}

/** Models that the project has defined, the newest start first, in one order always. */
async function projectModels(client: LangfuseClient): Promise<readonly PricedModel[]> {
  const models: PricedModel[] = [];
  for (let page = 1; page <= mostPages; page += 1) {
    const { rows, meta } = listOf('models', await client.models({ page, limit: pageSize }));
    // Every server has models of its own: an empty list is none.
    if (page === 1 && rows.length === 0)
      throw new LangfuseError('models', { kind: 'malformed', why: 'no models' });
    for (const row of rows) {
      const model = modelOf(row as Fields);
      if (model) models.push(model);
    }
    if (rows.length === 0 || page >= Number(meta['totalPages'] ?? 1)) break;
  }
  const started = ({ startsAtMs }: PricedModel): number => startsAtMs ?? -Infinity;
  const order = (left: PricedModel, right: PricedModel): number =>
    left.matchPattern < right.matchPattern ? -1 : left.matchPattern > right.matchPattern ? 1 : 0;
  return models.sort((a, b) => (started(a) === started(b) ? order(a, b) : started(b) - started(a)));
}

/** Null for a model of the server's own list, which we have, and for what we cannot read: it prices nothing then. */
function modelOf(row: Fields): PricedModel | null {
  const { modelName, matchPattern, startDate, isLangfuseManaged } = row;
  if (isLangfuseManaged !== false || typeof modelName !== 'string' || typeof matchPattern !== 'string')
    return null;
  const startsAtMs = typeof startDate === 'string' ? Date.parse(startDate) : null;
  const tiers = (Array.isArray(row['pricingTiers']) ? row['pricingTiers'] : []).flatMap((tier) =>
    tierOf(tier as Fields),
  );
  return {
    modelName,
    matchPattern,
    startsAtMs: Number.isNaN(startsAtMs) ? null : startsAtMs,
    tiers: tiers.length > 0 ? tiers : [flat(row)],
  };
}

function tierOf({ name, isDefault, priority, conditions, prices }: Fields): PriceTier[] {
  const known: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  // A tier of which we know half the conditions would price too much.
  if (typeof prices !== 'object' || prices === null || !known.every(understood)) return [];
  return [
    {
      name: typeof name === 'string' ? name : '',
      isDefault: isDefault === true,
      priority: Number(priority) || 0,
      conditions: known as PriceTier['conditions'],
      prices: numbers(prices),
    },
  ];
}

const understood = (condition: unknown): boolean => {
  const { usageDetailPattern, key, values } = (condition ?? {}) as Fields;
  return typeof usageDetailPattern === 'string' || (typeof key === 'string' && Array.isArray(values));
};

/** Prices of servers from before there were tiers, and of models without any. */
const flat = ({ inputPrice: input, outputPrice: output, totalPrice: total, prices }: Fields): PriceTier => ({
  name: 'Flat',
  isDefault: true,
  priority: 0,
  conditions: [],
  prices: numbers({ input, output, total, ...(typeof prices === 'object' ? prices : null) }),
});

/** A price is a number, or an object that holds it. */
function numbers(prices: object): PriceTier['prices'] {
  const known: [string, number][] = [];
  for (const [key, value] of Object.entries(prices)) {
    const price: unknown = typeof value === 'object' && value !== null ? (value as Fields)['price'] : value;
    if (typeof price === 'number' && Number.isFinite(price)) known.push([key, price]);
  }
  return Object.fromEntries(known.sort(([left], [right]) => (left < right ? -1 : 1)));
}
