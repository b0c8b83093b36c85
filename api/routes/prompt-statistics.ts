import { z } from 'zod';
import { outcomes } from '../../domain/outcome.js';
import { tenantRoute } from '../route.js';

export const promptStatistics = tenantRoute({
  method: 'get',
  path: '/api/prompts/statistics',
  role: 'viewer',
  summary:
    'What each bundle did in conversations begun since a moment: turns, model calls, cost, tokens, outcomes',
  query: z.strictObject({ sinceMs: z.coerce.number().int().min(0).default(0) }),
  answers: {
    200: z.object({
      bundles: z.array(
        z.object({
          hash: z.string(),
          conversations: z.number(),
          outcomes: z.partialRecord(z.enum(outcomes), z.number()),
          turns: z.number(),
          modelCalls: z.number(),
          unansweredCalls: z.number(),
          unpricedCalls: z.number(),
          /** Decimal text: it may not fit a number. 10^12 are one US dollar. */
          costPicoUsd: z.string(),
          inputTokens: z.number(),
          outputTokens: z.number(),
          weightedTokens: z.number(),
        }),
      ),
    }),
  },
  handle: async ({ tenant, environment, query: { sinceMs } }, { store }) => {
    const rows = await store.promptStatistics.byBundle(tenant.slug, environment, sinceMs);
    return {
      status: 200,
      body: { bundles: rows.map((row) => ({ ...row, costPicoUsd: row.costPicoUsd.toString() })) },
    };
  },
});
