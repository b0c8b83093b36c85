import { sql } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Outcome } from '../../domain/outcome.js';
import type { Database } from '../database/database.js';

/** What one bundle did. A conversation that was repinned counts for the bundle that it has now, its model calls for the one that made them. */
interface BundleStatistics {
  readonly hash: string;
  readonly conversations: number;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Caller turns in which the model was asked. */
  readonly turns: number;
  readonly modelCalls: number;
  /** Calls without an answer: failed, cancelled, out of time. Their cost is unknown. */
  readonly unansweredCalls: number;
  /** Answered calls whose price or usage is unknown; they are not in `costPicoUsd`. */
  readonly unpricedCalls: number;
  readonly costPicoUsd: bigint;
  /** All input, cached or not. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly weightedTokens: number;
}

export interface PromptStatistics {
  /** Of conversations begun at `sinceMs` or later, by bundle; bundles without any are left out. */
  byBundle(tenantId: string, environment: Environment, sinceMs: number): Promise<readonly BundleStatistics[]>;
}

export const createPromptStatistics = ({ kysely }: Database): PromptStatistics => ({
  byBundle: async (tenantId, environment, sinceMs) => {
    const outcomes = await kysely
      .selectFrom('conversations')
      .select(['prompt_bundle', 'outcome', (select) => select.fn.countAll<number | string>().as('count')])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('created_at_ms', '>=', sinceMs)
      .where('prompt_bundle', 'is not', null)
      .groupBy(['prompt_bundle', 'outcome'])
      .execute();
    const calls = await kysely
      .selectFrom('model_steps')
      .innerJoin('conversations', (join) =>
        join
          .onRef('conversations.tenant_id', '=', 'model_steps.tenant_id')
          .onRef('conversations.conversation_id', '=', 'model_steps.conversation_id'),
      )
      .select([
        'model_steps.prompt_bundle as hash',
        (select) => select.fn.countAll<number | string>().as('modelCalls'),
        sql<number | string>`count(distinct model_steps.conversation_id || '/' || model_steps.turn)`.as(
          'turns',
        ),
        sql<number | string>`sum(case when model_steps.outcome = 'answered' then 0 else 1 end)`.as(
          'unanswered',
        ),
        sql<
          number | string
        >`sum(case when model_steps.outcome = 'answered' and cost_pico_usd is null then 1 else 0 end)`.as(
          'unpriced',
        ),
        // Summed exactly and carried as text: a driver's number would round it. PostgreSQL's driver gives other sums as text, too.
        sql<string>`cast(coalesce(sum(cast(cost_pico_usd as numeric)), 0) as text)`.as('cost'),
        sql<number | string>`coalesce(sum(input_tokens), 0)`.as('input'),
        sql<number | string>`coalesce(sum(output_tokens), 0)`.as('output'),
        sql<number | string>`coalesce(sum(weighted_tokens), 0)`.as('weighted'),
      ])
      .where('model_steps.tenant_id', '=', tenantId)
      .where('conversations.environment', '=', environment)
      .where('conversations.created_at_ms', '>=', sinceMs)
      .groupBy('model_steps.prompt_bundle')
      .execute();
    const hashes = new Set([
      ...outcomes.map((row) => row.prompt_bundle ?? ''),
      ...calls.map((row) => row.hash),
    ]);
    return [...hashes].sort().map((hash) => {
      const own = outcomes.filter((row) => row.prompt_bundle === hash);
      const spent = calls.find((row) => row.hash === hash);
      return {
        hash,
        conversations: own.reduce((sum, row) => sum + Number(row.count), 0),
        outcomes: Object.fromEntries(own.map((row) => [row.outcome, Number(row.count)])),
        turns: Number(spent?.turns ?? 0),
        modelCalls: Number(spent?.modelCalls ?? 0),
        unansweredCalls: Number(spent?.unanswered ?? 0),
        unpricedCalls: Number(spent?.unpriced ?? 0),
        costPicoUsd: BigInt(spent?.cost ?? 0),
        inputTokens: Number(spent?.input ?? 0),
        outputTokens: Number(spent?.output ?? 0),
        weightedTokens: Number(spent?.weighted ?? 0),
      };
    });
  },
});
