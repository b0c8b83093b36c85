import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Environment } from '../../../domain/tenant.js';
import type { LaneReport } from '../../../platform/store/langfuse/lane-rows.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute, type TenantScope } from '../../route.js';
import type { ApiServices } from '../../services.js';
import { nextCursor, pageQuery } from '../paging.js';
import { importShape, importView, ownConfig } from './shapes.js';

const params = z.strictObject({ id: z.string() });
const at = z.iso.datetime({ offset: true });

/** A range of the past, one trace, or one session. */
const order = z.union([
  z.strictObject({ configId: z.string(), from: at, to: at }),
  z.strictObject({ configId: z.string(), traceId: z.string().min(1).max(800) }),
  z.strictObject({ configId: z.string(), sessionId: z.string().min(1).max(800) }),
]);

async function ownImport(
  call: Pick<TenantScope, 'tenant' | 'environment'>,
  importId: string,
  services: Pick<ApiServices, 'store'>,
): Promise<LaneReport> {
  const lane = await services.store.importLanes.get(call.tenant.slug, importId);
  if (!lane) throw new Problem('RecordNotFound');
  await ownConfig(call, lane.configId, services);
  return lane;
}

const run = (
  { traceImports }: Pick<ApiServices, 'traceImports'>,
  tenantId: string,
  environment: Environment,
  { laneId, configId, kind, state }: LaneReport,
): Promise<unknown> =>
  traceImports.start({
    tenantId,
    environment,
    configId,
    importId: laneId,
    kind: kind as 'backfill',
    anew: state !== 'running',
  });

export const orderImport = tenantRoute({
  method: 'post',
  path: '/api/imports',
  role: 'operator',
  summary: 'Imports a range of the past, one trace or one session; the regular import is not touched by it',
  body: order,
  answers: { 202: importShape },
  failures: ['RecordNotFound', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment, body } = call;
    const { store, clock } = services;
    const { configId } = await ownConfig(call, body.configId, services);
    const importId = randomUUID();
    const lane = await store.importLanes.order(tenant.slug, configId, importId, orderOf(body));
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'import.order',
      target: importId,
      detail: { kind: lane.kind, configId },
    });
    await run(services, tenant.slug, environment, lane);
    return { status: 202, body: importView(lane, clock.nowMs()) };
  },
});

function orderOf(body: z.output<typeof order>): Parameters<ApiServices['store']['importLanes']['order']>[3] {
  if ('traceId' in body) return { kind: 'trace', subject: body.traceId };
  if ('sessionId' in body) return { kind: 'session', subject: body.sessionId };
  const fromMs = Date.parse(body.from);
  const toMs = Date.parse(body.to);
  if (fromMs >= toMs)
    throw new Problem('ValidationFailed', { errors: [{ path: 'to', message: 'must be later than from' }] });
  return { kind: 'backfill', fromMs, toMs };
}

export const listImports = tenantRoute({
  method: 'get',
  path: '/api/imports',
  role: 'viewer',
  summary: 'Imports that people have ordered, newest first, with their progress',
  query: z.strictObject({ ...pageQuery, configId: z.string() }),
  answers: { 200: z.object({ imports: z.array(importShape), nextCursor }) },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { configId, ...page } = call.query;
    await ownConfig(call, configId, services);
    const found = await services.store.importLanes.list(call.tenant.slug, configId, page);
    const nowMs = services.clock.nowMs();
    return {
      status: 200,
      body: { imports: found.rows.map((lane) => importView(lane, nowMs)), nextCursor: found.nextCursor },
    };
  },
});

export const getImport = tenantRoute({
  method: 'get',
  path: '/api/imports/{id}',
  role: 'viewer',
  summary: 'How far an import is: windows, rows, rate, time left',
  params,
  answers: { 200: importShape },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const lane = await ownImport(call, call.params.id, services);
    return { status: 200, body: importView(lane, services.clock.nowMs()) };
  },
});

export const cancelImport = tenantRoute({
  method: 'post',
  path: '/api/imports/{id}/cancel',
  role: 'operator',
  summary: 'Stops an import after the page that it reads; what was read stays, and it can be resumed',
  params,
  answers: { 202: importShape },
  failures: ['RecordNotFound', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant } = call;
    const lane = await ownImport(call, call.params.id, services);
    await services.traceImports.cancel(tenant.slug, lane.laneId);
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'import.cancel',
      target: lane.laneId,
    });
    return { status: 202, body: importView(lane, services.clock.nowMs()) };
  },
});

export const resumeOrderedImport = tenantRoute({
  method: 'post',
  path: '/api/imports/{id}/resume',
  role: 'operator',
  summary: 'Goes on with an import that was cancelled or has failed, at the place where it stopped',
  params,
  answers: { 202: importShape },
  failures: ['RecordNotFound', 'Conflict', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { tenant, environment } = call;
    const { store, clock } = services;
    const lane = await ownImport(call, call.params.id, services);
    if (lane.state === 'done')
      throw new Problem('Conflict', { detail: 'This import is complete. Order another one to read again.' });
    const { laneId, configId } = lane;
    await store.importLanes.settle(tenant.slug, configId, laneId, { state: 'running', outcome: null });
    await run(services, tenant.slug, environment, lane);
    await leaveAudit(store, call, { tenantId: tenant.slug, action: 'import.resume', target: laneId });
    const resumed = await ownImport(call, laneId, services);
    return { status: 202, body: importView(resumed, clock.nowMs()) };
  },
});

export const listQuarantine = tenantRoute({
  method: 'get',
  path: '/api/import-quarantine',
  role: 'operator',
  summary: 'Rows that could not be read, as they came, with the reason; newest first',
  query: z.strictObject({ ...pageQuery, configId: z.string() }),
  answers: {
    200: z.object({
      rows: z.array(
        z.object({
          quarantineId: z.string(),
          configId: z.string(),
          api: z.enum(['v1', 'v2']),
          kind: z.enum(['trace', 'observation']),
          reason: z.string(),
          raw: z.string(),
          firstSeenAtMs: z.number(),
          lastSeenAtMs: z.number(),
        }),
      ),
      nextCursor,
    }),
  },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { configId, ...page } = call.query;
    await ownConfig(call, configId, services);
    const found = await services.store.importedTraces.quarantine(call.tenant.slug, configId, page);
    return { status: 200, body: { rows: found.rows, nextCursor: found.nextCursor } };
  },
});
