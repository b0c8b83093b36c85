import { z } from 'zod';
import { json } from '../answer.js';
import { builtInModels, defaultTier, type PricedModel } from '../state/model-prices.js';
import { metaOf } from './page-of-rows.js';
import { limitUpTo, pageNumber, parseQuery } from './query.js';
import type { Call, Route } from './route.js';

function listProjects({ project: { id, name, organisation } }: Call): ReturnType<Route['handle']> {
  return json(200, { data: [{ id, name, organization: organisation, metadata: {} }] });
}

const modelsQuery = z.object({ page: pageNumber, limit: limitUpTo(100, 1) });

/** Built-in models and the project's own, by name. */
function listModels({ project: { store }, query }: Call): ReturnType<Route['handle']> {
  const { page, limit } = parseQuery(modelsQuery, query);
  const own = new Set(store.prices.own);
  const rows = [...own, ...builtInModels].sort((a, b) =>
    a.modelName < b.modelName ? -1 : a.modelName > b.modelName ? 1 : 0,
  );
  return json(200, {
    data: rows.slice((page - 1) * limit, page * limit).map((model) => modelRow(model, !own.has(model))),
    meta: metaOf(page, limit, rows.length),
  });
}

function modelRow(model: PricedModel, isLangfuseManaged: boolean): Record<string, unknown> {
  const prices = defaultTier(model)?.prices ?? {};
  return {
    id: model.id,
    createdAt: model.createdAt,
    modelName: model.modelName,
    matchPattern: model.matchPattern,
    startDate: null,
    tokenizerId: model.tokenizerId ?? null,
    tokenizerConfig: model.tokenizerConfig ?? null,
    unit: 'TOKENS',
    inputPrice: prices['input'] ?? null,
    outputPrice: prices['output'] ?? null,
    totalPrice: prices['total'] ?? null,
    prices: Object.fromEntries(Object.entries(prices).map(([key, price]) => [key, { price }])),
    isLangfuseManaged,
    pricingTiers: model.pricingTiers,
  };
}

export const serverReads: readonly Route[] = [
  // Answers even when the general bucket is empty (langfuse.md 5).
  { method: 'GET', pattern: '/projects', bucket: null, deprecated: null, handle: listProjects },
  { method: 'GET', pattern: '/models', bucket: 'general', deprecated: null, handle: listModels },
];
