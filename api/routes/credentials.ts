import { z } from 'zod';
import type { Integration } from '../../domain/tenant.js';
import { credentialShapes } from '../../platform/credentials.js';
import { putSealed, sealContext } from '../../platform/sealed-credential.js';
import { SealBroken } from '../../platform/secrets/sealer.js';
import { leaveAudit } from '../audit.js';
import { Problem } from '../problems.js';
import { tenantRoute, type Route } from '../route.js';

const params = z.strictObject({ slug: z.string() });
const integrations = Object.keys(credentialShapes) as Integration[];

/** Enough to recognise a value, too little to use it. */
export const mask = (value: string | null): string | null =>
  value === null ? null : value.length > 8 ? `…${value.slice(-2)}` : '…';

/** One route an integration, so that each states and checks the fields of its own. */
const set = (integration: Integration): Route =>
  tenantRoute({
    method: 'put',
    path: `/api/tenants/{slug}/credentials/${integration}`,
    role: 'admin',
    summary: `Sets the ${integration} credentials of this environment; they are sealed and never read back`,
    params,
    body: credentialShapes[integration],
    answers: { 200: z.object({ version: z.number() }) },
    handle: async (call, { store, sealer }) => {
      const { tenant, environment, body } = call;
      const place = { tenantId: tenant.slug, environment, integration };
      const version = await putSealed({ store, sealer }, place, body);
      await leaveAudit(store, call, {
        tenantId: tenant.slug,
        action: 'credentials.set',
        target: `${environment}/${integration}`,
        detail: { version },
      });
      return { status: 200, body: { version } };
    },
  });

const stored = z.record(z.string(), z.string().nullable());

const get = (integration: Integration): Route =>
  tenantRoute({
    method: 'get',
    path: `/api/tenants/{slug}/credentials/${integration}`,
    role: 'admin',
    summary: `What is set for ${integration} in this environment, masked`,
    params,
    answers: {
      200: z.object({
        integration: z.enum(integrations),
        environment: z.enum(['sandbox', 'production']),
        version: z.number(),
        keyId: z.string(),
        source: z.enum(['environment', 'administrator']),
        updatedAtMs: z.number(),
        fields: stored,
      }),
    },
    failures: ['RecordNotFound', 'IntegrationNotConfigured'],
    handle: async ({ tenant, environment }, { store, sealer }) => {
      const row = await store.credentials.get(tenant.slug, environment, integration);
      if (!row) throw new Problem('RecordNotFound');
      try {
        const text = sealer.open(row.sealed, sealContext(tenant.slug, environment, integration));
        const fields = Object.entries(stored.parse(JSON.parse(text)));
        return {
          status: 200,
          body: {
            ...row,
            integration,
            fields: Object.fromEntries(fields.map(([key, value]) => [key, mask(value)])),
          },
        };
      } catch (error) {
        // Which key is missing is for whoever can set it; the text says no more than that.
        if (error instanceof SealBroken)
          throw new Problem('IntegrationNotConfigured', { detail: error.message });
        throw error;
      }
    },
  });

export const credentialRoutes: readonly Route[] = integrations.flatMap((integration) => [
  set(integration),
  get(integration),
]);
