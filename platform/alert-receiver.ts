import { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import { Secret } from './config/secret.js';
import { openSealed, putSealed, type CredentialPlace, type CredentialSafe } from './sealed-credential.js';

export const receiverFormats = ['webhook', 'slack'] as const;

/** Where the alerts of an environment go, as it is stored, sealed: the address of a Slack webhook is all that one needs to write there. */
export const alertReceiverShape = z.strictObject({
  format: z.enum(receiverFormats),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(
      (url) => new URL(url).username === '' && new URL(url).password === '',
      'must not hold a password',
    ),
  /** Signs what a webhook gets; Slack checks nothing. */
  secret: z.string().min(16).max(200).nullable(),
});

export interface AlertReceiver {
  readonly format: (typeof receiverFormats)[number];
  readonly url: Secret;
  readonly secret: Secret | null;
}

interface Owner {
  readonly tenantId: string;
  readonly environment: Environment;
}

const integration = 'alert-receiver';

const placeOf = ({ tenantId, environment }: Owner): CredentialPlace => ({
  tenantId,
  environment,
  integration,
});

/** The receivers of alerts in the credential store, one for each environment of a tenant. */
export interface AlertReceivers {
  set(owner: Owner, receiver: z.output<typeof alertReceiverShape>): Promise<void>;
  remove(owner: Owner): Promise<void>;
  /** Null when none was set. Throws ApplicationFailure IntegrationNotConfigured when it cannot be opened. */
  find(owner: Owner): Promise<AlertReceiver | null>;
}

export const createAlertReceivers = (safe: CredentialSafe): AlertReceivers => ({
  set: async (owner, receiver) => {
    await putSealed(safe, placeOf(owner), receiver);
  },
  remove: ({ tenantId, environment }) => safe.store.credentials.remove(tenantId, environment, integration),
  find: async (owner) => {
    const found = await openSealed(
      safe,
      placeOf(owner),
      alertReceiverShape,
      'The stored receiver of alerts cannot be opened. Set it again, or add its key to MASTER_KEY.',
    );
    if (!found) return null;
    const { format, url, secret } = found.value;
    return { format, url: new Secret(url), secret: secret === null ? null : new Secret(secret) };
  },
});
