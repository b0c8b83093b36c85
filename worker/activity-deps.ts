import { createLimiter } from '../activities/cloud9/limiter.js';
import { createRateBudget } from '../activities/langfuse/rate-budget.js';
import { createThrottleJournal } from '../activities/cloud9/throttle-journal.js';
import { createTokens } from '../activities/node-red/tokens.js';
import type { createActivities } from '../activities/index.js';
import type { Client } from '@temporalio/client';
import type { Cache } from '../platform/cache/cache.js';
import type { Services } from '../platform/services.js';
import { createAlertRuleWaker } from './alert-rules.js';

/** Gives the activities what they ask for, out of the process's services. */
export function activityDeps(
  services: Services,
  cache: Cache,
  client: Pick<Client, 'workflow'>,
): Parameters<typeof createActivities>[0] {
  const { config, store, clock } = services;
  return {
    store,
    clock,
    cache,
    credentials: services.credentials,
    tenants: services.tenants,
    loggers: services.loggers,
    masterKeys: services.masterKeys,
    nodeRedSecrets: services.nodeRedSecrets,
    flowDocuments: services.flowDocuments,
    tokens: createTokens(),
    promptBackend: services.promptBackend,
    limiter: createLimiter({
      reservations: store.reservations,
      clock,
      journal: createThrottleJournal(config.logDir),
      gapScale: config.cloud9.gapScale,
    }),
    cloud9: { httpMethod: config.cloud9.httpMethod, enableCaching: config.enableCaching },
    claude: {
      stepTimeoutMs: config.anthropic.stepTimeoutMs,
      cli: config.useClaudeCli ? config.claudeCli : null,
    },
    settleMs: config.cloud9.settleMs,
    langfuseKeys: services.langfuseKeys,
    rateBudget: createRateBudget(store.rateWindows, clock),
    alertRules: createAlertRuleWaker(client, store),
    alertReceivers: services.alertReceivers,
    // In the sandbox all data is invented and receivers are on the same machine.
    alertReach: config.profile === 'production' ? 'publicOnly' : 'anywhere',
  };
}
