import { defineSignal } from '@temporalio/workflow';
import { runAttributes, type RunAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { alertRuleWorkflowId, taskQueue } from '../ids.js';

/** The workflow type; stored histories name it, so it never changes. */
export const alertRuleType = 'alertRule';

/** Which rule; what it says is in the store. */
export interface AlertRuleAddress {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly ruleId: string;
}

export interface AlertRuleStart extends AlertRuleAddress {
  /** How long a message is tried before it counts as undeliverable, in ms. The API never sets it; tests cannot wait as long as people. */
  readonly deliverMs?: number;
}

/** Look now: an import has ended, or the rule or one of its alerts was changed. */
export const wakeAlertRule = defineSignal('wakeAlertRule');

/** How the workflow of a rule is woken, and started when it does not run, in the shape of the client's options. Worker and API both do. */
export const alertRuleWake = (
  rule: AlertRuleAddress,
): {
  workflowId: string;
  taskQueue: string;
  args: [AlertRuleStart];
  signal: typeof wakeAlertRule;
  staticSummary: string;
  typedSearchAttributes: RunAttributes;
} => {
  const { tenantId, environment, ruleId } = rule;
  return {
    workflowId: alertRuleWorkflowId(tenantId, environment, ruleId),
    taskQueue,
    args: [{ tenantId, environment, ruleId }],
    signal: wakeAlertRule,
    staticSummary: `Alert rule of ${tenantId}, ${environment}`,
    typedSearchAttributes: runAttributes(rule, alertRuleType),
  };
};
