import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { faultSchema } from '../faults.js';
import type { Simulation } from '../simulation.js';
import { changeSwitches } from '../switches.js';
import { addProject, changeRows, listProjects } from './project-orders.js';
import { rowsOf, truthOf } from './truth.js';

export type Order = (simulation: Simulation, body: unknown, query: URLSearchParams) => unknown;

const clockBody = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceMs: z.number().int().min(0) }),
  z.strictObject({ run: z.literal(true) }),
]);

const clockState = ({ clock }: Simulation): unknown => ({ now: new Date(clock.nowMs()).toISOString() });

/** What tests, benches and the curious may order (README.md). */
const orders: Readonly<Record<string, Order>> = {
  'GET /admin/health': () => ({ ok: true }),
  'GET /admin/projects': listProjects,
  'POST /admin/projects': addProject,
  ...changeRows,
  'GET /admin/truth': truthOf,
  'GET /admin/rows': rowsOf,
  'GET /admin/switches': ({ switches }) => switches,
  'POST /admin/switches': (simulation, body) =>
    (simulation.switches = changeSwitches(simulation.switches, body)),
  'GET /admin/faults': ({ faults }) => ({ faults: faults.left() }),
  'POST /admin/faults': ({ faults }, body) => {
    for (const fault of z.array(faultSchema).parse([body].flat())) faults.add(fault);
    return { faults: faults.left() };
  },
  'DELETE /admin/faults': ({ faults }) => {
    faults.clear();
    return {};
  },
  'GET /admin/requests': ({ log }, _, query) => ({
    total: log.total,
    requests: log.entries(query.get('path')),
  }),
  'DELETE /admin/requests': ({ log }) => {
    log.clear();
    return {};
  },
  'DELETE /admin/limits': ({ limiter }) => {
    limiter.clear();
    return {};
  },
  'GET /admin/clock': clockState,
  'POST /admin/clock': (simulation, body) => {
    const order = clockBody.parse(body);
    if ('now' in order) simulation.clock.freezeAt(Date.parse(order.now));
    else if ('advanceMs' in order) simulation.clock.advance(order.advanceMs);
    else simulation.clock.release();
    return clockState(simulation);
  },
  'POST /admin/reset': (simulation) => {
    simulation.reset();
    return {};
  },
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
    if (error instanceof z.ZodError) reply(400, { error: 'invalid order', issues: error.issues });
    else if (error instanceof SyntaxError) reply(400, { error: 'the body is not JSON' });
    else throw error;
  }
}
