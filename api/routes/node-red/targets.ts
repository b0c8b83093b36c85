import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  accessOwner,
  accessShape,
  flowSecretsOwner,
  flowSecretsShape,
  nextSecrets,
} from '../../../platform/node-red-access.js';
import { putSealed, sealContext } from '../../../platform/sealed-credential.js';
import type { CredentialOwner } from '../../../platform/store/credentials.js';
import { leaveAudit } from '../../audit.js';
import { tenantRoute, type TenantScope } from '../../route.js';
import type { ApiServices } from '../../services.js';
import { nextCursor, pageQuery } from '../paging.js';
import { findTarget, reason, targetParams, targetSettings, targetView, viewOfTarget } from './shapes.js';

type Scope = Pick<TenantScope, 'tenant' | 'environment'>;

const seal = (
  services: Pick<ApiServices, 'store' | 'sealer'>,
  { tenant, environment }: Scope,
  owner: CredentialOwner,
  value: unknown,
): Promise<number> => putSealed(services, { tenantId: tenant.slug, environment, integration: owner }, value);

export const createTarget = tenantRoute({
  method: 'post',
  path: '/api/flow-targets',
  // Whoever sets the address decides where our credentials go.
  role: 'admin',
  summary: 'Adds a Node-RED target: its instances, and how we get in',
  body: targetSettings.extend({ access: accessShape }),
  answers: { 201: targetView },
  failures: ['Conflict', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const { access, approval, ...settings } = call.body;
    const targetId = randomUUID();
    await seal(services, call, accessOwner(targetId), access);
    const target = await services.store.flowTargets.create({
      tenantId: tenant.slug,
      targetId,
      environment,
      settings: { ...settings, approval: approval ?? environment === 'production' },
      createdBy: user.userId,
    });
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'flow-target.create',
      target: targetId,
      detail: { environment, ...target.settings, auth: access.auth.kind },
    });
    await services.nodeRed.schedule(target, 'as the target says');
    return { status: 201, body: viewOfTarget(target) };
  },
});

export const listTargets = tenantRoute({
  method: 'get',
  path: '/api/flow-targets',
  role: 'viewer',
  summary: 'Node-RED targets of this environment, newest first',
  query: z.strictObject({ ...pageQuery }),
  answers: { 200: z.object({ targets: z.array(targetView), nextCursor }) },
  handle: async ({ tenant, environment, query }, { store }) => {
    const page = await store.flowTargets.list(tenant.slug, environment, query);
    return { status: 200, body: { targets: page.rows.map(viewOfTarget), nextCursor: page.nextCursor } };
  },
});

export const getTarget = tenantRoute({
  method: 'get',
  path: '/api/flow-targets/{id}',
  role: 'viewer',
  summary: 'One target',
  params: targetParams,
  answers: { 200: targetView },
  failures: ['RecordNotFound'],
  handle: async (call, services) => ({
    status: 200,
    body: viewOfTarget(await findTarget(services, call, call.params.id)),
  }),
});

export const changeTarget = tenantRoute({
  method: 'put',
  path: '/api/flow-targets/{id}',
  role: 'admin',
  summary: 'Replaces what was decided about a target; how we get in stays',
  params: targetParams,
  body: targetSettings,
  answers: { 200: targetView },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store, nodeRed }) => {
    const { tenant, environment, params, body } = call;
    const { approval, ...settings } = body;
    const target = await store.flowTargets.change(tenant.slug, environment, params.id, {
      ...settings,
      approval: approval ?? environment === 'production',
    });
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'flow-target.change',
      target: params.id,
      detail: { environment, ...target.settings },
    });
    await nodeRed.schedule(target, 'as the target says');
    return { status: 200, body: viewOfTarget(target) };
  },
});

export const removeTarget = tenantRoute({
  method: 'delete',
  path: '/api/flow-targets/{id}',
  role: 'admin',
  summary: 'Removes a target; its backups and deployments stay readable',
  params: targetParams,
  answers: { 204: undefined },
  failures: ['RecordNotFound'],
  handle: async (call, { store, nodeRed }) => {
    const { tenant, environment, params } = call;
    const target = await findTarget({ store }, call, params.id);
    await nodeRed.schedule(target, 'none');
    await store.flowTargets.remove(tenant.slug, environment, params.id);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'flow-target.remove',
      target: params.id,
      detail: { environment },
    });
    return { status: 204 };
  },
});

