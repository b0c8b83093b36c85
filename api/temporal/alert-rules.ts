import type { Client } from '@temporalio/client';
import type { Loggers } from '../../platform/logger/loggers.js';
import { alertRuleType, alertRuleWake, type AlertRuleAddress } from '../../workflows/alert-rule/messages.js';
import { problemOf } from './errors.js';

/** The followers of alert rules. */
export interface AlertRuleFollowers {
  /**
   * Lets a rule look now, and starts its follower when it has none. Never fails: what was changed is in the store, and the next import or
   * the next start of a worker wakes the rule.
   */
  wake(rule: AlertRuleAddress): Promise<void>;
}

const limitMs = 5_000;

export const createAlertRuleFollowers = (
  client: Client,
  { log }: Pick<Loggers, 'log'>,
): AlertRuleFollowers => ({
  wake: async (rule) => {
    try {
      await client.withDeadline(Date.now() + limitMs, () =>
        client.workflow.signalWithStart(alertRuleType, alertRuleWake(rule)),
      );
    } catch (error) {
      const { tenantId, ruleId } = rule;
      log.warn('an alert rule could not be woken', { tenantId, ruleId, failure: problemOf(error).failure });
    }
  },
});
