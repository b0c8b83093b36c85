import type { AlertRule, OutcomeMetric, TurnMetric } from '../../../domain/alerts/alert-rule.js';
import {
  addTurns,
  noTurns,
  outcomeFigure,
  turnFigure,
  type CountedTurn,
  type Figure,
} from '../../../domain/alerts/figures.js';
import {
  importLagMinutes,
  usualLagLimitMinutes,
  windowEndMs,
} from '../../../domain/alerts/import-progress.js';
import type { Measured } from '../../../domain/alerts/judge.js';
import type { Outcome } from '../../../domain/outcome.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Database } from '../../database/database.js';
import { factsOf } from '../sessions/facts-text.js';

export interface AlertFigures {
  /** What a rule sees at this moment; null = what it watches is switched off or gone. Changes nothing. */
  measure(rule: AlertRule, nowMs: number): Promise<Measured | null>;
}

/** Half a megabyte of facts at a time: other work of the process goes on between portions. */
const portion = 500;

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

export function createAlertFigures({ kysely }: Database): AlertFigures {
  /** Watermarks of what is imported at all. */
  const imports = (tenantId: string) =>
    kysely
      .selectFrom('langfuse_configs as config')
      .innerJoin('import_lanes as lane', (join) =>
        join
          .onRef('lane.tenant_id', '=', 'config.tenant_id')
          .onRef('lane.config_id', '=', 'config.config_id')
          .on('lane.lane_id', '=', 'live'),
      )
      .select([
        'lane.position_at_ms as watermarkMs',
        'config.created_at_ms as createdAtMs',
        'config.every_ms as everyMs',
        'config.settle_ms as settleMs',
      ])
      .where('config.tenant_id', '=', tenantId)
      .where('config.active', '=', 1);

  async function turns(
    { tenantId, environment }: Pick<AlertRule, 'tenantId' | 'environment'>,
    metric: TurnMetric,
    { fromMs, toMs }: Window,
  ): Promise<Figure> {
    let sums = noTurns;
    let after = { atMs: fromMs, traceId: '' };
    for (;;) {
      const { atMs, traceId } = after;
      const rows = await kysely
        .selectFrom('trace_facts')
        .select(['trace_id', 'started_at_ms', 'facts_json'])
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('started_at_ms', '<', toMs)
        .where('started_at_ms', '>=', atMs)
        .where((where) => where.or([where('started_at_ms', '>', atMs), where('trace_id', '>', traceId)]))
        .orderBy('started_at_ms')
        .orderBy('trace_id')
        .limit(portion)
        .execute();
      sums = addTurns(
        sums,
        rows.map(({ facts_json }) => factsOf<CountedTurn>(facts_json)),
      );
      const last = rows.at(-1);
      if (!last || rows.length < portion) return turnFigure(metric, sums);
      after = { atMs: last.started_at_ms, traceId: last.trace_id };
    }
  }

  async function outcomes(
    { tenantId, environment }: Pick<AlertRule, 'tenantId' | 'environment'>,
    { metric, outcome }: { readonly metric: OutcomeMetric; readonly outcome: Outcome },
    { fromMs, toMs }: Window,
  ): Promise<Figure> {
    const rows = await kysely
      .selectFrom('sessions')
      .select(['outcome', (where) => where.fn.countAll<number | string>().as('count')])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('last_at_ms', '>=', fromMs)
      .where('last_at_ms', '<', toMs)
      .groupBy('outcome')
      .execute();
    const counted = (of: typeof rows): number => of.reduce((all, { count }) => all + Number(count), 0);
    return outcomeFigure(metric, counted(rows.filter((row) => row.outcome === outcome)), counted(rows));
  }

  async function lag(rule: AlertRule, configId: string, nowMs: number): Promise<Measured | null> {
    const found = await imports(rule.tenantId).where('config.config_id', '=', configId).executeTakeFirst();
    if (!found) return null;
    return {
      figure: importLagMinutes(found, nowMs),
      sample: 1,
      threshold: rule.threshold ?? usualLagLimitMinutes(found),
      fromMs: found.watermarkMs,
      toMs: nowMs,
    };
  }

  return {
    measure: async (rule, nowMs) => {
      const { subject, threshold } = rule;
      if (subject.metric === 'importLagMinutes') return lag(rule, subject.configId, nowMs);
      const toMs = windowEndMs(await watermarksOf(rule));
      if (toMs === null || threshold === null) return null;
      const window = { fromMs: toMs - rule.windowMinutes * 60_000, toMs };
      const figure =
        'outcome' in subject
          ? await outcomes(rule, subject, window)
          : await turns(rule, subject.metric, window);
      return { ...figure, threshold, ...window };
    },
  };

  async function watermarksOf({
    tenantId,
    environment,
  }: {
    readonly tenantId: string;
    readonly environment: Environment;
  }): Promise<readonly number[]> {
    const rows = await imports(tenantId).where('config.environment', '=', environment).execute();
    return rows.map(({ watermarkMs }) => watermarkMs);
  }
}
