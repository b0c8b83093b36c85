import { z } from 'zod';
import { freeSlots } from '../slots.js';
import { dateText, practicesOf, type AdminRoute } from './admin-route.js';

export const readLedger: AdminRoute = (world, { query }) => ({
  writes: world.ledger.since(
    z.coerce
      .number()
      .int()
      .min(0)
      .parse(query.get('since') ?? '0'),
  ),
});

export const readCalls: AdminRoute = (world) => world.calls.report();

export const resetCalls: AdminRoute = (world) => {
  world.calls.reset();
  return world.calls.report();
};

/** Filters by an exact value of the query, GUIDs and statuses in any case. */
const wanted = (query: URLSearchParams, name: string, value: string): boolean => {
  const filter = query.get(name);
  return filter === null || filter === '' || filter.toLowerCase() === value.toLowerCase();
};

/** In the order in which they were made. */
export const readAppointments: AdminRoute = (world, { query }) => ({
  appointments: practicesOf(world, query.get('clientId')).flatMap(({ database }) =>
    database.appointments
      .filter(({ patientGuid }) => wanted(query, 'patientGuid', patientGuid))
      .filter(({ status }) => wanted(query, 'status', status))
      .map((appointment) => ({ clientId: database.clientId, ...appointment })),
  ),
});

/** In the order in which they were made. */
export const readPatients: AdminRoute = (world, { query }) => ({
  patients: practicesOf(world, query.get('clientId')).flatMap(({ database }) =>
    database.patients
      .filter(({ lastName }) => wanted(query, 'lastName', lastName))
      .map((patient) => ({ clientId: database.clientId, ...patient })),
  ),
});

const slotsQuery = z.object({ from: dateText, to: dateText });

/** Free slots as they truly are: no throttle, no lag. */
export const readSlots: AdminRoute = (world, { query }) => {
  const range = slotsQuery.parse({ from: query.get('from'), to: query.get('to') ?? query.get('from') });
  return {
    slots: practicesOf(world, query.get('clientId')).flatMap(({ database }) =>
      freeSlots(database, database.appointments, range)
        .filter(({ view }) => wanted(query, 'locationGuid', view.locationGuid))
        .map(({ view, column, start, end, minutes, templateName, slotClass }) => ({
          clientId: database.clientId,
          viewGuid: view.viewGuid,
          columnGuid: column.columnGuid,
          locationGuid: view.locationGuid,
          start,
          end,
          minutes,
          slotClass: slotClass.description,
          classGuid: slotClass.classGuid,
          templateName,
        })),
    ),
  };
};
