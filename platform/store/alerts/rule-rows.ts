import type { Transaction } from 'kysely';
import {
  defaultLagSettings,
  defaultRuleId,
  type AlertRule,
  type AlertSettings,
  type AlertSubject,
} from '../../../domain/alerts/alert-rule.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Schema } from '../../database/schema.js';

type Row = Schema['alert_rules'];

export interface RuleOwner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly ruleId: string;
}

/** Columns that were given; what is undefined is left as it is. */
export const columnsOf = (settings: Partial<AlertSettings>): Partial<Row> =>
  Object.fromEntries(
    Object.entries({
      name: settings.name,
      active: settings.active === undefined ? undefined : Number(settings.active),
      operator: settings.operator,
      threshold: settings.threshold === null ? null : settings.threshold?.toString(),
      window_minutes: settings.windowMinutes,
      min_sample: settings.minSample,
      cooldown_minutes: settings.cooldownMinutes,
    }).filter(([, value]) => value !== undefined),
  );

const subjectOf = ({ metric, outcome, config_id }: Row): AlertSubject =>
  ({
    metric,
    ...(outcome === null ? {} : { outcome }),
    ...(config_id === null ? {} : { configId: config_id }),
  }) as AlertSubject;

export const ruleOf = (row: Row): AlertRule => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  ruleId: row.rule_id,
  name: row.name,
  subject: subjectOf(row),
  operator: row.operator as AlertRule['operator'],
  threshold: row.threshold === null ? null : Number(row.threshold),
  windowMinutes: row.window_minutes,
  minSample: row.min_sample,
  cooldownMinutes: row.cooldown_minutes,
  active: row.active === 1,
  version: row.version,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});

export async function insertRule(
  trx: Transaction<Schema>,
  { tenantId, environment, ruleId }: RuleOwner,
  subject: AlertSubject,
  settings: AlertSettings,
  nowMs: number,
): Promise<void> {
  await trx
    .insertInto('alert_rules')
    .values({
      tenant_id: tenantId,
      environment,
      rule_id: ruleId,
      metric: subject.metric,
      outcome: 'outcome' in subject ? subject.outcome : null,
      config_id: 'configId' in subject ? subject.configId : null,
      ...columnsOf(settings),
      version: 1,
      created_at_ms: nowMs,
      updated_at_ms: nowMs,
    } as Row)
    .execute();
}

/** The rule that a new Langfuse configuration gets with it: nobody has to think of it. */
export const insertDefaultRule = (
  trx: Transaction<Schema>,
  {
    tenantId,
    environment,
    configId,
  }: { readonly tenantId: string; readonly environment: Environment; readonly configId: string },
  configName: string,
  nowMs: number,
): Promise<void> =>
  insertRule(
    trx,
    { tenantId, environment, ruleId: defaultRuleId(configId) },
    { metric: 'importLagMinutes', configId },
    defaultLagSettings(configName),
    nowMs,
  );
