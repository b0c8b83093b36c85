import { z } from 'zod';
import { platformTenant } from '../../platform/store/platform-tenant.js';
import { adminRoute, tenantRoute } from '../route.js';
import { nextCursor, pageQuery } from './paging.js';

const query = z.strictObject(pageQuery);
const entries = z.object({
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
  nextCursor,
});

export const listAudit = tenantRoute({
  method: 'get',
  path: '/api/audit',
  role: 'admin',
  summary: 'Administrative actions on this tenant, newest first',
  query,
  answers: { 200: entries },
  handle: async ({ tenant, query: page }, { store }) => {
    const { rows, nextCursor: next } = await store.audit.list(tenant.slug, page);
    return { status: 200, body: { entries: rows, nextCursor: next } };
  },
});

export const listInstallationAudit = adminRoute({
  method: 'get',
  path: '/api/audit/installation',
  summary: 'Administrative actions on users and passwords, newest first',
  query,
  answers: { 200: entries },
  handle: async ({ query: page }, { store }) => {
    const { rows, nextCursor: next } = await store.audit.list(platformTenant, page);
    return { status: 200, body: { entries: rows, nextCursor: next } };
  },
});
