import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { plainTurn, scriptedTurn } from './script.js';
import type { Simulation } from './simulation.js';

const scriptBody = z.strictObject({ conversation: z.string().min(1), turns: z.array(scriptedTurn) });
const stubBody = z.strictObject({ answer: z.looseObject({ say: z.string() }) });
const knobsBody = z.strictObject({ latencyMs: z.number().min(0) });
const repinBody = z.strictObject({ conversation: z.string().min(1) });

type Order = (simulation: Simulation, body: unknown, query: URLSearchParams) => unknown;

/** What tests, benches and the curious may order (README.md). */
const orders: Readonly<Record<string, Order>> = {
  'GET /admin/health': () => ({ ok: true }),
  'POST /admin/scripts': ({ script }, body) => {
    const { conversation, turns } = scriptBody.parse(body);
    script.add(conversation, turns);
    return { queued: turns.length };
  },
  'POST /admin/stub': (simulation, body) => {
    simulation.stub = plainTurn(JSON.stringify(stubBody.parse(body).answer));
    return {};
  },
  'DELETE /admin/stub': (simulation) => {
    simulation.stub = null;
    return {};
  },
  'POST /admin/release': ({ gate }) => ({ released: gate.release() }),
  'POST /admin/knobs': (simulation, body) => {
    simulation.latencyMs = knobsBody.parse(body).latencyMs;
    return { latencyMs: simulation.latencyMs };
  },
  'POST /admin/repin': ({ memories }, body) => ({
    known: memories.delete(repinBody.parse(body).conversation),
  }),
  'POST /admin/reset': (simulation) => {
    simulation.script.clear();
    simulation.memories.clear();
    simulation.cache.clear();
    simulation.journal.clear();
    simulation.gate.release();
    simulation.stub = null;
    simulation.latencyMs = 0;
    return {};
  },
  'GET /admin/journal': ({ journal }, _, query) => ({
    total: journal.total(),
    requests: journal.entries(query.get('conversation')),
  }),
};

/** Answers one request below `/admin/` with JSON; 404 for an unknown order, 400 with the reasons for a body that does not fit. */
export function administer(
  simulation: Simulation,
  request: { readonly method: string; readonly url: URL; readonly body: string },
  response: ServerResponse,
): void {
  const reply = (status: number, value: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  const order = orders[`${request.method} ${request.url.pathname}`];
  if (!order) {
    reply(404, { error: 'unknown order', orders: Object.keys(orders) });
    return;
  }
  try {
    const body: unknown = request.body === '' ? {} : JSON.parse(request.body);
    reply(200, order(simulation, body, request.url.searchParams));
  } catch (error) {
    if (error instanceof z.ZodError) reply(400, { error: 'invalid body', issues: error.issues });
    else if (error instanceof SyntaxError) reply(400, { error: 'the body is not JSON' });
    else throw error;
  }
}
