import { z } from 'zod';
import type { HttpExchange } from '../http-exchange.js';
import type { World } from '../world.js';
import { AdminError, type AdminRoute } from './admin-route.js';
import {
  addFault,
  changeKnobs,
  clearFaults,
  health,
  readClock,
  readFaults,
  readKnobs,
  releaseFaults,
  reset,
  setClock,
} from './control.js';
import { addPatient, book, cancel, paint } from './front-desk.js';
import { readAppointments, readCalls, readLedger, readPatients, readSlots, resetCalls } from './observe.js';

const routes: Readonly<Record<string, AdminRoute>> = {
  'GET /admin/health': health,
  'GET /admin/knobs': readKnobs,
  'PUT /admin/knobs': changeKnobs,
  'GET /admin/clock': readClock,
  'PUT /admin/clock': setClock,
  'GET /admin/faults': readFaults,
  'POST /admin/faults': addFault,
  'DELETE /admin/faults': clearFaults,
  'POST /admin/faults/release': releaseFaults,
  'GET /admin/ledger': readLedger,
  'GET /admin/calls': readCalls,
  'DELETE /admin/calls': resetCalls,
  'GET /admin/appointments': readAppointments,
  'GET /admin/patients': readPatients,
  'POST /admin/patients': addPatient,
  'GET /admin/slots': readSlots,
  'POST /admin/templates': paint,
  'POST /admin/front-desk/book': book,
  'POST /admin/front-desk/cancel': cancel,
  'POST /admin/reset': reset,
};

/** The door for tests and demos, in JSON. Never throttled, never hit by faults. */
export async function answerAdmin(world: World, exchange: HttpExchange): Promise<void> {
  const { pathname, searchParams: query } = new URL(exchange.request.url ?? '/', 'http://simulator');
  const route = routes[`${exchange.request.method ?? ''} ${pathname}`];
  if (route === undefined)
    return exchange.json({ error: 'No such admin endpoint', endpoints: Object.keys(routes) }, 404);
  try {
    const text = (await exchange.body()) ?? '';
    const answer = await route(world, { query, body: text === '' ? {} : (JSON.parse(text) as unknown) });
    await exchange.json(answer);
  } catch (error) {
    if (error instanceof AdminError) return exchange.json({ error: error.message }, error.status);
    if (error instanceof z.ZodError) return exchange.json({ error: z.prettifyError(error) }, 400);
    if (error instanceof SyntaxError) return exchange.json({ error: 'The body is not JSON' }, 400);
    throw error;
  }
}