const versioned = { 200: z.object({ version: z.number() }) };

export const setTargetAccess = tenantRoute({
  method: 'put',
  path: '/api/flow-targets/{id}/access',
  role: 'admin',
  summary: 'Sets how we get into a target; sealed and never read back',
  params: targetParams,
  body: accessShape,
  answers: versioned,
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { targetId } = await findTarget(services, call, call.params.id);
    const version = await seal(services, call, accessOwner(targetId), call.body);
    await leaveAudit(services.store, call, {
      tenantId: call.tenant.slug,
      action: 'flow-target.access',
      target: targetId,
      detail: { environment: call.environment, auth: call.body.auth.kind, version },
    });
    return { status: 200, body: { version } };
  },
});

export const setFlowSecrets = tenantRoute({
  method: 'put',
  path: '/api/flow-targets/{id}/secrets',
  role: 'admin',
  summary: 'Replaces the secrets that flows of this target may name in their credentials; never read back',
  params: targetParams,
  body: z.strictObject({ secrets: flowSecretsShape }),
  answers: versioned,
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { targetId } = await findTarget(services, call, call.params.id);
    const owner = flowSecretsOwner(targetId);
    const { slug } = call.tenant;
    const row = await services.store.credentials.get(slug, call.environment, owner);
    const before = row ? services.sealer.open(row.sealed, sealContext(slug, call.environment, owner)) : null;
    const version = await seal(services, call, owner, nextSecrets(before, call.body.secrets));
    await leaveAudit(services.store, call, {
      tenantId: call.tenant.slug,
      action: 'flow-target.secrets',
      target: targetId,
      detail: { environment: call.environment, names: Object.keys(call.body.secrets).sort(), version },
    });
    return { status: 200, body: { version } };
  },
});

const instanceTest = z.object({
  instance: z.string(),
  reachable: z.boolean(),
  failure: z.string().nullable(),
  version: z.string().nullable(),
  authKind: z.enum(['open', 'credentials', 'strategy']).nullable(),
  rev: z.string().nullable(),
  state: z.string().nullable(),
  modules: z.record(z.string(), z.string()),
  warnings: z.array(z.string()),
});

export const testTarget = tenantRoute({
  method: 'post',
  path: '/api/flow-targets/{id}/test',
  role: 'operator',
  summary: 'Speaks to every instance and tells version, login, palette, revision and what to worry about',
  params: targetParams,
  answers: { 200: z.object({ instances: z.array(instanceTest) }) },
  failures: ['RecordNotFound', 'NodeRedUnavailable', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const { targetId } = await findTarget(services, call, call.params.id);
    const errand = {
      tenantId: tenant.slug,
      environment,
      targetId,
      kind: 'test',
      actor: user.userId,
    } as const;
    const { tests } = await services.nodeRed.errand(errand);
    return { status: 200, body: { instances: tests } };
  },
});

export const acknowledgeTarget = tenantRoute({
  method: 'post',
  path: '/api/flow-targets/{id}/acknowledge',
  role: 'operator',
  summary: 'Says that a person has looked at a target that needed attention; it takes deployments again',
  params: targetParams,
  body: z.strictObject({ reason }),
  answers: { 200: targetView },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, params, body } = call;
    const target = await store.flowTargets.unlock(tenant.slug, environment, params.id);
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'flow-target.acknowledge',
      target: params.id,
      detail: { environment, reason: body.reason },
    });
    return { status: 200, body: viewOfTarget(target) };
  },
});

const waiting = z.object({ deploymentId: z.string(), actor: z.string(), requestedAtMs: z.number() });

export const getTargetQueue = tenantRoute({
  method: 'get',
  path: '/api/flow-targets/{id}/queue',
  role: 'viewer',
  summary: 'The deployment that runs at a target, and those that wait for it',
  params: targetParams,
  answers: {
    200: z.object({
      running: waiting.extend({ status: z.string(), doing: z.string() }).nullable(),
      waiting: z.array(waiting),
    }),
  },
  failures: ['RecordNotFound', 'TemporalUnavailable', 'WorkerUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment } = call;
    const { targetId } = await findTarget(services, call, call.params.id);
    const state = await services.nodeRed.state({ tenantId: tenant.slug, environment, targetId });
    return { status: 200, body: state };
  },
});
