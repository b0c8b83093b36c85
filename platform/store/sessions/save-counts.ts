import { sql, type Transaction } from 'kysely';
import type { DailyCount } from '../../../domain/statistics/daily-counts.js';
import type { Schema } from '../../database/schema.js';
import { chunks } from '../langfuse/upsert.js';

const sums = [
  'counted',
  'errors',
  'unpriced',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cost_pico_usd',
  'recomputed',
  'disagreeing',
  'our_cost_pico_usd',
] as const;

/** Adds changes to the counts of their days. */
export async function saveCounts(
  trx: Transaction<Schema>,
  tenantId: string,
  environment: string,
  changes: readonly DailyCount[],
): Promise<void> {
  for (const some of chunks(changes)) {
    await trx
      .insertInto('daily_counts')
      .values(
        some.map(({ view, item, day, agent, bucketMs, tally }) => ({
          tenant_id: tenantId,
          environment,
          view,
          item,
          day,
          agent,
          bucket_ms: bucketMs,
          counted: tally.count,
          errors: tally.errors,
          unpriced: tally.unpriced,
          input_tokens: tally.inputTokens,
          output_tokens: tally.outputTokens,
          total_tokens: tally.totalTokens,
          cost_pico_usd: tally.costPicoUsd,
          recomputed: tally.recomputed,
          disagreeing: tally.disagreeing,
          our_cost_pico_usd: tally.ourCostPicoUsd,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['tenant_id', 'environment', 'view', 'item', 'day', 'agent', 'bucket_ms'])
          .doUpdateSet(
            Object.fromEntries(
              sums.map((column) => [
                column,
                sql`${sql.ref(`daily_counts.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
              ]),
            ),
          ),
      )
      .execute();
  }
}
