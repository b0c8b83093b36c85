import type { AlertMessage } from '../../../domain/alerts/alert-message.js';
import type { AlertRule } from '../../../domain/alerts/alert-rule.js';
import {
  stepOf,
  verdictOf,
  type AlertState,
  type AlertStep,
  type Measured,
  type Standing,
} from '../../../domain/alerts/judge.js';
import type { Environment } from '../../../domain/tenant.js';
import type { Transaction } from 'kysely';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { Conflict, NotFound } from '../errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { alertOf, endAlert, insertAlert, standingAlert, type Alert } from './alert-rows.js';
import { ruleOf } from './rule-rows.js';

/** What somebody is to be told about an alert. `undeliverable`: it was tried for as long as it is worth. */
export interface AlertNotification {
  readonly notificationId: string;
  readonly alertId: string;
  readonly message: AlertMessage;
  readonly state: 'pending' | 'sent' | 'undeliverable';
  readonly attempts: number;
  /** A status, or why there was none. */
  readonly lastAnswer: string | null;
  readonly createdAtMs: number;
  readonly settledAtMs: number | null;
}

export interface Judged {
  readonly step: AlertStep;
  /** As it was before the step. */
  readonly standing: Standing;
}

export interface Alerts {
  /**
   * Opens, keeps or ends the alert of a rule by what it saw, in one transaction. Null when the rule was changed, switched off or removed
   * since it was read: what was seen is then no ground for anything.
   */
  judge(rule: AlertRule, measured: Measured | null, nowMs: number): Promise<Judged | null>;
  list(
    tenantId: string,
    environment: Environment,
    filter: { readonly state?: AlertState | undefined; readonly ruleId?: string | undefined },
    page: PageRequest,
  ): Promise<Page<Alert>>;
  /** Somebody looks after it. Throws NotFound, and Conflict when it is not open. */
  acknowledge(tenantId: string, environment: Environment, alertId: string, by: Person): Promise<Alert>;
  /** A person ends it. Throws NotFound, and Conflict when it has ended. */
  resolve(tenantId: string, environment: Environment, alertId: string, by: Person): Promise<Alert>;
  /** What was told about alerts, oldest first. */
  notificationsOf(tenantId: string, alertIds: readonly string[]): Promise<readonly AlertNotification[]>;
  /** What a rule still has to tell, oldest first. */
  pending(tenantId: string, ruleId: string): Promise<readonly AlertNotification[]>;
  notification(tenantId: string, notificationId: string): Promise<AlertNotification | undefined>;
  /** Another try was made. `sent` only when the receiver has acknowledged it; what has been settled stays so. */
  noteAttempt(
    tenantId: string,
    notificationId: string,
    attempt: { readonly answer: string; readonly sent: boolean },
  ): Promise<void>;
  /** Nobody tries any more. False when it was settled before. */
  giveUp(tenantId: string, notificationId: string): Promise<boolean>;
}

interface Person {
  readonly userId: string;
  readonly reason: string;
}

