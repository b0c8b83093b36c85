import { randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { activeStatus } from '../patient-status.js';
import { appointmentStatuses, type Patient } from '../practice-database.js';
import type { PracticeRecords } from '../practice-records.js';
import { walkInLastName } from '../seed/invented-patient.js';
import { appointmentInTheWay, blocksOf, paintBlock } from '../slots.js';
import {
  AdminError,
  clockText,
  dateText,
  guidText,
  practiceThat,
  practiceTimeText,
  type AdminRoute,
} from './admin-route.js';

const usualMinutes = 20; // for a place without a painted block

// Not strict: a caller may hand over a whole slot or hold record.
const bookSchema = z.object({
  clientId: z.string().optional(),
  columnGuid: guidText,
  start: practiceTimeText,
  patientGuid: guidText.optional(),
  typeGuid: guidText.optional(),
  minutes: z.number().int().min(1).optional(),
});

/** Staff takes a place, for the walk-in patient unless another is named. No throttle; not a write of the ledger. 409 when it is taken. */
export const book: AdminRoute = async (world, { body }) => {
  const order = bookSchema.parse(body);
  const { columnGuid, start } = order;
  const records = practiceThat(world, order.clientId, `Column ${columnGuid}`, ({ columns }) =>
    columns.some((column) => column.columnGuid === columnGuid),
  );
  const { database } = records;
  const column = database.columns.find((candidate) => candidate.columnGuid === columnGuid);
  const view = database.views.find(({ viewGuid }) => viewGuid === column?.viewGuid);
  const block = blocksOf(database, columnGuid, start.slice(0, 10)).find(
    (candidate) => candidate.start <= start && start < candidate.end,
  );
  const patient = patientFor(records, order.patientGuid);
  const type =
    order.typeGuid ?? block?.slotClass.typeGuids[0] ?? database.types.find(({ online }) => online)?.typeGuid;
  if (view === undefined || type === undefined)
    throw new AdminError(409, 'This database has no view or no type to book');
  const minutes = order.minutes ?? block?.minutes ?? usualMinutes;
  if (appointmentInTheWay(database.appointments, { columnGuid, start, minutes }) !== undefined) {
    throw new AdminError(409, `The place ${start} on this column is taken`);
  }
  const appointmentGuid = randomUUID();
  records.addAppointment({
    appointmentGuid,
    patientGuid: patient.patientGuid,
    start,
    minutes,
    viewGuid: view.viewGuid,
    columnGuid,
    locationGuid: view.locationGuid,
    typeGuid: type,
    providerGuid: patient.providerGuid,
    status: 'Scheduled',
    confirmation: '',
    note: '',
    createdAtMs: world.clock.nowMs(),
  });
  await world.persist();
  return { appointmentGuid };
};

function patientFor(records: PracticeRecords, patientGuid: string | undefined): Patient {
  const patient =
    patientGuid === undefined
      ? records.database.patients.find(({ lastName }) => lastName === walkInLastName)
      : records.patient(patientGuid);
  if (patient === undefined)
    throw new AdminError(404, 'No such patient. Give a patientGuid of this database.');
  return patient;
}

const cancelSchema = z.object({
  clientId: z.string().optional(),
  appointmentGuid: guidText,
  status: z.enum(appointmentStatuses).default('Cancelled'),
});

/** Staff cancels, or sets another status, the past included. */
export const cancel: AdminRoute = async (world, { body }) => {
  const { clientId, appointmentGuid, status } = cancelSchema.parse(body);
  const records = practiceThat(world, clientId, `Appointment ${appointmentGuid}`, ({ appointments }) =>
    appointments.some((appointment) => appointment.appointmentGuid === appointmentGuid),
  );
  const appointment = records.appointment(appointmentGuid);
  if (appointment !== undefined) records.changeAppointment(appointment, { status });
  await world.persist();
  return { appointmentGuid, status };
};

const patientSchema = z.strictObject({
  clientId: z.string(),
  patientGuid: guidText.optional(),
  firstName: z.string().min(1),
  lastName: z.string().min(1),
  birthDate: dateText.nullable().default(null),
  gender: z.string().default(''),
  phone: z.string().default(''),
  phoneDescription: z.string().default('Home'),
  email: z.string().default(''),
  addresses: z
    .array(
      z.strictObject({ street: z.string(), city: z.string(), state: z.string(), postalCode: z.string() }),
    )
    .default([]),
  locationGuid: guidText.optional(),
  providerGuid: guidText.optional(),
});

/** Adds a patient as staff does: active, at the first location and provider unless others are named. */
export const addPatient: AdminRoute = async (world, { body }) => {
  const person = patientSchema.parse(body);
  const records = practiceThat(world, person.clientId, 'The patient', () => true);
  const { locations, providers } = records.database;
  const patientGuid = person.patientGuid ?? randomUUID();
  if (records.patient(patientGuid) !== undefined)
    throw new AdminError(409, 'This patientGuid exists already');
  const nowMs = world.clock.nowMs();
  records.addPatient({
    patientGuid,
    personGuid: randomUUID(),
    patientId: String(randomInt(100_000, 1_000_000)),
    firstName: person.firstName,
    middleName: '',
    lastName: person.lastName,
    title: '',
    suffix: '',
    greeting: person.firstName,
    gender: person.gender,
    birthDate: person.birthDate,
    school: '',
    addresses: person.addresses.map((address) => ({ addressGuid: randomUUID(), ...address })),
    phones: person.phone === '' ? [] : [{ description: person.phoneDescription, number: person.phone }],
    email: person.email,
    providerGuid: person.providerGuid ?? providers[0]?.providerGuid ?? '',
    locationGuid: person.locationGuid ?? locations[0]?.locationGuid ?? '',
    status: activeStatus,
    inactive: false,
    responsible: null,
    statusStartAtMs: nowMs,
    entryAtMs: nowMs,
    modifiedAtMs: nowMs,
    balance: { current: 0, pastDue: 0, dueNow: 0 },
    comments: [],
  });
  await world.persist();
  return { patientGuid };
};

const paintSchema = z.strictObject({
  clientId: z.string().optional(),
  columnGuid: guidText,
  /** Class by GUID or by description, such as `Exams`. */
  slotClass: z.string().min(1),
  date: dateText,
  start: clockText,
  minutes: z.number().int().min(1).max(480),
});

/** Paints one block on a column. */
export const paint: AdminRoute = async (world, { body }) => {
  const { clientId, slotClass, ...block } = paintSchema.parse(body);
  const { database } = practiceThat(world, clientId, `Column ${block.columnGuid}`, ({ columns }) =>
    columns.some(({ columnGuid }) => columnGuid === block.columnGuid),
  );
  const known = database.classes.find(
    ({ classGuid, description }) => classGuid === slotClass.toLowerCase() || description === slotClass,
  );
  if (known === undefined) throw new AdminError(404, `No class ${slotClass} in this database`);
  paintBlock(database, { ...block, classGuid: known.classGuid });
  await world.persist();
  return { ...block, classGuid: known.classGuid };
};
