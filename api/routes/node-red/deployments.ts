import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { InstancePlan } from '../../../domain/deployment/plan.js';
import type { DeploymentSource } from '../../../domain/deployment/deployment.js';
import { nodeRedTargetWorkflowId } from '../../../workflows/ids.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute, type Actor, type TenantScope } from '../../route.js';
import type { ApiServices } from '../../services.js';
import { nextCursor, pageQuery } from '../paging.js';
import { deploymentView, findDeployment, findTarget, hash, reason, viewOfDeployment } from './shapes.js';

const params = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of a deployment') });

/** The same key again is the same deployment; for another body it is a conflict. */
const keyed = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,200}$/, 'must be 8 to 200 printable characters')
    .optional(),
});

const smokeStep = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('http'),
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).default('GET'),
    path: z.string().regex(/^\/\S{0,300}$/, 'must be a path that begins with /'),
    body: z.string().max(4_000).nullable().default(null),
    status: z.number().int().min(100).max(599).default(200),
    contains: z.string().min(1).max(200).nullable().default(null),
  }),
  z.strictObject({ kind: z.literal('inject'), node: z.string().min(1).max(100) }),
]);

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);
const nodeId = z.string().min(1).max(100);

/** A pointer into a node (RFC 6901). */
const rewrite = z.strictObject({
  node: z.union([
    z.strictObject({ id: nodeId }),
    z.strictObject({ type: z.string().min(1).max(200), name: z.string().min(1).max(200) }),
  ]),
  pointer: z.string().regex(/^(\/[^/]{1,100}){1,10}$/, 'must be a JSON pointer, e.g. /port'),
  value: z.union([z.string().max(2_000), z.number(), z.boolean()]),
});

const options = z.strictObject({
  dryRun: z.boolean().default(false),
  /** Left out: as the target says. */
  approval: z.boolean().nullable().default(null),
  deploymentType: z.enum(['flows', 'full']).default('flows'),
  smoke: z.array(smokeStep).max(20).default([]),
  routePrefix: z
    .string()
    .regex(/^\/[\w./-]{1,60}$/, 'must be a path that begins with /')
    .nullable()
    .default(null),
  environment: z.record(name, z.string().max(2_000)).default({}),
  rewrite: z.array(rewrite).max(100).default([]),
  bindings: z.record(nodeId, nodeId).default({}),
  credentials: z.record(nodeId, z.record(z.string().min(1).max(100), name)).default({}),
});

const body = z
  .strictObject({
    targetId: z.uuid(),
    artifact: hash.optional(),
    backup: z.string().min(1).max(200).optional(),
    copy: z
      .strictObject({
        /** Left out: a target of the same tenant. */
        tenantId: z.string().min(1).max(64).optional(),
        environment: z.enum(['sandbox', 'production']).optional(),
        targetId: z.uuid(),
        tabs: z.array(z.string().min(1).max(200)).min(1).max(50),
      })
      .optional(),
    reason,
    options: options.prefault({}),
  })
  .refine(
    ({ artifact, backup, copy }) => [artifact, backup, copy].filter((one) => one !== undefined).length === 1,
    'name one of artifact, backup and copy',
  )
  .refine(
    ({ backup, options: { routePrefix, environment, rewrite: rules, bindings } }) =>
      backup === undefined ||
      (routePrefix === null &&
        [environment, rules, bindings].every((some) => Object.keys(some).length === 0)),
    { path: ['options'], error: 'a backup is put back as it was: leave out what would change it' },
  );

export const createDeployment = tenantRoute({
  method: 'post',
  path: '/api/deployments',
  role: 'operator',
  summary: 'Asks for a deployment: of an artefact, of a backup, or of tabs copied from another target',
  headers: keyed,
  body,
  answers: { 202: deploymentView },
  failures: [
    'RecordNotFound',
    'TargetLocked',
    'Conflict',
    'InboxFull',
    'TemporalUnavailable',
    'WorkerUnavailable',
  ],
  handle: async (call, services) => {
    const { tenant, environment, user, body: asked } = call;
    const { store, nodeRed } = services;
    const tenantId = tenant.slug;
    const target = await findTarget(services, call, asked.targetId);
    if (target.lock)
      throw new Problem('TargetLocked', { detail: `Since deployment ${target.lock.deploymentId}.` });
    const source = await sourceOf(call, asked, services);
    const key = call.headers['idempotency-key'] ?? randomUUID();
    const deploymentId = digest([tenantId, environment, 'deployment', key]).slice(0, 32);
    call.correlate(nodeRedTargetWorkflowId(tenantId, target.targetId));
    const requested = {
      deploymentId,
      actor: user.userId,
      requestHash: digest(asked),
      source,
      options: asked.options,
      reason: asked.reason,
    };
    const { known } = await nodeRed.request({ tenantId, environment, targetId: target.targetId }, requested);
    if (!known) {
      await leaveAudit(store, call, {
        tenantId,
        action: 'deployment.request',
        target: deploymentId,
        detail: { environment, targetId: target.targetId, source, reason: asked.reason },
      });
    }
    return { status: 202, body: viewOfDeployment(await findDeployment(services, call, deploymentId)) };
  },
});

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** Where the flows come from, as far as the caller may have them. Throws RecordNotFound or TenantForbidden. */
async function sourceOf(
  call: Actor & TenantScope,
  { targetId, artifact, backup, copy }: z.output<typeof body>,
  { store, tenants }: Pick<ApiServices, 'store' | 'tenants'>,
): Promise<DeploymentSource> {
  const { tenant, environment, user } = call;
  if (artifact !== undefined) {
    if (!(await store.flowArtifacts.get(tenant.slug, artifact)))
      throw new Problem('RecordNotFound', { detail: 'There is no such artefact.' });
    return { kind: 'artifact', hash: artifact };
  }
  if (backup !== undefined) {
    const known = await store.flowBackups.get(tenant.slug, environment, backup);
    if (known?.targetId !== targetId)
      throw new Problem('RecordNotFound', { detail: 'This target has no such backup.' });
    return { kind: 'backup', backupId: backup };
  }
  if (!copy) throw new Problem('ValidationFailed');
  const from = { tenantId: copy.tenantId ?? tenant.slug, environment: copy.environment ?? environment };
  if (from.tenantId !== tenant.slug && user.role !== 'admin') {
    const memberships = await store.users.memberships(user.userId);
    const role = memberships.find(({ tenantId }) => tenantId === from.tenantId)?.role;
    // Flows of another practice may hold what is its own business: whoever only watches it may not take them along.
    if (role !== 'operator' && role !== 'admin') throw new Problem('TenantForbidden');
  }
  if (!tenants.get(from.tenantId)?.active) throw new Problem('TenantForbidden');
  if (!(await store.flowTargets.get(from.tenantId, from.environment, copy.targetId)))
    throw new Problem('RecordNotFound', { detail: 'There is no such target to copy from.' });
  return { kind: 'copy', ...from, targetId: copy.targetId, tabs: copy.tabs };
}

