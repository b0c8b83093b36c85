import { nextLookMs, type AlertStep } from '../../domain/alerts/judge.js';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../../platform/clock.js';
import type { Store } from '../../platform/store/store.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';

export interface EvaluateDeps {
  readonly store: Pick<Store, 'alertRules' | 'alertFigures' | 'alerts'>;
  readonly tenants: Pick<TenantRegistry, 'get'>;
  readonly clock: Clock;
}

/** Every activity input begins with it. */
interface RuleAddress {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly ruleId: string;
}

/** A message that waits, and how long it is still worth being tried; 0 or less = no longer. */
export interface DueNotification {
  readonly notificationId: string;
  readonly leftMs: number;
}

/** `ended`: the rule is gone or switched off; what it has told is still to be delivered. */
export type Evaluated = { readonly notifications: readonly DueNotification[] } & (
  | { readonly kind: 'ended' }
  | {
      readonly kind: 'looked';
      readonly step: AlertStep;
      readonly figure: number | null;
      readonly sample: number;
      /** When to look again if nobody wakes the rule. */
      readonly nextInMs: number;
    }
);

export interface EvaluateActivities {
  /**
   * Looks at one rule: measures its figure, opens or ends its alert, and names what is to be delivered. A second run of the same look finds
   * the step taken and takes none.
   */
  readonly evaluateAlertRule: (input: RuleAddress & { readonly deliverMs: number }) => Promise<Evaluated>;
}

/** The rule was changed while it was looked at: whoever changed it wakes it, and this is for the case that he could not. */
const changedMs = 1_000;

export const createEvaluateActivities = ({ store, tenants, clock }: EvaluateDeps): EvaluateActivities => ({
  evaluateAlertRule: async ({ tenantId, environment, ruleId, deliverMs }) => {
    const nowMs = clock.nowMs();
    const due = async (): Promise<readonly DueNotification[]> =>
      (await store.alerts.pending(tenantId, ruleId)).map(({ notificationId, createdAtMs }) => ({
        notificationId,
        leftMs: createdAtMs + deliverMs - nowMs,
      }));
    const rule = await store.alertRules.get(tenantId, ruleId);
    if (rule?.environment !== environment || !rule.active || tenants.get(tenantId)?.active !== true)
      return { kind: 'ended', notifications: await due() };
    const measured = await store.alertFigures.measure(rule, nowMs);
    const judged = await store.alerts.judge(rule, measured, nowMs);
    return {
      kind: 'looked',
      step: judged?.step ?? 'nothing',
      figure: measured?.figure ?? null,
      sample: measured?.sample ?? 0,
      nextInMs: judged ? nextLookMs(rule, measured, judged.step, judged.standing, nowMs) : changedMs,
      notifications: await due(),
    };
  },
});
