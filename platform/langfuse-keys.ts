import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import { Secret } from './config/secret.js';
import { openSealed, putSealed, type CredentialPlace, type CredentialSafe } from './sealed-credential.js';
import type { CredentialOwner } from './store/credentials.js';

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

const placeOf = ({ tenantId, environment, configId }: Owner): CredentialPlace => ({
  tenantId,
  environment,
  integration: nameOf(configId),
});

/** The keys of Langfuse configurations in the credential store. */
export interface LangfuseKeyring {
  set(owner: Owner, keys: z.output<typeof langfuseKeysShape>): Promise<void>;
  remove(owner: Owner): Promise<void>;
  /** Throws ApplicationFailure IntegrationNotConfigured when there are none, or when they cannot be opened. */
  resolve(owner: Owner): Promise<LangfuseKeys>;
  /** Null when there are none, or when they cannot be opened. */
  find(owner: Owner): Promise<LangfuseKeys | null>;
}

export const createLangfuseKeyring = (safe: CredentialSafe): LangfuseKeyring => {
  const keyring: LangfuseKeyring = {
    set: async (owner, keys) => {
      await putSealed(safe, placeOf(owner), keys);
    },
    remove: ({ tenantId, environment, configId }) =>
      safe.store.credentials.remove(tenantId, environment, nameOf(configId)),
    resolve: async (owner) => {
      const found = await openSealed(
        safe,
        placeOf(owner),
        langfuseKeysShape,
        'The stored keys of this Langfuse configuration cannot be opened. Set them again, or add their key to MASTER_KEY.',
      );
      if (!found)
        throw ApplicationFailure.nonRetryable(
          'This Langfuse configuration has no keys.',
          'IntegrationNotConfigured',
        );
      const { publicKey, secretKey } = found.value;
      return { publicKey, secretKey: new Secret(secretKey) };
    },
    find: (owner) =>
      keyring.resolve(owner).catch((error: unknown) => {
        if (error instanceof ApplicationFailure && error.type === 'IntegrationNotConfigured') return null;
        throw error;
      }),
  };
  return keyring;
};
