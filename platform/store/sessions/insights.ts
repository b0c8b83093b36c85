import { sql } from 'kysely';
import type { CountedView } from '../../../domain/statistics/daily-counts.js';
import type { Counted } from '../../../domain/statistics/percentile.js';
import type { Tally } from '../../../domain/statistics/tally.js';
import type { PriceFinding } from '../../../domain/statistics/trace-facts.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Database } from '../../database/database.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';

/** UTC days, both included. */
export interface DayRange {
  readonly fromDay: string;
  readonly toDay: string;
}

export type Dimension = 'day' | 'agent' | 'item';

export interface TalliedRow {
  /** The day, agent or item (model, tool, message, outcome) that the row is about. */
  readonly key: string;
  readonly tally: Tally;
}

export interface FoundPrice extends PriceFinding {
  readonly traceId: string;
  readonly startedAtMs: number;
}

/** Answers from the counts that the import keeps by day: the size of the answer decides, not that of the history. */
export interface Insights {
  tallies(
    tenantId: string,
    environment: Environment,
    view: Exclude<CountedView, 'latency'>,
    by: Dimension,
    range: DayRange,
  ): Promise<readonly TalliedRow[]>;
  /** Durations of one kind of thing with their counts, ascending, for each key. */
  durations(
    tenantId: string,
    environment: Environment,
    item: string,
    by: Exclude<Dimension, 'item'> | null,
    range: DayRange,
  ): Promise<ReadonlyMap<string, readonly Counted[]>>;
  /** Generations whose price is unknown, or is not what the server says. */
  priceFindings(
    tenantId: string,
    environment: Environment,
    kind: PriceFinding['kind'],
    page: PageRequest,
  ): Promise<Page<FoundPrice>>;
}

/** Sums may outgrow a number: they are read as text and PostgreSQL gives them as such anyway. */
const sum = (column: string) =>
  sql<string>`cast(coalesce(sum(cast(${sql.ref(column)} as numeric)), 0) as text)`;

export const createInsights = ({ kysely }: Database): Insights => ({
  tallies: async (tenantId, environment, view, by, { fromDay, toDay }) => {
    const rows = await kysely
      .selectFrom('daily_counts')
      .select([
        `${by} as key`,
        sum('counted').as('counted'),
        sum('errors').as('errors'),
        sum('unpriced').as('unpriced'),
        sum('input_tokens').as('input'),
        sum('output_tokens').as('output'),
        sum('total_tokens').as('total'),
        sum('cost_pico_usd').as('cost'),
        sum('recomputed').as('recomputed'),
        sum('disagreeing').as('disagreeing'),
        sum('our_cost_pico_usd').as('ourCost'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('view', '=', view)
      .where('day', '>=', fromDay)
      .where('day', '<=', toDay)
      .groupBy(by)
      .having(sql<boolean>`sum(counted) <> 0`)
      .orderBy(by)
      .execute();
    return rows.map((row) => ({
      key: row.key,
      tally: {
        count: Number(row.counted),
        errors: Number(row.errors),
        unpriced: Number(row.unpriced),
        inputTokens: Number(row.input),
        outputTokens: Number(row.output),
        totalTokens: Number(row.total),
        costPicoUsd: BigInt(row.cost),
        recomputed: Number(row.recomputed),
        disagreeing: Number(row.disagreeing),
        ourCostPicoUsd: BigInt(row.ourCost),
      },
    }));
  },

  durations: async (tenantId, environment, item, by, { fromDay, toDay }) => {
    const key = by === null ? sql<string>`''` : sql.ref<string>(by);
    const rows = await kysely
      .selectFrom('daily_counts')
      .select([key.as('key'), 'bucket_ms', sum('counted').as('counted')])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('view', '=', 'latency')
      .where('item', '=', item)
      .where('day', '>=', fromDay)
      .where('day', '<=', toDay)
      .groupBy(by === null ? ['bucket_ms'] : [by, 'bucket_ms'])
      .having(sql<boolean>`sum(counted) <> 0`)
      .orderBy('bucket_ms')
      .execute();
    const durations = new Map<string, Counted[]>();
    for (const row of rows) {
      const counted = durations.get(row.key) ?? [];
      durations.set(row.key, counted);
      counted.push({ value: row.bucket_ms, count: Number(row.counted) });
    }
    return durations;
  },

  priceFindings: async (tenantId, environment, kind, page) => {
    const after = decodeCursor(page.cursor);
    let query = kysely
      .selectFrom('price_findings')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('kind', '=', kind);
    if (after) query = query.where(behind(after, 'started_at_ms', 'observation_id'));
    const rows = await query
      .orderBy('started_at_ms', 'desc')
      .orderBy('observation_id', 'desc')
      .limit(page.limit + 1)
      .execute();
    const money = (text: string | null): bigint | null => (text === null ? null : BigInt(text));
    const found = rows.map((row): FoundPrice => ({
      traceId: row.trace_id,
      observationId: row.observation_id,
      kind: row.kind as PriceFinding['kind'],
      model: row.model,
      costPicoUsd: money(row.cost_pico_usd),
      ourCostPicoUsd: money(row.our_cost_pico_usd),
      startedAtMs: row.started_at_ms,
    }));
    return pageOf(found, page.limit, ({ startedAtMs, observationId }) => ({
      atMs: startedAtMs,
      id: observationId,
    }));
  },
});
