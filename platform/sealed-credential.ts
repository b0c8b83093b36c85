import { ApplicationFailure } from '@temporalio/common';
import type { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import type { Sealer } from './secrets/sealer.js';
import type { CredentialOwner } from './store/credentials.js';
import type { Store } from './store/store.js';

/** What is needed to keep credentials. */
export interface CredentialSafe {
  readonly store: Pick<Store, 'credentials'>;
  readonly sealer: Sealer;
}

/** Where a credential lies. */
export interface CredentialPlace {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly integration: CredentialOwner;
}

/** What a sealed credential is bound to: a row copied to another tenant or environment does not open. */
export const sealContext = (tenantId: string, environment: Environment, owner: CredentialOwner): string =>
  `${tenantId}/${environment}/${owner}`;

const contextOf = ({ tenantId, environment, integration }: CredentialPlace): string =>
  sealContext(tenantId, environment, integration);

/** Seals what an administrator gave and stores it in place of what was there. Returns the new version. */
export function putSealed(
  { store, sealer }: CredentialSafe,
  place: CredentialPlace,
  value: unknown,
): Promise<number> {
  const { sealed, keyId } = sealer.seal(JSON.stringify(value), contextOf(place));
  return store.credentials.put({ ...place, sealed, keyId });
}

/**
 * Opens a stored credential; null when there is none. `version` grows with each change. Throws ApplicationFailure IntegrationNotConfigured,
 * with `unreadable` as its words, when it cannot be opened or has another shape.
 */
export async function openSealed<T>(
  { store, sealer }: CredentialSafe,
  place: CredentialPlace,
  shape: z.ZodType<T>,
  unreadable: string,
): Promise<{ readonly value: T; readonly version: number } | null> {
  const row = await store.credentials.get(place.tenantId, place.environment, place.integration);
  if (!row) return null;
  try {
    return {
      value: shape.parse(JSON.parse(sealer.open(row.sealed, contextOf(place)))),
      version: row.version,
    };
  } catch {
    // No cause: what could not be opened or understood may be a secret.
    throw ApplicationFailure.nonRetryable(unreadable, 'IntegrationNotConfigured');
  }
}
