import { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import type { Environment } from '../domain/tenant.js';
import { Secret } from './config/secret.js';
import { openSealed, type CredentialPlace, type CredentialSafe } from './sealed-credential.js';
import type { CredentialOwner } from './store/credentials.js';

/** How we get into the admin API of a target. */
export interface NodeRedAccess {
  readonly auth:
    | { readonly kind: 'none' }
    | { readonly kind: 'credentials'; readonly username: string; readonly password: Secret }
    | { readonly kind: 'token'; readonly token: Secret };
  /** A proxy before Node-RED that wants a name and a password of its own; Node-RED never takes Basic itself. */
  readonly proxy: { readonly username: string; readonly password: Secret } | null;
}

const name = z.string().min(1).max(200);
const secret = z.string().min(1).max(4_000);

/** What is stored, sealed, for each target. The API validates with the same shape. */
export const accessShape = z.strictObject({
  auth: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({ kind: z.literal('credentials'), username: name, password: secret }),
    z.strictObject({ kind: z.literal('token'), token: secret }),
  ]),
  proxy: z.strictObject({ username: name, password: secret }).nullable(),
});

const secretName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);

/** Values that flows of a target use in their credentials, by name, as an administrator gives them. */
export const flowSecretsShape = z.record(secretName, secret);

/** The same as they are stored: a version each, because sending an unchanged secret again restarts its node. */
const storedSecretsShape = z.record(secretName, z.strictObject({ value: secret, version: z.number().int() }));
type StoredSecrets = z.output<typeof storedSecretsShape>;

/** The next stored form: values that are the same keep their version. `before` = the opened text that stands; null = none. */
export function nextSecrets(before: string | null, given: z.output<typeof flowSecretsShape>): StoredSecrets {
  const known = before === null ? {} : storedSecretsShape.parse(JSON.parse(before));
  const latest = Math.max(0, ...Object.values(known).map(({ version }) => version));
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      { value, version: known[key]?.value === value ? known[key].version : latest + 1 },
    ]),
  );
}

export interface FlowSecret {
  readonly value: Secret;
  readonly version: number;
}

export const accessOwner = (targetId: string): CredentialOwner => `node-red/${targetId}`;
export const flowSecretsOwner = (targetId: string): CredentialOwner => `flow-secrets/${targetId}`;

/** Resolves what opens a target and what its flows keep secret, at the moment of use (docs/architecture.md, rule 2). */
export interface NodeRedSecrets {
  /** Throws ApplicationFailure IntegrationNotConfigured. `version` grows with each change. */
  access(
    tenantId: string,
    environment: Environment,
    targetId: string,
  ): Promise<{ readonly access: NodeRedAccess; readonly version: number }>;
  /** Empty when none were set. */
  flowSecrets(
    tenantId: string,
    environment: Environment,
    targetId: string,
  ): Promise<Readonly<Record<string, FlowSecret>>>;
}

export function createNodeRedSecrets(safe: CredentialSafe): NodeRedSecrets {
  const open = <T>(place: CredentialPlace, shape: z.ZodType<T>) =>
    openSealed(
      safe,
      place,
      shape,
      'The stored credentials of the target cannot be opened. Set them again, or add their key to MASTER_KEY.',
    );
  return {
    access: async (tenantId, environment, targetId) => {
      const found = await open({ tenantId, environment, integration: accessOwner(targetId) }, accessShape);
      if (!found) {
        throw ApplicationFailure.nonRetryable(
          'The target has no credentials; set them, or say that it needs none.',
          'IntegrationNotConfigured',
        );
      }
      const { auth, proxy } = found.value;
      return {
        version: found.version,
        access: {
          auth:
            auth.kind === 'credentials'
              ? { ...auth, password: new Secret(auth.password) }
              : auth.kind === 'token'
                ? { kind: 'token', token: new Secret(auth.token) }
                : auth,
          proxy: proxy && { username: proxy.username, password: new Secret(proxy.password) },
        },
      };
    },
    flowSecrets: async (tenantId, environment, targetId) => {
      const found = await open(
        { tenantId, environment, integration: flowSecretsOwner(targetId) },
        storedSecretsShape,
      );
      return Object.fromEntries(
        Object.entries(found?.value ?? {}).map(([key, { value, version }]) => [
          key,
          { value: new Secret(value), version },
        ]),
      );
    },
  };
}
