import { z } from 'zod';
import { faultSchema } from '../faults.js';
import { turnKnobs } from '../knobs.js';
import type { AdminRoute } from './admin-route.js';

export const health: AdminRoute = (world) => ({
  status: 'ok',
  fixture: world.fixture,
  profile: world.knobs.profile,
  now: new Date(world.clock.nowMs()).toISOString(),
  databases: [...world.practices.values()].map(({ database }) => ({
    clientId: database.clientId,
    practiceName: database.practiceName,
    patients: database.patients.length,
    appointments: database.appointments.length,
  })),
});

export const readKnobs: AdminRoute = (world) => world.knobs;

/** Merges the body into the knobs. */
export const changeKnobs: AdminRoute = async (world, { body }) => {
  await world.turn(turnKnobs(world.knobs, body));
  return world.knobs;
};

const clockSchema = z.strictObject({
  nowIso: z.iso.datetime({ offset: true }).nullable(),
  frozen: z.boolean().default(false),
});

export const setClock: AdminRoute = async (world, { body }) => {
  const { nowIso, frozen } = clockSchema.parse(body);
  world.clock.set(nowIso, frozen);
  await world.persist();
  return readClock(world, { query: new URLSearchParams(), body: {} });
};

export const readClock: AdminRoute = (world) => ({
  now: new Date(world.clock.nowMs()).toISOString(),
  setting: world.clock.setting,
});

export const addFault: AdminRoute = (world, { body }) => ({ id: world.faults.add(faultSchema.parse(body)) });

export const readFaults: AdminRoute = (world) => world.faults.report();

export const clearFaults: AdminRoute = (world) => {
  world.faults.clear();
  return world.faults.report();
};

export const releaseFaults: AdminRoute = (world) => ({ released: world.faults.release() });

const resetSchema = z.strictObject({ fixture: z.enum(['note', 'practice']).optional() });

export const reset: AdminRoute = async (world, { body }) => {
  await world.reset(resetSchema.parse(body).fixture ?? world.fixture);
  return health(world, { query: new URLSearchParams(), body: {} });
};
