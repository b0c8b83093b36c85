import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import { Secret } from './config/secret.js';
import { sealContext } from './credentials.js';
import type { Sealer } from './secrets/sealer.js';
import type { CredentialOwner } from './store/credentials.js';
import type { Store } from './store/store.js';

/** The pair of keys of one Langfuse project, as it is stored, sealed. */
export const langfuseKeysShape = z.strictObject({
  publicKey: z.string().trim().min(1).max(200),
  secretKey: z.string().trim().min(1).max(200),
});

export interface LangfuseKeys {
  readonly publicKey: string;
  readonly secretKey: Secret;
}

interface Owner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly configId: string;
}

const nameOf = (configId: string): CredentialOwner => `langfuse/${configId}`;

/** The keys of Langfuse configurations in the credential store. */
export interface LangfuseKeyring {
  set(owner: Owner, keys: z.output<typeof langfuseKeysShape>): Promise<void>;
  remove(owner: Owner): Promise<void>;
  /** Throws ApplicationFailure IntegrationNotConfigured when there are none, or when they cannot be opened. */
  resolve(owner: Owner): Promise<LangfuseKeys>;
  /** Null when there are none, or when they cannot be opened. */
  find(owner: Owner): Promise<LangfuseKeys | null>;
}

export const createLangfuseKeyring = ({
  store,
  sealer,
}: {
  readonly store: Pick<Store, 'credentials'>;
  readonly sealer: Sealer;
}): LangfuseKeyring => {
  const keyring: LangfuseKeyring = {
    set: async ({ tenantId, environment, configId }, keys) => {
      const integration = nameOf(configId);
      const context = sealContext(tenantId, environment, integration);
      const { sealed, keyId } = sealer.seal(JSON.stringify(keys), context);
      await store.credentials.put({ tenantId, environment, integration, sealed, keyId });
    },
    remove: ({ tenantId, environment, configId }) =>
      store.credentials.remove(tenantId, environment, nameOf(configId)),
    resolve: async ({ tenantId, environment, configId }) => {
      const integration = nameOf(configId);
      const row = await store.credentials.get(tenantId, environment, integration);
      if (!row)
        throw ApplicationFailure.nonRetryable(
          'This Langfuse configuration has no keys.',
          'IntegrationNotConfigured',
        );
      try {
        const text = sealer.open(row.sealed, sealContext(tenantId, environment, integration));
        const { publicKey, secretKey } = langfuseKeysShape.parse(JSON.parse(text));
        return { publicKey, secretKey: new Secret(secretKey) };
      } catch {
        // No cause: what could not be opened or understood may be a secret.
        throw ApplicationFailure.nonRetryable(
          'The stored keys of this Langfuse configuration cannot be opened. Set them again, or add their key to MASTER_KEY.',
          'IntegrationNotConfigured',
        );
      }
    },
    find: (owner) =>
      keyring.resolve(owner).catch((error: unknown) => {
        if (error instanceof ApplicationFailure && error.type === 'IntegrationNotConfigured') return null;
        throw error;
      }),
  };
  return keyring;
};
