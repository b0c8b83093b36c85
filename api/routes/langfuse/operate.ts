import { z } from 'zod';
import { verdicts } from '../../../domain/langfuse/proof.js';
import { leaveAudit } from '../../audit.js';
import { Problem } from '../../problems.js';
import { tenantRoute, type Route } from '../../route.js';
import { nextCursor, pageQuery } from '../paging.js';
import { ownConfig } from './shapes.js';

const params = z.strictObject({ id: z.string() });

export const testLangfuseConfig = tenantRoute({
  method: 'post',
  path: '/api/langfuse-configs/{id}/test',
  role: 'operator',
  summary: 'Asks the server whether the keys work, whose project it is and what it can do, in words',
  params,
  answers: {
    200: z.object({
      serverVersion: z.string(),
      projectId: z.string(),
      projectName: z.string(),
      organizationId: z.string(),
      organizationName: z.string(),
      mode: z.enum(['legacy', 'dual', 'events_only']),
      readApi: z.enum(['v1', 'v2']),
      inWords: z.array(z.string()),
    }),
  },
  failures: [
    'RecordNotFound',
    'IntegrationNotConfigured',
    'LangfuseAuth',
    'LangfuseForbidden',
    'LangfuseWrongHost',
    'LangfuseThrottled',
    'LangfuseUnavailable',
    'LangfuseMalformed',
    'WorkerUnavailable',
    'TemporalUnavailable',
  ],
  handle: async (call, services) => {
    const config = await ownConfig(call, call.params.id, services);
    return { status: 200, body: await services.traceImports.probe(config) };
  },
});

export const getImportSchedule = tenantRoute({
  method: 'get',
  path: '/api/langfuse-configs/{id}/schedule',
  role: 'viewer',
  summary: 'When the import runs next, whether it is paused, and its latest runs',
  params,
  answers: {
    200: z.object({
      paused: z.boolean(),
      note: z.string().nullable(),
      nextRunsMs: z.array(z.number()),
      running: z.array(z.string()),
      latestRunsMs: z.array(z.number()),
    }),
  },
  failures: ['RecordNotFound', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const config = await ownConfig(call, call.params.id, services);
    const schedule = await services.traceImports.schedule(config);
    if (!schedule) throw new Problem('RecordNotFound', { detail: 'This configuration has no schedule.' });
    return { status: 200, body: schedule };
  },
});

/** Pause, resume and trigger differ in one word. */
const operate = (verb: 'pause' | 'resume' | 'trigger', summary: string): Route =>
  tenantRoute({
    method: 'post',
    path: `/api/langfuse-configs/{id}/${verb}`,
    role: 'operator',
    summary,
    params,
    body: z.strictObject({ note: z.string().trim().max(200).default('') }),
    answers: { 204: undefined },
    failures: ['RecordNotFound', 'TemporalUnavailable'],
    handle: async (call, services) => {
      const { user, body } = call;
      const config = await ownConfig(call, call.params.id, services);
      const note = body.note === '' ? `by ${user.userId}` : body.note;
      await services.traceImports[verb](config, note);
      await leaveAudit(services.store, call, {
        tenantId: config.tenantId,
        action: `langfuse-config.${verb}`,
        target: config.configId,
        detail: { note: body.note },
      });
      return { status: 204 };
    },
  });

export const pauseImport = operate('pause', 'Stops further runs of the import; one that runs ends');
export const resumeImport = operate('resume', 'Lets the import run again; it goes on where it stopped');
export const triggerImport = operate('trigger', 'Runs the import now, unless it runs');

const counts = z.object({
  received: z.number(),
  copies: z.number(),
  unreadable: z.number(),
  synthetic: z.number(),
  added: z.number(),
  changed: z.number(),
});

export const listImportWindows = tenantRoute({
  method: 'get',
  path: '/api/langfuse-configs/{id}/windows',
  role: 'viewer',
  summary:
    'Windows of the import with their proofs, newest first; `verdict=mismatch` lists what does not add up',
  params,
  query: z.strictObject({ ...pageQuery, verdict: z.enum(verdicts).optional() }),
  answers: {
    200: z.object({
      windows: z.array(
        z.object({
          windowId: z.string(),
          laneId: z.string(),
          kind: z.string(),
          fromMs: z.number(),
          toMs: z.number(),
          api: z.enum(['v1', 'v2']),
          state: z.enum(['walking', 'sealed', 'abandoned']),
          attempt: z.number(),
          pages: z.number(),
          traces: counts,
          observations: counts,
          verdict: z.enum(verdicts).nullable(),
          /** Both sides of the comparison, and what differs. */
          proof: z.unknown(),
          openedAtMs: z.number(),
          sealedAtMs: z.number().nullable(),
        }),
      ),
      nextCursor,
    }),
  },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const { tenantId, configId } = await ownConfig(call, call.params.id, services);
    const { verdict, ...page } = call.query;
    const found = await services.store.importWindows.list(tenantId, configId, { verdict }, page);
    const windows = found.rows.map(({ counts: seen, walk, ...window }) => ({
      ...window,
      pages: walk.pages,
      traces: seen.traces,
      observations: seen.observations,
    }));
    return { status: 200, body: { windows, nextCursor: found.nextCursor } };
  },
});
