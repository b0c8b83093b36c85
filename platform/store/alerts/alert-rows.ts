import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AlertEnd, AlertMessage } from '../../../domain/alerts/alert-message.js';
import type { AlertRule } from '../../../domain/alerts/alert-rule.js';
import type { AlertState, Measured } from '../../../domain/alerts/judge.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Schema } from '../../database/schema.js';

type Row = Schema['alerts'];
type RuleThen = AlertMessage['rule'];

export interface Alert {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly alertId: string;
  readonly ruleId: string;
  /** As it was when the alert opened. */
  readonly rule: RuleThen;
  readonly state: AlertState;
  /** What the rule saw when it opened, and at its latest look until it ended. */
  readonly opened: Measured;
  readonly latest: Measured;
  readonly openedAtMs: number;
  readonly acknowledgedAtMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgeReason: string | null;
  readonly resolvedAtMs: number | null;
  /** Null when it ended by itself. */
  readonly resolvedBy: string | null;
  readonly resolveReason: string | null;
  readonly end: AlertEnd | null;
}

export const alertOf = (row: Row): Alert => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  alertId: row.alert_id,
  ruleId: row.rule_id,
  rule: JSON.parse(row.rule_json) as RuleThen,
  state: row.state as AlertState,
  opened: JSON.parse(row.opened_json) as Measured,
  latest: JSON.parse(row.latest_json) as Measured,
  openedAtMs: row.opened_at_ms,
  acknowledgedAtMs: row.acknowledged_at_ms,
  acknowledgedBy: row.acknowledged_by,
  acknowledgeReason: row.acknowledge_reason,
  resolvedAtMs: row.resolved_at_ms,
  resolvedBy: row.resolved_by,
  resolveReason: row.resolve_reason,
  end: row.ended as AlertEnd | null,
});

export async function insertAlert(
  trx: Transaction<Schema>,
  { tenantId, environment, ruleId, name, subject, operator }: AlertRule,
  measured: Measured,
  nowMs: number,
): Promise<void> {
  const rule: RuleThen = { ruleId, name, subject, operator };
  const row = await trx
    .insertInto('alerts')
    .values({
      tenant_id: tenantId,
      alert_id: randomUUID(),
      environment,
      rule_id: ruleId,
      rule_json: JSON.stringify(rule),
      opened_json: JSON.stringify(measured),
      latest_json: JSON.stringify(measured),
      state: 'open',
      opened_at_ms: nowMs,
      acknowledged_at_ms: null,
      acknowledged_by: null,
      acknowledge_reason: null,
      resolved_at_ms: null,
      resolved_by: null,
      resolve_reason: null,
      ended: null,
    } satisfies Row)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tell(trx, alertOf(row), 'alert.opened', nowMs);
}

/** Ends an alert, by a person or by itself. */
export async function endAlert(
  trx: Transaction<Schema>,
  { tenantId, alertId }: Pick<Alert, 'tenantId' | 'alertId'>,
  end: AlertEnd,
  by: { readonly userId: string; readonly reason: string } | null,
  nowMs: number,
): Promise<Alert> {
  const row = await trx
    .updateTable('alerts')
    .set({
      state: 'resolved',
      resolved_at_ms: nowMs,
      resolved_by: by?.userId ?? null,
      resolve_reason: by?.reason ?? null,
      ended: end,
    })
    .where('tenant_id', '=', tenantId)
    .where('alert_id', '=', alertId)
    .returningAll()
    .executeTakeFirstOrThrow();
  const alert = alertOf(row);
  await tell(trx, alert, 'alert.resolved', nowMs);
  return alert;
}

/** The alert of a rule that has not ended. */
export async function standingAlert(
  trx: Transaction<Schema>,
  { tenantId, ruleId }: Pick<AlertRule, 'tenantId' | 'ruleId'>,
): Promise<Alert | undefined> {
  const row = await trx
    .selectFrom('alerts')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('rule_id', '=', ruleId)
    .where('state', '<>', 'resolved')
    .executeTakeFirst();
  return row && alertOf(row);
}

/** Ends what a rule that nobody follows any more has open. */
export async function endAlertOfRule(
  trx: Transaction<Schema>,
  rule: Pick<AlertRule, 'tenantId' | 'ruleId'>,
  end: AlertEnd,
  nowMs: number,
): Promise<void> {
  const alert = await standingAlert(trx, rule);
  if (alert) await endAlert(trx, alert, end, null, nowMs);
}

/** Puts a message into the outbox, in the transaction of what it tells; without a receiver there is nobody to tell. */
async function tell(
  trx: Transaction<Schema>,
  { tenantId, environment, alertId, ruleId, rule, latest, openedAtMs, resolvedAtMs, end }: Alert,
  event: AlertMessage['event'],
  nowMs: number,
): Promise<void> {
  const receiver = await trx
    .selectFrom('credentials')
    .select('key_id')
    .where('tenant_id', '=', tenantId)
    .where('environment', '=', environment)
    .where('integration', '=', 'alert-receiver')
    .executeTakeFirst();
  if (!receiver) return;
  const message: AlertMessage = {
    event,
    tenantId,
    environment,
    alertId,
    rule,
    measured: latest,
    openedAtMs,
    resolvedAtMs,
    end,
  };
  await trx
    .insertInto('alert_notifications')
    .values({
      tenant_id: tenantId,
      notification_id: randomUUID(),
      environment,
      alert_id: alertId,
      rule_id: ruleId,
      message_json: JSON.stringify(message),
      state: 'pending',
      attempts: 0,
      last_answer: null,
      created_at_ms: nowMs,
      settled_at_ms: null,
    })
    .execute();
}
