import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Environment, Integration } from '../domain/tenant.js';
import type { Config } from './config/config.js';
import { Secret } from './config/secret.js';
import { openSealed, sealContext, type CredentialSafe } from './sealed-credential.js';
import { SealBroken, type Sealer } from './secrets/sealer.js';
import type { CredentialRow } from './store/credentials.js';
import type { Store } from './store/store.js';
import type { TenantRegistry } from './tenants/tenant-registry.js';

export interface Cloud9Account {
  readonly endpoint: string;
  readonly clientId: string;
  readonly userName: string;
  readonly password: Secret;
}

export interface AnthropicAccount {
  readonly apiKey: Secret;
  /** Null = the vendor's own address. */
  readonly baseUrl: string | null;
}

interface Accounts {
  readonly cloud9: Cloud9Account;
  readonly anthropic: AnthropicAccount;
}

/** What is stored, sealed, for each integration. The API validates with the same shapes. */
export const credentialShapes = {
  cloud9: z.strictObject({
    endpoint: z.url({ protocol: /^https?$/ }),
    clientId: z.string().min(1).max(100),
    userName: z.string().min(1).max(200),
    password: z.string().min(1).max(500),
  }),
  anthropic: z.strictObject({
    apiKey: z.string().min(1).max(500),
    baseUrl: z.url({ protocol: /^https?$/ }).nullable(),
  }),
} as const satisfies Record<Integration, z.ZodType>;

/** Resolves credentials at the moment of use; they live in the caller's stack frame only (DESIGN rule 2). */
export interface CredentialResolver {
  /** Throws ApplicationFailure IntegrationNotConfigured: there is no fallback to another environment or tenant. */
  resolve<I extends Integration>(
    tenantId: string,
    environment: Environment,
    integration: I,
  ): Promise<Accounts[I] & { readonly version: number }>;
}

export const createCredentialResolver = (safe: CredentialSafe): CredentialResolver => ({
  resolve: async <I extends Integration>(tenantId: string, environment: Environment, integration: I) => {
    const found = await openSealed(
      safe,
      { tenantId, environment, integration },
      readers[integration],
      `The stored ${integration} credentials for ${environment} cannot be opened. Set them again, or add their key to MASTER_KEY.`,
    );
    if (!found) {
      throw ApplicationFailure.nonRetryable(
        `No ${integration} credentials for ${environment}.`,
        'IntegrationNotConfigured',
      );
    }
    return { ...found.value, version: found.version };
  },
});

const readers: { readonly [I in Integration]: z.ZodType<Accounts[I]> } = {
  cloud9: credentialShapes.cloud9.transform(({ password, ...account }) => ({
    ...account,
    password: new Secret(password),
  })),
  anthropic: credentialShapes.anthropic.transform(({ apiKey, baseUrl }) => ({
    apiKey: new Secret(apiKey),
    baseUrl,
  })),
};

/**
 * Puts what the environment names into the store; a later start with other values replaces it. Only the first tenant that lists the
 * integration gets Cloud9 access: one client id is one practice's database (cloud9.md 1.2). What an administrator set is never replaced.
 */
export async function seedCredentials(
  config: Pick<Config, 'cloud9' | 'anthropic'>,
  tenants: TenantRegistry,
  store: Pick<Store, 'credentials'>,
  sealer: Sealer,
): Promise<void> {
  for (const environment of ['sandbox', 'production'] as const) {
    const served = tenants.list().filter((tenant) => tenant.active);
    const access = config.cloud9[environment];
    const first = served.find((tenant) => tenant.integrations[environment].includes('cloud9'));
    if (access && first) {
      const { password, ...account } = access;
      await seed(first.slug, environment, 'cloud9', { ...account, password: password.reveal() });
    }
    const { apiKey, baseUrl } = config.anthropic;
    if (!apiKey) continue;
    for (const tenant of served.filter((candidate) =>
      candidate.integrations[environment].includes('anthropic'),
    )) {
      await seed(tenant.slug, environment, 'anthropic', { apiKey: apiKey.reveal(), baseUrl });
    }
  }

  async function seed(
    tenantId: string,
    environment: Environment,
    integration: Integration,
    value: unknown,
  ): Promise<void> {
    const context = sealContext(tenantId, environment, integration);
    const text = JSON.stringify(value);
    const row = await store.credentials.get(tenantId, environment, integration);
    // The version is part of cache keys, so a start without news must not raise it.
    if (row && (row.source === 'administrator' || opens(row, context) === text)) return;
    const { sealed, keyId } = sealer.seal(text, context);
    await store.credentials.seed({ tenantId, environment, integration, sealed, keyId });
  }

  function opens(row: Pick<CredentialRow, 'sealed'>, context: string): string | null {
    try {
      return sealer.open(row.sealed, context);
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }
}
