import { z } from 'zod';
import { usdText } from '../../../domain/statistics/usd.js';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';

export const priceInsight = tenantRoute({
  method: 'get',
  path: '/api/insights/prices',
  role: 'viewer',
  summary:
    'Model calls whose price nobody knows, or whose cost is not what our price table says, newest first',
  query: z.strictObject({
    kind: z.enum(['disagreement', 'unpriced']),
    format: z.enum(['json', 'csv']).default('json'),
    ...pageQuery,
  }),
  answers: {
    200: z.object({
      rows: z.array(
        z.object({
          traceId: z.string(),
          observationId: z.string(),
          model: z.string().nullable(),
          costUsd: z.string().nullable(),
          recomputedCostUsd: z.string().nullable(),
          startedAtMs: z.number(),
        }),
      ),
      /** What the Langfuse projects price themselves, before the public list; one entry a configuration. */
      projects: z.array(
        z.object({
          configId: z.string(),
          /** This version counts for what began since. */
          seenAtMs: z.number(),
          checkedAtMs: z.number(),
          models: z.array(
            z.object({
              modelName: z.string(),
              matchPattern: z.string(),
              startsAtMs: z.number().nullable(),
              tiers: z.array(
                z.object({
                  name: z.string(),
                  isDefault: z.boolean(),
                  priority: z.number(),
                  conditions: z.array(z.unknown()),
                  /** USD per unit of a usage key. */
                  prices: z.record(z.string(), z.number().optional()),
                }),
              ),
            }),
          ),
        }),
      ),
      nextCursor,
    }),
  },
  csv: 'rows',
  handle: async ({ tenant, environment, query: { kind, limit, cursor } }, { store }) => {
    const page = await store.insights.priceFindings(tenant.slug, environment, kind, { limit, cursor });
    const usd = (pico: bigint | null): string | null => (pico === null ? null : usdText(pico));
    const rows = page.rows.map(({ costPicoUsd, ourCostPicoUsd, ...row }) => ({
      ...row,
      costUsd: usd(costPicoUsd),
      recomputedCostUsd: usd(ourCostPicoUsd),
    }));
    const projects = (await store.modelPrices.latest(tenant.slug, environment)).map((list) => ({
      ...list,
      models: list.models.map((model) => ({ ...model, startsAtMs: model.startsAtMs ?? null })),
    }));
    return { status: 200, body: { rows, projects, nextCursor: page.nextCursor } };
  },
});