export const listDeployments = tenantRoute({
  method: 'get',
  path: '/api/deployments',
  role: 'viewer',
  summary: 'Deployments of this environment, newest first',
  query: z.strictObject({ targetId: z.uuid().optional(), ...pageQuery }),
  answers: { 200: z.object({ deployments: z.array(deploymentView), nextCursor }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const page = await store.flowDeployments.list(tenant.slug, environment, filter, { limit, cursor });
    return {
      status: 200,
      body: { deployments: page.rows.map(viewOfDeployment), nextCursor: page.nextCursor },
    };
  },
});

const event = z.object({
  seq: z.number(),
  step: z.string(),
  instance: z.string().nullable(),
  phase: z.enum(['begun', 'done', 'failed']),
  detail: z.record(z.string(), z.unknown()),
  atMs: z.number(),
});

const plan = z.object({
  instance: z.string(),
  baseRev: z.string(),
  expectedRev: z.string(),
  backupId: z.string(),
  report: z.unknown(),
});

export const getDeployment = tenantRoute({
  method: 'get',
  path: '/api/deployments/{id}',
  role: 'viewer',
  summary: 'One deployment: its plans, its steps, and how it ended',
  params,
  answers: { 200: deploymentView.extend({ plans: z.array(plan), events: z.array(event) }) },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { store, flowDocuments } = services;
    const tenantId = call.tenant.slug;
    const row = await findDeployment(services, call, call.params.id);
    const plans = await Promise.all(
      (row.plans ?? []).map(
        async ({ hash: planHash }) => (await flowDocuments.get(tenantId, planHash)) as InstancePlan,
      ),
    );
    const events = await store.flowDeployments.events(tenantId, row.deploymentId, 0);
    return { status: 200, body: { ...viewOfDeployment(row), plans, events } };
  },
});

const decision = (verdict: 'approve' | 'reject') =>
  tenantRoute({
    method: 'post',
    path: `/api/deployments/{id}/${verdict}`,
    role: 'operator',
    summary:
      verdict === 'approve'
        ? 'Approves the plan of a deployment that waits for it'
        : 'Rejects the plan of a deployment; nothing is sent',
    params,
    body: z.strictObject({ reason }),
    answers: { 202: deploymentView },
    failures: ['RecordNotFound', 'DeploymentOver', 'TemporalUnavailable', 'WorkerUnavailable'],
    handle: async (call, services) => {
      const { tenant, environment, user, body: given } = call;
      const { deploymentId, targetId } = await findDeployment(services, call, call.params.id);
      const address = { tenantId: tenant.slug, environment, targetId };
      await services.nodeRed.decide(address, {
        deploymentId,
        verdict,
        actor: user.userId,
        reason: given.reason,
      });
      await leaveAudit(services.store, call, {
        tenantId: tenant.slug,
        action: `deployment.${verdict}`,
        target: deploymentId,
        detail: { environment, reason: given.reason },
      });
      return { status: 202, body: viewOfDeployment(await findDeployment(services, call, deploymentId)) };
    },
  });

export const approveDeployment = decision('approve');
export const rejectDeployment = decision('reject');

export const cancelDeployment = tenantRoute({
  method: 'post',
  path: '/api/deployments/{id}/cancel',
  role: 'operator',
  summary: 'Cancels a deployment at any point; what was written already is taken back',
  params,
  body: z.strictObject({ reason }),
  answers: { 202: deploymentView },
  failures: ['RecordNotFound', 'DeploymentOver', 'TemporalUnavailable', 'WorkerUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, user, body: given } = call;
    const { deploymentId, targetId } = await findDeployment(services, call, call.params.id);
    const address = { tenantId: tenant.slug, environment, targetId };
    await services.nodeRed.cancel(address, { deploymentId, actor: user.userId, reason: given.reason });
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'deployment.cancel',
      target: deploymentId,
      detail: { environment, reason: given.reason },
    });
    return { status: 202, body: viewOfDeployment(await findDeployment(services, call, deploymentId)) };
  },
});
