import { credentialShapes } from '../../platform/credentials.js';
import { sealContext } from '../../platform/sealed-credential.js';
import type { Services } from '../../platform/services.js';
import type { Integration, Tenant } from '../../domain/tenant.js';

/** Accounts that the Cloud9 simulator knows, for the sample tenants. Invented; they protect nothing. */
const cloud9Accounts: Readonly<Record<string, { clientId: string; userName: string; password: string }>> = {
  'bright-smiles': {
    clientId: '11111111-1111-4111-8111-111111111111',
    userName: 'sim-user',
    password: 'sim-pass',
  },
  'river-ortho': {
    clientId: '22222222-2222-4222-8222-222222222222',
    userName: 'river-user',
    password: 'river-pass',
  },
};

/** Where the simulators that run serve; null = not running. */
export interface SimulatorUrls {
  readonly cloud9: string | null;
  readonly claude: string | null;
  /** It knows each sample tenant by the keys `pk-lf-<slug>` and `sk-lf-<slug>` (simulators/langfuse/traffic/practices.ts). */
  readonly langfuse: string | null;
}

/**
 * Points the sandbox credentials of all tenants to the simulators that run. They count as given by the environment: what an administrator
 * has set stays, and real values in the environment replace them at a later start.
 */
export async function placeSandboxAccounts(
  services: Pick<Services, 'tenants' | 'store' | 'sealer'>,
  urls: SimulatorUrls,
): Promise<void> {
  for (const tenant of services.tenants.list().filter(({ active }) => active)) {
    const account = cloud9Accounts[tenant.slug];
    if (urls.cloud9 !== null && account)
      await place(services, tenant, 'cloud9', { endpoint: urls.cloud9, ...account });
    if (urls.claude !== null) {
      await place(services, tenant, 'anthropic', { apiKey: 'simulated-key', baseUrl: urls.claude });
    }
  }
}

async function place(
  { store, sealer }: Pick<Services, 'store' | 'sealer'>,
  tenant: Tenant,
  integration: Integration,
  account: unknown,
): Promise<void> {
  if (!tenant.integrations.sandbox.includes(integration)) return;
  const context = sealContext(tenant.slug, 'sandbox', integration);
  const text = JSON.stringify(credentialShapes[integration].parse(account));
  const row = await store.credentials.get(tenant.slug, 'sandbox', integration);
  // The version is part of cache keys, so a start without news must not raise it.
  if (row && (row.source === 'administrator' || sealer.open(row.sealed, context) === text)) return;
  const { sealed, keyId } = sealer.seal(text, context);
  await store.credentials.seed({
    tenantId: tenant.slug,
    environment: 'sandbox',
    integration,
    sealed,
    keyId,
  });
}
