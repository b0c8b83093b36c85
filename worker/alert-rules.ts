import type { Client } from '@temporalio/client';
import type { AlertRule } from '../domain/alerts/alert-rule.js';
import type { Environment } from '../domain/tenant.js';
import type { Store } from '../platform/store/store.js';
import type { TenantRegistry } from '../platform/tenants/tenant-registry.js';
import { alertRuleType, alertRuleWake } from '../workflows/alert-rule/messages.js';

type WorkflowClient = Pick<Client, 'workflow'>;

const wake = async ({ workflow }: WorkflowClient, rule: AlertRule): Promise<void> => {
  await workflow.signalWithStart(alertRuleType, alertRuleWake(rule));
};

/** Wakes the rules of an environment after each import. */
export const createAlertRuleWaker = (
  client: WorkflowClient,
  store: Pick<Store, 'alertRules'>,
): { wakeAll(tenantId: string, environment: Environment): Promise<void> } => ({
  wakeAll: async (tenantId, environment) => {
    const rules = await store.alertRules.list(tenantId, environment);
    await Promise.all(rules.filter(({ active }) => active).map((rule) => wake(client, rule)));
  },
});

/**
 * Makes sure that each rule of the store is followed, also those that nobody could start when they were made. Safe to run in several workers
 * at once.
 */
export async function followAlertRules(
  client: WorkflowClient,
  tenants: Pick<TenantRegistry, 'get'>,
  store: Pick<Store, 'alertRules'>,
): Promise<void> {
  for (const rule of await store.alertRules.active())
    if (tenants.get(rule.tenantId)?.active === true) await wake(client, rule);
}
