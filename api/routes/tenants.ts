import { z } from 'zod';
import { tenantRoute, userRoute } from '../route.js';

const practice = z.object({
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
  answers: { 200: z.object({ tenants: z.array(practice.pick({ slug: true, practiceName: true })) }) },
  handle: async ({ user }, { tenants, store }) => {
    const member = new Set((await store.users.memberships(user.userId)).map(({ tenantId }) => tenantId));
    const mine = tenants
      .list()
      .filter(({ slug, active }) => active && (user.role === 'admin' || member.has(slug)));
    return { status: 200, body: { tenants: mine } };
  },
});

export const currentTenant = tenantRoute({
  method: 'get',
  path: '/api/tenant',
  role: 'viewer',
  summary: 'The tenant of this request: locations and kinds of visits',
  answers: { 200: practice },
  handle: ({ tenant }) => Promise.resolve({ status: 200 as const, body: tenant }),
});
