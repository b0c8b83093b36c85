import type { Transaction } from 'kysely';
import type { PricedModel } from '../../../domain/pricing/langfuse-prices.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';

/** What a project priced itself, from when we first saw it until the next version. */
export interface PriceList {
  readonly configId: string;
  readonly seenAtMs: number;
  /** When the project last said the same. */
  readonly checkedAtMs: number;
  /** The newest start first. */
  readonly models: readonly PricedModel[];
}

interface Owner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly configId: string;
}

export interface ModelPrices {
  /** The latest version of each configuration. */
  latest(tenantId: string, environment: Environment): Promise<readonly PriceList[]>;
  /** Null when the project was never asked. */
  checkedAtMs(owner: Owner): Promise<number | null>;
  /**
   * Keeps what a project says now; the same again is no new version. Servers price what they receive and never again, so that a version
   * counts for what began since, and the first one for all before: traces that were digested without it are queued again.
   */
  save(owner: Owner, models: readonly PricedModel[]): Promise<void>;
}

export function createModelPrices(database: Database, clock: Clock): ModelPrices {
  const { kysely } = database;
  return {
    latest: async (tenantId, environment) => {
      const rows = await kysely
        .selectFrom('model_prices')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .orderBy('config_id')
        .orderBy('seen_at_ms')
        .execute();
      return [...new Map(rows.map((row) => [row.config_id, listOf(row)])).values()];
    },

    checkedAtMs: async ({ tenantId, configId }) =>
      (await newest(kysely, tenantId, configId))?.checked_at_ms ?? null,

    save: ({ tenantId, environment, configId }, models) =>
      database.transaction(async (trx) => {
        const nowMs = clock.nowMs();
        const modelsJson = JSON.stringify(models);
        const before = await newest(trx, tenantId, configId);
        if (before?.models_json === modelsJson) {
          await trx
            .updateTable('model_prices')
            .set({ checked_at_ms: nowMs })
            .where('tenant_id', '=', tenantId)
            .where('config_id', '=', configId)
            .where('seen_at_ms', '=', before.seen_at_ms)
            .execute();
          return;
        }
        await trx
          .insertInto('model_prices')
          .values({
            tenant_id: tenantId,
            environment,
            config_id: configId,
            seen_at_ms: nowMs,
            checked_at_ms: nowMs,
            models_json: modelsJson,
          })
          .execute();
        if (before || models.length === 0) return;
        await trx
          .insertInto('changed_traces')
          .columns(['tenant_id', 'environment', 'trace_id', 'changed_at_ms'])
          .expression((from) =>
            from
              .selectFrom('imported_traces')
              .select(['tenant_id', 'environment', 'trace_id', from.val(nowMs).as('changed_at_ms')])
              .where('tenant_id', '=', tenantId)
              .where('environment', '=', environment)
              .where('config_id', '=', configId),
          )
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }),
  };
}

const newest = (
  from: Transaction<Schema> | Database['kysely'],
  tenantId: string,
  configId: string,
): Promise<Schema['model_prices'] | undefined> =>
  from
    .selectFrom('model_prices')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .orderBy('seen_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();

const listOf = (row: Schema['model_prices']): PriceList => ({
  configId: row.config_id,
  seenAtMs: row.seen_at_ms,
  checkedAtMs: row.checked_at_ms,
  models: JSON.parse(row.models_json) as PricedModel[],
});

/** All versions of configurations, the oldest first. */
export async function priceListsOf(
  trx: Transaction<Schema>,
  tenantId: string,
  configIds: readonly string[],
): Promise<readonly PriceList[]> {
  if (configIds.length === 0) return [];
  const rows = await trx
    .selectFrom('model_prices')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('config_id', 'in', configIds)
    .orderBy('seen_at_ms')
    .execute();
  return rows.map(listOf);
}

/** What a project priced itself when something began; before the first version as in it. */
export function modelsAt(
  lists: readonly PriceList[],
  configId: string,
  startedAtMs: number,
): readonly PricedModel[] {
  const own = lists.filter((list) => list.configId === configId);
  return (own.findLast(({ seenAtMs }) => seenAtMs <= startedAtMs) ?? own[0])?.models ?? [];
}
