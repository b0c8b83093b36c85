import type { Transaction } from 'kysely';
import {
  isDefaultRule,
  type AlertRule,
  type AlertSettings,
  type AlertSubject,
} from '../../../domain/alerts/alert-rule.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { Conflict, NotFound } from '../errors.js';
import { endAlertOfRule } from './alert-rows.js';
import { columnsOf, insertRule, ruleOf, type RuleOwner } from './rule-rows.js';

export interface AlertRules {
  create(owner: RuleOwner, subject: AlertSubject, settings: AlertSettings): Promise<AlertRule>;
  /** One that is switched off ends what it has open. Throws NotFound, and Conflict when the version has moved on. */
  change(
    tenantId: string,
    ruleId: string,
    settings: Partial<AlertSettings>,
    version?: number,
  ): Promise<AlertRule>;
  /** Ends what the rule has open; its alerts stay. Throws NotFound, and Conflict for the rule that a configuration always has. */
  remove(tenantId: string, ruleId: string): Promise<void>;
  get(tenantId: string, ruleId: string): Promise<AlertRule | undefined>;
  list(tenantId: string, environment: Environment): Promise<readonly AlertRule[]>;
  /** Rules of a Langfuse configuration, which go with it. */
  ofConfig(tenantId: string, configId: string): Promise<readonly AlertRule[]>;
  /** Those of all tenants that are to be followed. */
  active(): Promise<readonly AlertRule[]>;
}

export function createAlertRules(database: Database, clock: Clock): AlertRules {
  const { kysely } = database;
  const one = async (trx: Transaction<Schema>, tenantId: string, ruleId: string): Promise<AlertRule> => {
    const row = await trx
      .selectFrom('alert_rules')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('rule_id', '=', ruleId)
      .executeTakeFirst();
    if (!row) throw new NotFound('There is no such alert rule.');
    return ruleOf(row);
  };

  return {
    create: (owner, subject, settings) =>
      database.transaction(async (trx) => {
        await insertRule(trx, owner, subject, settings, clock.nowMs());
        return one(trx, owner.tenantId, owner.ruleId);
      }),

    change: (tenantId, ruleId, settings, version) =>
      database.transaction(async (trx) => {
        const before = await one(trx, tenantId, ruleId);
        if (version !== undefined && version !== before.version)
          throw new Conflict('The rule was changed by someone else.');
        const nowMs = clock.nowMs();
        await trx
          .updateTable('alert_rules')
          .set({ ...columnsOf(settings), version: before.version + 1, updated_at_ms: nowMs })
          .where('tenant_id', '=', tenantId)
          .where('rule_id', '=', ruleId)
          .execute();
        if (settings.active === false) await endAlertOfRule(trx, before, 'ruleOff', nowMs);
        return one(trx, tenantId, ruleId);
      }),

    remove: (tenantId, ruleId) =>
      database.transaction(async (trx) => {
        const rule = await one(trx, tenantId, ruleId);
        if (isDefaultRule(rule))
          throw new Conflict(
            'Each Langfuse configuration has this rule. Switch it off instead (active: false).',
          );
        await removeRule(trx, rule, clock.nowMs());
      }),

    get: async (tenantId, ruleId) => {
      const row = await kysely
        .selectFrom('alert_rules')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('rule_id', '=', ruleId)
        .executeTakeFirst();
      return row && ruleOf(row);
    },

    list: async (tenantId, environment) => {
      const rows = await kysely
        .selectFrom('alert_rules')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .orderBy('created_at_ms')
        .orderBy('rule_id')
        .execute();
      return rows.map(ruleOf);
    },

    ofConfig: (tenantId, configId) => rulesOfConfig(kysely, tenantId, configId),

    active: async () => {
      const rows = await kysely.selectFrom('alert_rules').selectAll().where('active', '=', 1).execute();
      return rows.map(ruleOf);
    },
  };
}

async function rulesOfConfig(
  kysely: Pick<Transaction<Schema>, 'selectFrom'>,
  tenantId: string,
  configId: string,
): Promise<readonly AlertRule[]> {
  const rows = await kysely
    .selectFrom('alert_rules')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .execute();
  return rows.map(ruleOf);
}

/** Removes the rules of a configuration with it, the default one too. */
export async function removeRulesOfConfig(
  trx: Transaction<Schema>,
  tenantId: string,
  configId: string,
  nowMs: number,
): Promise<void> {
  for (const rule of await rulesOfConfig(trx, tenantId, configId)) await removeRule(trx, rule, nowMs);
}

async function removeRule(
  trx: Transaction<Schema>,
  rule: Pick<AlertRule, 'tenantId' | 'ruleId'>,
  nowMs: number,
): Promise<void> {
  await trx
    .deleteFrom('alert_rules')
    .where('tenant_id', '=', rule.tenantId)
    .where('rule_id', '=', rule.ruleId)
    .execute();
  await endAlertOfRule(trx, rule, 'ruleRemoved', nowMs);
}
