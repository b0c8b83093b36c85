import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../platform/config/config.js';
import { openServices } from '../../platform/services.js';
import { createTemporalClient } from '../../platform/temporal/connection.js';
import type { SandboxNodeRed } from './node-red.js';
import { placeSandboxAccounts, type SimulatorUrls } from './sandbox-accounts.js';
import { placeSandboxFlowTargets } from './sandbox-flow-targets.js';
import { placeSandboxLangfuse } from './sandbox-langfuse.js';
import { ensureSearchAttributes } from './search-attributes.js';

/** A namespace that was asked for at the server's start takes a moment to be known everywhere. */
const temporalLimitMs = 30_000;
const attemptLimitMs = 5_000;
const pollMs = 200;

type RunningNodeRed = SandboxNodeRed & { readonly url: string };

/** A practice to show in the printed conversation. */
export interface SampleTenant {
  readonly slug: string;
  readonly locationName: string;
}

/**
 * Migrates the store, points sandbox credentials to the simulators and registers search attributes, before the worker and the API start.
 * Throws a readable Error when the store, the tenants or the Temporal server cannot be used.
 */
export async function prepare(
  config: Config,
  { urls, nodeRed }: { readonly urls: SimulatorUrls; readonly nodeRed: RunningNodeRed | null },
  report: (line: string) => void,
): Promise<SampleTenant> {
  const services = await openServices(config, 'dev-stack');
  try {
    await placeSandboxAccounts(services, urls);
    if (urls.langfuse !== null) await placeSandboxLangfuse(services, urls.langfuse);
    if (nodeRed) await placeSandboxFlowTargets(services, nodeRed.url, nodeRed);
    await registerSearchAttributes(config, services.masterKeys, report);
    const tenant = services.tenants.list().find(({ active }) => active);
    const location = tenant?.locations[0];
    if (!tenant || !location) throw new Error(`No active tenant in ${config.tenantsDir}.`);
    return { slug: tenant.slug, locationName: location.name };
  } finally {
    await services.close();
  }
}

async function registerSearchAttributes(
  config: Config,
  masterKeys: Parameters<typeof createTemporalClient>[1],
  report: (line: string) => void,
): Promise<void> {
  const client = createTemporalClient(config, masterKeys);
  const attempt = (): Promise<readonly string[]> =>
    client.withDeadline(Date.now() + attemptLimitMs, () =>
      ensureSearchAttributes(client, config.temporal.namespace),
    );
  const deadline = Date.now() + temporalLimitMs;
  try {
    for (;;) {
      try {
        const added = await attempt();
        if (added.length > 0) report(`Search attributes registered: ${added.join(', ')}`);
        return;
      } catch (error) {
        if (Date.now() < deadline) await sleep(pollMs);
        else
          throw new Error(
            `The Temporal server at ${config.temporal.address} cannot be used: ${reasonOf(error)}`,
          );
      }
    }
  } finally {
    await client.connection.close();
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
