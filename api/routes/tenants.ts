import { z } from 'zod';
import { credentialShapes, sealContext } from '../../platform/credentials.js';
import { Problem } from '../problems.js';
import { adminRoute, tenantRoute, userRoute } from '../route.js';

const environment = z.enum(['sandbox', 'production']);
const integration = z.enum(['cloud9', 'anthropic']);

const tenantAnswer = z.object({
  slug: z.string(),
  practiceName: z.string(),
  timeZone: z.string(),
  languages: z.array(z.string()),
  channels: z.array(z.string()),
  locations: z.array(
    z.object({ key: z.string(), name: z.string(), timeZone: z.string(), address: z.string() }),
  ),
  visitTypes: z.array(z.object({ key: z.string(), name: z.string(), minutes: z.number() })),
});

export const listTenants = userRoute({
  method: 'get',
  path: '/api/tenants',
  summary: 'Tenants that you may work for',
  answers: { 200: z.object({ tenants: z.array(z.object({ slug: z.string(), practiceName: z.string() })) }) },
  handle: async ({ user }, { tenants, store }) => {
    const member = new Set((await store.users.memberships(user.userId)).map(({ tenantId }) => tenantId));
    const mine = tenants
      .list()
      .filter(({ slug, active }) => active && (user.role === 'admin' || member.has(slug)));
    return { status: 200, body: { tenants: mine.map(({ slug, practiceName }) => ({ slug, practiceName })) } };
  },
});

export const currentTenant = tenantRoute({
  method: 'get',
  path: '/api/tenant',
  role: 'viewer',
  summary: 'The tenant of this request: locations and kinds of visits',
  answers: { 200: tenantAnswer },
  handle: ({ tenant }) => Promise.resolve({ status: 200, body: tenantAnswer.parse(tenant) }),
});

const params = z.strictObject({ slug: z.string(), integration });
const query = z.strictObject({ environment: environment.default('sandbox') });
const masked = z.object({
  integration,
  environment,
  version: z.number(),
  keyId: z.string(),
  updatedAtMs: z.number(),
  fields: z.record(z.string(), z.string()),
});

/** Enough to recognise a value, too little to use it. */
const mask = (value: string): string => (value.length > 8 ? `…${value.slice(-2)}` : '…');

export const setCredentials = adminRoute({
  method: 'put',
  path: '/api/tenants/{slug}/credentials/{integration}',
  summary: 'Sets the credentials of an integration; they are sealed and never read back',
  params,
  query,
  body: z.union([credentialShapes.cloud9, credentialShapes.anthropic]),
  answers: { 200: z.object({ version: z.number() }) },
  failures: ['TenantForbidden'],
  handle: async (
    { params: { slug, integration: name }, query: target, body, user, ip, correlationId },
    { tenants, store, sealer },
  ) => {
    if (!tenants.get(slug)) throw new Problem('TenantForbidden');
    const value = credentialShapes[name].parse(body);
    const { sealed, keyId } = sealer.seal(JSON.stringify(value), sealContext(slug, target.environment, name));
    const version = await store.credentials.put({
      tenantId: slug,
      environment: target.environment,
      integration: name,
      sealed,
      keyId,
    });
    await store.audit.append({
      tenantId: slug,
      actorUserId: user.userId,
      action: 'credentials.set',
      target: `${target.environment}/${name}`,
      detail: { version },
      ip,
      correlationId,
    });
    return { status: 200, body: { version } };
  },
});

export const getCredentials = adminRoute({
  method: 'get',
  path: '/api/tenants/{slug}/credentials/{integration}',
  summary: 'What is set for an integration, masked',
  params,
  query,
  answers: { 200: masked },
  failures: ['TenantForbidden', 'RecordNotFound'],
  handle: async ({ params: { slug, integration: name }, query: target }, { tenants, store, sealer }) => {
    if (!tenants.get(slug)) throw new Problem('TenantForbidden');
    const row = await store.credentials.get(slug, target.environment, name);
    if (!row) throw new Problem('RecordNotFound');
    const value = z
      .record(z.string(), z.string().nullable())
      .parse(JSON.parse(sealer.open(row.sealed, sealContext(slug, target.environment, name))));
    return {
      status: 200,
      body: {
        integration: name,
        environment: target.environment,
        version: row.version,
        keyId: row.keyId,
        updatedAtMs: row.updatedAtMs,
        fields: Object.fromEntries(Object.entries(value).map(([key, text]) => [key, mask(text ?? '')])),
      },
    };
  },
});

export const listAudit = tenantRoute({
  method: 'get',
  path: '/api/audit',
  role: 'admin',
  summary: 'Administrative actions on this tenant, newest first',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().optional(),
  }),
  answers: {
    200: z.object({
      entries: z.array(
        z.object({
          auditId: z.string(),
          actorUserId: z.string(),
          action: z.string(),
          target: z.string(),
          detail: z.unknown(),
          ip: z.string(),
          correlationId: z.string(),
          createdAtMs: z.number(),
        }),
      ),
      nextCursor: z.string().nullable(),
    }),
  },
  handle: async ({ tenant, query: page }, { store }) => {
    const { rows, nextCursor } = await store.audit.list(tenant.slug, page);
    return { status: 200, body: { entries: rows.map(({ tenantId: _, ...entry }) => entry), nextCursor } };
  },
});