export function createAlerts(database: Database, clock: Clock): Alerts {
  const { kysely } = database;
  const own = async (
    trx: Transaction<Schema>,
    tenantId: string,
    environment: Environment,
    alertId: string,
  ): Promise<Alert> => {
    const row = await trx
      .selectFrom('alerts')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('alert_id', '=', alertId)
      .executeTakeFirst();
    if (!row) throw new NotFound('There is no such alert.');
    return alertOf(row);
  };
  const notifications = (tenantId: string) =>
    kysely.selectFrom('alert_notifications').selectAll().where('tenant_id', '=', tenantId);
  const settle = (tenantId: string, notificationId: string) =>
    kysely
      .updateTable('alert_notifications')
      .where('tenant_id', '=', tenantId)
      .where('notification_id', '=', notificationId)
      .where('state', '=', 'pending');

  return {
    judge: (rule, measured, nowMs) =>
      database.transaction(async (trx) => {
        const { tenantId, ruleId } = rule;
        const row = await trx
          .selectFrom('alert_rules')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('rule_id', '=', ruleId)
          .executeTakeFirst();
        if (!row || !ruleOf(row).active || row.version !== rule.version) return null;
        const alert = await standingAlert(trx, rule);
        const standing = { unresolved: alert !== undefined, resolvedAtMs: await lastEnd(trx, rule) };
        const step = stepOf(rule, verdictOf(rule, measured), standing, nowMs);
        if (step === 'open' && measured) await insertAlert(trx, rule, measured, nowMs);
        if (alert && measured && (step === 'keep' || step === 'resolve')) {
          await trx
            .updateTable('alerts')
            .set({ latest_json: JSON.stringify(measured) })
            .where('tenant_id', '=', tenantId)
            .where('alert_id', '=', alert.alertId)
            .execute();
        }
        if (alert && step === 'resolve')
          await endAlert(trx, alert, measured ? 'conditionGone' : 'notWatched', null, nowMs);
        return { step, standing };
      }),

    list: async (tenantId, environment, { state, ruleId }, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('alerts')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment);
      if (state !== undefined) query = query.where('state', '=', state);
      if (ruleId !== undefined) query = query.where('rule_id', '=', ruleId);
      if (after) query = query.where(behind(after, 'opened_at_ms', 'alert_id'));
      const rows = await query
        .orderBy('opened_at_ms', 'desc')
        .orderBy('alert_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(alertOf), page.limit, ({ openedAtMs, alertId }) => ({
        atMs: openedAtMs,
        id: alertId,
      }));
    },

    acknowledge: (tenantId, environment, alertId, { userId, reason }) =>
      database.transaction(async (trx) => {
        const alert = await own(trx, tenantId, environment, alertId);
        if (alert.state !== 'open') throw new Conflict('The alert is not open any more.');
        const row = await trx
          .updateTable('alerts')
          .set({
            state: 'acknowledged',
            acknowledged_at_ms: clock.nowMs(),
            acknowledged_by: userId,
            acknowledge_reason: reason,
          })
          .where('tenant_id', '=', tenantId)
          .where('alert_id', '=', alertId)
          .returningAll()
          .executeTakeFirstOrThrow();
        return alertOf(row);
      }),

    resolve: (tenantId, environment, alertId, by) =>
      database.transaction(async (trx) => {
        const alert = await own(trx, tenantId, environment, alertId);
        if (alert.state === 'resolved') throw new Conflict('The alert has ended.');
        return endAlert(trx, alert, 'byPerson', by, clock.nowMs());
      }),

    notificationsOf: async (tenantId, alertIds) => {
      if (alertIds.length === 0) return [];
      const rows = await notifications(tenantId)
        .where('alert_id', 'in', alertIds)
        .orderBy('created_at_ms')
        .execute();
      return rows.map(notificationOf);
    },

    pending: async (tenantId, ruleId) => {
      const rows = await notifications(tenantId)
        .where('rule_id', '=', ruleId)
        .where('state', '=', 'pending')
        .orderBy('created_at_ms')
        .execute();
      return rows.map(notificationOf);
    },

    notification: async (tenantId, notificationId) => {
      const row = await notifications(tenantId)
        .where('notification_id', '=', notificationId)
        .executeTakeFirst();
      return row && notificationOf(row);
    },

    noteAttempt: async (tenantId, notificationId, { answer, sent }) => {
      await settle(tenantId, notificationId)
        .set((set) => ({
          attempts: set('attempts', '+', 1),
          last_answer: answer,
          ...(sent ? { state: 'sent', settled_at_ms: clock.nowMs() } : {}),
        }))
        .execute();
    },

    giveUp: async (tenantId, notificationId) => {
      const { numUpdatedRows } = await settle(tenantId, notificationId)
        .set({ state: 'undeliverable', settled_at_ms: clock.nowMs() })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

async function lastEnd(
  trx: Transaction<Schema>,
  { tenantId, ruleId }: Pick<AlertRule, 'tenantId' | 'ruleId'>,
): Promise<number | null> {
  const row = await trx
    .selectFrom('alerts')
    .select('resolved_at_ms')
    .where('tenant_id', '=', tenantId)
    .where('rule_id', '=', ruleId)
    .where('state', '=', 'resolved')
    .orderBy('resolved_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.resolved_at_ms ?? null;
}

const notificationOf = (row: Schema['alert_notifications']): AlertNotification => ({
  notificationId: row.notification_id,
  alertId: row.alert_id,
  message: JSON.parse(row.message_json) as AlertMessage,
  state: row.state as AlertNotification['state'],
  attempts: row.attempts,
  lastAnswer: row.last_answer,
  createdAtMs: row.created_at_ms,
  settledAtMs: row.settled_at_ms,
});
