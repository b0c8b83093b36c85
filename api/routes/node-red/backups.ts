import { z } from 'zod';
import { leaveAudit } from '../../audit.js';
import { tenantRoute } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { findTarget, targetParams } from './shapes.js';

const backup = z.object({
  backupId: z.string(),
  targetId: z.string(),
  instance: z.string(),
  rev: z.string(),
  nodes: z.number(),
  reason: z.enum(['beforeDeploy', 'schedule', 'request']),
  actor: z.string(),
  deploymentId: z.string().nullable(),
  verifiedAtMs: z.number(),
  createdAtMs: z.number(),
});

export const listBackups = tenantRoute({
  method: 'get',
  path: '/api/flow-targets/{id}/backups',
  role: 'viewer',
  summary: 'Backups of a target, newest first; restore one with POST /api/deployments',
  params: targetParams,
  query: z.strictObject({ ...pageQuery }),
  answers: { 200: z.object({ backups: z.array(backup), nextCursor }) },
  handle: async ({ tenant, environment, params, query }, { store }) => {
    const page = await store.flowBackups.list(tenant.slug, environment, params.id, query);
    return { status: 200, body: { backups: [...page.rows], nextCursor: page.nextCursor } };
  },
});

export const takeBackup = tenantRoute({
  method: 'post',
  path: '/api/flow-targets/{id}/backups',
  role: 'operator',
  summary: 'Keeps what every instance of a target holds now',
  params: targetParams,
  answers: {
    201: z.object({
      backups: z.array(
        z.object({
          instance: z.string(),
          backupId: z.string().nullable(),
          rev: z.string().nullable(),
          failure: z.string().nullable(),
        }),
      ),
    }),
  },
  failures: ['RecordNotFound', 'NodeRedUnavailable', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const { targetId } = await findTarget(services, call, call.params.id);
    const { backups } = await services.nodeRed.errand({
      tenantId: tenant.slug,
      environment,
      targetId,
      kind: 'backup',
      actor: user.userId,
    });
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'flow-target.backup',
      target: targetId,
      detail: { environment, backups },
    });
    return { status: 201, body: { backups: [...backups] } };
  },
});
