import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import { Secret } from './config/secret.js';
import { sealContext } from './credentials.js';
import type { Sealer } from './secrets/sealer.js';
import type { Store } from './store/store.js';

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

/** The receivers of alerts in the credential store, one for each environment of a tenant. */
export interface AlertReceivers {
  set(owner: Owner, receiver: z.output<typeof alertReceiverShape>): Promise<void>;
  remove(owner: Owner): Promise<void>;
  /** Null when none was set. Throws ApplicationFailure IntegrationNotConfigured when it cannot be opened. */
  find(owner: Owner): Promise<AlertReceiver | null>;
}

export const createAlertReceivers = ({
  store,
  sealer,
}: {
  readonly store: Pick<Store, 'credentials'>;
  readonly sealer: Sealer;
}): AlertReceivers => ({
  set: async ({ tenantId, environment }, receiver) => {
    const { sealed, keyId } = sealer.seal(
      JSON.stringify(receiver),
      sealContext(tenantId, environment, integration),
    );
    await store.credentials.put({ tenantId, environment, integration, sealed, keyId });
  },
  remove: ({ tenantId, environment }) => store.credentials.remove(tenantId, environment, integration),
  find: async ({ tenantId, environment }) => {
    const row = await store.credentials.get(tenantId, environment, integration);
    if (!row) return null;
    try {
      const text = sealer.open(row.sealed, sealContext(tenantId, environment, integration));
      const { format, url, secret } = alertReceiverShape.parse(JSON.parse(text));
      return { format, url: new Secret(url), secret: secret === null ? null : new Secret(secret) };
    } catch {
      // No cause: what could not be opened or understood may be a secret.
      throw ApplicationFailure.nonRetryable(
        'The stored receiver of alerts cannot be opened. Set it again, or add its key to MASTER_KEY.',
        'IntegrationNotConfigured',
      );
    }
  },
});
