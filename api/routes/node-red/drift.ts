import { z } from 'zod';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { findTarget, targetParams } from './shapes.js';

const report = z.object({
  reportId: z.string(),
  instance: z.string(),
  kind: z.enum(['content', 'cosmetic', 'foreign']),
  detail: z.unknown(),
  createdAtMs: z.number(),
});

export const listDrift = tenantRoute({
  method: 'get',
  path: '/api/flow-targets/{id}/drift',
  role: 'viewer',
  summary: 'How instances of a target were found to differ from what was deployed there, newest first',
  params: targetParams,
  query: z.strictObject({ ...pageQuery }),
  answers: { 200: z.object({ reports: z.array(report), nextCursor }) },
  handle: async ({ tenant, environment, params, query }, { store }) => {
    const page = await store.flowDrift.list(tenant.slug, environment, params.id, query);
    return { status: 200, body: { reports: [...page.rows], nextCursor: page.nextCursor } };
  },
});

export const checkDrift = tenantRoute({
  method: 'post',
  path: '/api/flow-targets/{id}/drift',
  role: 'operator',
  summary: 'Compares every instance of a target with what was deployed there; nothing is changed',
  params: targetParams,
  answers: {
    200: z.object({
      instances: z.array(
        z.object({
          instance: z.string(),
          kind: z.enum(['none', 'neverDeployed', 'cosmetic', 'foreign', 'content', 'unreachable']),
          reportId: z.string().nullable(),
        }),
      ),
    }),
  },
  failures: ['RecordNotFound', 'NodeRedUnavailable', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const { targetId } = await findTarget(services, call, call.params.id);
    const errand = {
      tenantId: tenant.slug,
      environment,
      targetId,
      kind: 'drift',
      actor: user.userId,
    } as const;
    const { drift } = await services.nodeRed.errand(errand);
    return { status: 200, body: { instances: [...drift] } };
  },
});
