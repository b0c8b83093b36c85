import { z } from 'zod';
import { publicRoute } from '../route.js';
import { toProblem } from '../problems.js';

const dependency = z.enum(['up', 'down']);
const readiness = z.object({
  ready: z.boolean(),
  database: dependency,
  temporal: dependency,
  worker: dependency,
});

export const live = publicRoute({
  method: 'get',
  path: '/health/live',
  summary: 'The process answers',
  answers: { 200: z.object({ live: z.boolean() }) },
  handle: () => Promise.resolve({ status: 200 as const, body: { live: true } }),
});

export const ready = publicRoute({
  method: 'get',
  path: '/health/ready',
  summary: 'Every dependency answers: store, Temporal server, a worker that polls',
  answers: { 200: readiness, 503: readiness },
  handle: async (_call, { pingStore, conversations }) => {
    const [database, engine] = await Promise.allSettled([pingStore(), conversations.ping()]);
    const failure = engine.status === 'rejected' ? toProblem(engine.reason).failure : null;
    const body: z.output<typeof readiness> = {
      ready: database.status === 'fulfilled' && failure === null,
      database: database.status === 'fulfilled' ? 'up' : 'down',
      temporal: failure === null || failure === 'WorkerUnavailable' ? 'up' : 'down',
      worker: failure === null ? 'up' : 'down',
    };
    return { status: body.ready ? 200 : 503, body };
  },
});

export const home = publicRoute({
  method: 'get',
  path: '/',
  summary: 'Where things are',
  answers: {
    200: z.object({ service: z.string(), docs: z.string(), openapi: z.string(), ready: z.string() }),
  },
  handle: () =>
    Promise.resolve({
      status: 200 as const,
      body: { service: 'chairside', docs: '/docs', openapi: '/openapi.json', ready: '/health/ready' },
    }),
});
