import { z } from 'zod';
import { alertText } from '../../../domain/alerts/alert-message.js';
import {
  alertOperators,
  isDefaultRule,
  outcomeMetrics,
  turnMetrics,
  type AlertRule,
} from '../../../domain/alerts/alert-rule.js';
import { alertStates } from '../../../domain/alerts/judge.js';
import { outcomes } from '../../../domain/outcome.js';
import type { AlertNotification } from '../../../platform/store/alerts/alerts.js';
import type { Alert } from '../../../platform/store/alerts/alert-rows.js';
import type { TenantScope } from '../../route.js';
import { Problem } from '../../problems.js';
import type { ApiServices } from '../../services.js';

/** Rates and shares are 0 to 1, money is USD, latencies are ms, the lag is minutes. */
export const subjectShape = z.discriminatedUnion('metric', [
  z.strictObject({ metric: z.enum(turnMetrics) }),
  z.strictObject({ metric: z.enum(outcomeMetrics), outcome: z.enum(outcomes) }),
  z.strictObject({ metric: z.literal('importLagMinutes'), configId: z.string().min(1).max(80) }),
]);

const minutesOfWeek = 7 * 1_440;

export const ruleSettings = z.strictObject({
  name: z.string().trim().min(1).max(80),
  active: z.boolean(),
  operator: z.enum(alertOperators),
  /** Null for the import lag only: settle time and three intervals. */
  threshold: z.number().min(0).max(1e9).nullable(),
  windowMinutes: z.number().int().min(5).max(minutesOfWeek),
  minSample: z.number().int().min(0).max(1_000_000),
  cooldownMinutes: z.number().int().min(1).max(minutesOfWeek),
});

export const ruleShape = z.object({
  ruleId: z.string(),
  environment: z.enum(['sandbox', 'production']),
  subject: subjectShape,
  ...ruleSettings.shape,
  /** The rule that each Langfuse configuration has: it is tuned or switched off, never removed. */
  isDefault: z.boolean(),
  version: z.number(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

export const ruleView = (rule: AlertRule): z.input<typeof ruleShape> => ({
  ...rule,
  isDefault: isDefaultRule(rule),
});

/** The rule of the request's tenant and environment. Throws 404 for any other. */
export async function ownRule(
  { tenant, environment }: Pick<TenantScope, 'tenant' | 'environment'>,
  ruleId: string,
  { store }: Pick<ApiServices, 'store'>,
): Promise<AlertRule> {
  const rule = await store.alertRules.get(tenant.slug, ruleId);
  if (rule?.environment !== environment) throw new Problem('RecordNotFound');
  return rule;
}

/** Settings that are possible alone but not for this subject. Throws ValidationFailed. */
export function checkSettings({
  subject,
  operator,
  threshold,
}: Pick<AlertRule, 'subject' | 'operator' | 'threshold'>): void {
  const refuse = (path: string, message: string): never => {
    throw new Problem('ValidationFailed', { errors: [{ path, message }] });
  };
  if (subject.metric === 'importLagMinutes') {
    if (operator === 'below' || operator === 'atMost')
      refuse('operator', 'a lag is no alarm while it is small');
  } else if (threshold === null) refuse('threshold', 'is needed for this metric');
}

export const measuredShape = z.object({
  /** Null = there was nothing to form it of. */
  figure: z.number().nullable(),
  /** Turns, calls or sessions that it stands on. */
  sample: z.number(),
  threshold: z.number(),
  fromMs: z.number(),
  toMs: z.number(),
});

export const alertShape = z.object({
  alertId: z.string(),
  ruleId: z.string(),
  ruleName: z.string(),
  subject: subjectShape,
  operator: z.enum(alertOperators),
  state: z.enum(alertStates),
  opened: measuredShape,
  /** At the latest look, or at the one that ended it. */
  latest: measuredShape,
  openedAtMs: z.number(),
  acknowledgedAtMs: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  acknowledgeReason: z.string().nullable(),
  resolvedAtMs: z.number().nullable(),
  /** Null when it ended by itself. */
  resolvedBy: z.string().nullable(),
  resolveReason: z.string().nullable(),
  end: z.enum(['conditionGone', 'byPerson', 'notWatched', 'ruleOff', 'ruleRemoved']).nullable(),
  /** Empty when nobody received alerts then. */
  notifications: z.array(
    z.object({
      notificationId: z.string(),
      text: z.string(),
      event: z.enum(['alert.opened', 'alert.resolved']),
      /** `sent` = the receiver answered 2xx. */
      state: z.enum(['pending', 'sent', 'undeliverable']),
      attempts: z.number(),
      lastAnswer: z.string().nullable(),
      createdAtMs: z.number(),
      settledAtMs: z.number().nullable(),
    }),
  ),
});

export const alertView = (
  { rule, ...alert }: Alert,
  notifications: readonly AlertNotification[],
): z.input<typeof alertShape> => ({
  ...alert,
  ruleName: rule.name,
  subject: rule.subject,
  operator: rule.operator,
  notifications: notifications
    .filter(({ alertId }) => alertId === alert.alertId)
    .map(({ message, ...told }) => ({ ...told, event: message.event, text: alertText(message) })),
});
