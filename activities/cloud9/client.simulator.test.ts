import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../platform/config/secret.js';
import { startCloud9Simulator } from '../../simulators/cloud9/server.js';
import { createCloud9Client, type Cloud9Client } from './client.js';
import { Cloud9Error, nothingHappened, type Cloud9Fault } from './errors.js';
import {
  getAppointmentListByDate,
  getAppointmentListByPatient,
  getAppointmentsByDate,
} from './procedures/appointment-reads.js';
import { getOnlineReservations } from './procedures/availability.js';
import { getPatientInformation, getPatientList, getPortalPatientLookup } from './procedures/patient-reads.js';
import type { Procedure } from './procedures/procedure.js';
import { getAppointmentTypes, getChairSchedules, getLocations } from './procedures/reference-data.js';
import {
  setAppointment,
  setAppointmentStatusCanceled,
  setAppointmentStatusConfirmed,
  setPatient,
  setPatientComment,
  setPatientDemographicInfo,
} from './procedures/writes.js';

/* The test cases of cloud9.md 7.2 that concern the client; each name begins with its number. */

const ourClient = '11111111-1111-4111-8111-111111111111';
const theirClient = '22222222-2222-4222-8222-222222222222';
const downtown = 'aaaa0000-0000-4000-8000-000000000001';
const view = 'bbbb0000-0000-4000-8000-000000000001';
const chair1 = 'cccc0000-0000-4000-8000-000000000001';
const chair2 = 'cccc0000-0000-4000-8000-000000000002';
const exam = 'dddd0000-0000-4000-8000-000000000001';
const notOnline = 'dddd0000-0000-4000-8000-000000000099';
const ann = 'ffff0000-0000-4000-8000-000000000001';
const ben = 'ffff0000-0000-4000-8000-000000000002';

type Simulator = Awaited<ReturnType<typeof startCloud9Simulator>>;
let simulator: Simulator;
let client: Cloud9Client;

const silent = { info: () => undefined };
const clientOf = (
  change: { clientId?: string; password?: string; httpMethod?: 'POST' | 'GET' } = {},
): Cloud9Client =>
  createCloud9Client({
    tenantId: 'bright-smiles',
    account: {
      endpoint: simulator.url,
      clientId: change.clientId ?? ourClient,
      userName: 'sim-user',
      password: new Secret(change.password ?? 'sim-pass'),
    },
    httpMethod: change.httpMethod ?? 'POST',
    loggers: { cloud9Request: silent, cloud9Response: silent },
  });

async function admin<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(new URL(`/admin/${path}`, simulator.url), {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}
const fail = (procedure: string, kind: string) => admin('POST', 'faults', { procedure, kind });
const writes = async (procedure: string) =>
  (await admin<{ writes: { procedure: string }[] }>('GET', 'ledger')).writes.filter(
    (write) => write.procedure === procedure,
  );

/** Monday; the sample templates of the note stand on the next day. */
const monday = Date.UTC(2030, 2, 4, 14);
let nowMs = monday;

async function start(gapScale: number): Promise<void> {
  nowMs = monday;
  simulator = await startCloud9Simulator({ port: 0, gapScale, clock: { nowMs: () => nowMs } });
  client = clientOf();
}

beforeEach(() => start(0));
afterEach(() => simulator.close());

const faultOf = async (call: Promise<unknown>): Promise<Cloud9Fault> => {
  const error: unknown = await call.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Cloud9Error)) throw error;
  return error.fault;
};

const day = { from: '2030-03-05', to: '2030-03-05', viewGuid: null, appointmentTypeGuid: null };
const examsDowntown = async () =>
  (await client.call(getOnlineReservations, day)).filter(
    (slot) => slot.locationGuid === downtown && slot.className === 'Exams',
  );
const booking = {
  patientGuid: ann,
  start: '2030-03-05T09:00',
  viewGuid: view,
  columnGuid: chair1,
  appointmentTypeGuid: exam,
  minutes: 40,
  vendorUserName: 'SimVendor',
};
const testa = {
  firstName: 'Testa',
  lastName: "O'Fake-Ünit",
  birthDate: '2018-01-02',
  phone: '5555550100',
  email: 'nobody@example.invalid',
  providerGuid: 'eeee0000-0000-4000-8000-000000000001',
  locationGuid: downtown,
  vendorUserName: 'SimVendor',
};
const lookUpTesta = () =>
  client.call(getPortalPatientLookup, {
    firstName: testa.firstName,
    lastName: testa.lastName,
    pageIndex: 1,
    pageSize: 25,
  });
const appointmentsOf = (patientGuid: string) => client.call(getAppointmentListByPatient, { patientGuid });

describe('reads', () => {
  it('1: asks alike by POST and by GET with a body', async () => {
    const byPost = await client.call(getLocations, null);
    const byGet = await clientOf({ httpMethod: 'GET' }).call(getLocations, null);
    expect(byPost[0]).toMatchObject({ locationGuid: downtown, windowsZone: 'Eastern Standard Time' });
    expect(byGet).toEqual(byPost);
  });

  it('2, 3: tells a wrong password and a foreign client id as a matter of credentials', async () => {
    expect(await faultOf(clientOf({ password: 'wrong' }).call(getLocations, null))).toEqual({
      kind: 'auth',
      code: 1,
    });
    expect(await faultOf(clientOf({ clientId: theirClient }).call(getLocations, null))).toEqual({
      kind: 'auth',
      code: 6,
    });
  });

  it('4, 39: tells a procedure without the right', async () => {
    const unknown: Procedure<null, null> = { ...getLocations, name: 'GetDoctors', parse: () => null };
    expect(await faultOf(client.call(unknown, null))).toEqual({ kind: 'notAuthorised' });
    const change = { patientGuid: ann, firstName: 'Ann', lastName: 'Sample', birthDate: '1986-04-12' };
    expect(await faultOf(client.call(setPatientDemographicInfo, change))).toEqual({ kind: 'notAuthorised' });
  });

  it('5, 6: reads types and chairs', async () => {
    const types = await client.call(getAppointmentTypes, { showDeleted: false });
    expect(types.find((type) => type.appointmentTypeGuid === exam)).toMatchObject({
      online: true,
      deleted: false,
      minutes: 40,
    });
    expect(types.find((type) => type.appointmentTypeGuid === notOnline)).toMatchObject({ online: false });
    const chairs = await client.call(getChairSchedules, null);
    expect(chairs[0]).toMatchObject({ viewGuid: view, columnGuid: chair1, order: 1, opens: '08:00' });
  });

  it('8: reads places as their records give them', async () => {
    const slots = await examsDowntown();
    expect(slots[0]).toMatchObject({
      start: '2030-03-05T09:00',
      end: '2030-03-05T09:40',
      minutes: 40,
      viewGuid: view,
      columnGuid: chair1,
      className: 'Exams',
    });
  });

  it('9: narrows by view and type', async () => {
    const slots = await client.call(getOnlineReservations, {
      ...day,
      viewGuid: view,
      appointmentTypeGuid: exam,
    });
    expect(slots.length).toBeGreaterThan(0);
    expect(slots.every((slot) => slot.viewGuid === view && slot.className === 'Exams')).toBe(true);
  });

  it('10: takes no place at all for an answer like any other', async () => {
    await expect(
      client.call(getOnlineReservations, { ...day, from: '2032-01-01', to: '2032-01-02' }),
    ).resolves.toEqual([]);
  });

  it('11: tells too long a range as our own mistake', async () => {
    expect(await faultOf(client.call(getOnlineReservations, { ...day, to: '2030-09-30' }))).toEqual({
      kind: 'badRequest',
      code: 3,
    });
  });

  it('38: tells a closed window, and reads inside it', async () => {
    await admin('PUT', 'knobs', { window: { enabled: true, fromUtc: '00:00', toUtc: '11:00', exempt: [] } });
    const all = { modifiedSince: null, locationGuids: [] };
    expect(await faultOf(client.call(getPatientList, all))).toEqual({ kind: 'outsideWindow' });
    nowMs = Date.UTC(2030, 2, 5, 5);
    const patients = await client.call(getPatientList, { ...all, locationGuids: [downtown] });
    expect(patients.find((patient) => patient.patientGuid === ann)).toMatchObject({
      birthDate: '1986-04-12',
      postalCode: '30301',
    });
  });

  it('41: shows an appointment of a patient with two addresses once', async () => {
    const from = '2030-02-25';
    const { appointments, complete } = await client.call(getAppointmentListByDate, {
      date: from,
      lastDate: '2030-06-01',
    });
    expect(complete).toBe(true);
    expect(appointments.length).toBeGreaterThan(0);
    expect(new Set(appointments.map((appointment) => appointment.appointmentGuid)).size).toBe(
      appointments.length,
    );
  });

  it.each([
    ['nil', 'selfClosed'],
    ['missing', 'absent'],
    ['pair', 'pair'],
  ])('43: reads empty fields and empty lists in every form (%s, %s)', async (emptyField, emptyRecords) => {
    await admin('PUT', 'knobs', { emptyField, emptyRecords });
    expect((await examsDowntown())[0]).toMatchObject({ start: '2030-03-05T09:00' });
    expect((await appointmentsOf(ben))[0]).toMatchObject({ confirmation: '' });
    await expect(
      client.call(getOnlineReservations, { ...day, from: '2032-01-01', to: '2032-01-02' }),
    ).resolves.toEqual([]);
  });

  it.each(['empty', 'truncated', '502', 'drop'])(
    '44: may be repeated after an answer that is %s',
    async (kind) => {
      await fail('GetLocations', kind);
      expect(['throttled', 'malformed', 'unavailable']).toContain(
        (await faultOf(client.call(getLocations, null))).kind,
      );
      await expect(client.call(getLocations, null)).resolves.not.toHaveLength(0);
    },
  );

  it('gives up at the deadline of an exchange that hangs', async () => {
    await fail('GetLocations', 'hang');
    expect(await faultOf(client.call(getLocations, null, { timeoutMs: 50 }))).toEqual({
      kind: 'unavailable',
      why: 'deadline',
    });
    await admin('POST', 'faults/release', {});
  });
});

describe('throttling', () => {
  it('12, 26: is code 8, per procedure, and not "no slots"; the throttled booking was not made', async () => {
    await simulator.close();
    await start(1);
    await client.call(getOnlineReservations, day);
    expect(await faultOf(client.call(getOnlineReservations, day))).toMatchObject({ kind: 'throttled' });
    await expect(client.call(getLocations, null)).resolves.not.toHaveLength(0);
    const results = await Promise.allSettled([
      client.call(setAppointment, booking),
      client.call(setAppointment, { ...booking, patientGuid: ben, columnGuid: chair2 }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lists = [await appointmentsOf(ann)];
    nowMs += 1_500;
    lists.push(await appointmentsOf(ben));
    expect(
      lists.flat().filter((row) => row.start === booking.start && row.status === 'Scheduled'),
    ).toHaveLength(1);
  });
});

describe('patients', () => {
  it('13, 14, 15: are created with names that need escaping, found again, and never deduplicated by the server', async () => {
    const guid = await client.call(setPatient, testa);
    expect(guid).toBe(guid.toLowerCase());
    const [hit, ...others] = await lookUpTesta();
    expect(others).toEqual([]);
    expect(hit).toMatchObject({
      patientGuid: guid,
      firstName: 'Testa',
      lastName: "O'Fake-Ünit",
      birthDate: '2018-01-02',
      statusCode: 'NEW',
      locationGuid: downtown,
      responsibleLastName: '',
    });
    await expect(client.call(getPatientInformation, { patientGuid: guid })).resolves.toMatchObject({
      fullName: "Testa O'Fake-Ünit",
      birthDate: '2018-01-02',
      phone: '5555550100',
    });
    expect(await client.call(setPatient, testa)).not.toBe(guid);
    await expect(lookUpTesta()).resolves.toHaveLength(2);
  });

  it('16, 17: are refused definitely when a parameter is missing or wrong', async () => {
    for (const wrong of [{ vendorUserName: '' }, { providerGuid: 'not-a-guid' }]) {
      const fault = await faultOf(client.call(setPatient, { ...testa, ...wrong }));
      expect(nothingHappened(fault)).toBe(true);
    }
    await expect(lookUpTesta()).resolves.toEqual([]);
  });

  it('36: exist once after a commit whose answer was lost', async () => {
    await fail('SetPatient', 'commitThenDrop');
    expect(nothingHappened(await faultOf(client.call(setPatient, testa)))).toBe(false);
    await expect(lookUpTesta()).resolves.toMatchObject([
      { birthDate: '2018-01-02', locationGuid: downtown, statusCode: 'NEW' },
    ]);
  });

  it.each(['zeroRecords', 'code3'])(
    'are not found under an unknown GUID (%s)',
    async (unknownPatientInformation) => {
      await admin('PUT', 'knobs', { unknownPatientInformation });
      const unknown = { patientGuid: 'ffff0000-0000-4000-8000-0000000000ee' };
      expect(await faultOf(client.call(getPatientInformation, unknown))).toEqual({ kind: 'notFound' });
    },
  );

  it('40: take a comment with any characters', async () => {
    await expect(client.call(setPatientComment, { patientGuid: ann, comment: 'A & B <c>' })).resolves.toBe(
      'accepted',
    );
    const { patients } = await admin<{ patients: { patientGuid: string; comments: unknown[] }[] }>(
      'GET',
      'patients',
    );
    expect(JSON.stringify(patients.find((patient) => patient.patientGuid === ann)?.comments)).toContain(
      'A & B <c>',
    );
  });
});

describe('appointments', () => {
  it('20-23, 27-31: book, lose a race, list, confirm, cancel', async () => {
    const before = await examsDowntown();
    const guid = await client.call(setAppointment, booking);

    const after = await examsDowntown();
    expect(after).toHaveLength(before.length - 1);
    expect(after.some((slot) => slot.columnGuid === chair1 && slot.start === booking.start)).toBe(false);
    expect(after.some((slot) => slot.columnGuid === chair2 && slot.start === booking.start)).toBe(true);

    expect(await faultOf(client.call(setAppointment, { ...booking, patientGuid: ben }))).toEqual({
      kind: 'slotTaken',
    });

    const listed = await appointmentsOf(ann.toUpperCase());
    expect(listed.map((row) => row.start)).toEqual(listed.map((row) => row.start).sort());
    expect(listed.find((row) => row.appointmentGuid === guid)).toMatchObject({
      patientGuid: ann,
      start: booking.start,
      minutes: 40,
      status: 'Scheduled',
      confirmation: '',
      appointmentTypeGuid: exam,
      locationGuid: downtown,
    });

    await expect(client.call(setAppointmentStatusConfirmed, { appointmentGuid: guid })).resolves.toBe(
      'accepted',
    );
    expect((await appointmentsOf(ann)).find((row) => row.appointmentGuid === guid)).toMatchObject({
      status: 'Scheduled',
      confirmation: 'Vendor Provided Confirmation',
    });

    const sheet = await client.call(getAppointmentsByDate, { date: '2030-03-05', viewGuid: view });
    expect(sheet.find((row) => row.appointmentGuid === guid)).toMatchObject({
      chairOrder: 1,
      currentCents: 0,
    });

    await expect(client.call(setAppointmentStatusCanceled, { appointmentGuid: guid })).resolves.toBe(
      'accepted',
    );
    expect((await appointmentsOf(ann)).find((row) => row.appointmentGuid === guid)).toMatchObject({
      status: 'Cancelled',
    });
    await expect(examsDowntown()).resolves.toHaveLength(before.length);
    expect(await faultOf(client.call(setAppointmentStatusCanceled, { appointmentGuid: guid }))).toEqual({
      kind: 'refused',
      reason: 'alreadyCancelled',
    });
    expect(
      await faultOf(client.call(setAppointmentStatusConfirmed, { appointmentGuid: guid })),
    ).toMatchObject({ kind: 'refused' });
  });

  it.each([
    ['18: an unknown patient', { patientGuid: 'ffff0000-0000-4000-8000-0000000000ee' }, 'patientUnknown'],
    ['24: a start in the past', { start: '2030-03-01T09:00' }, 'inThePast'],
    ['25: a type that is not online', { appointmentTypeGuid: notOnline }, 'typeNotOnline'],
    [
      '25: a class in place of a type',
      { appointmentTypeGuid: '9999aaaa-0000-4000-8000-000000000001' },
      'unspecified',
    ],
    ['19: an unknown view', { viewGuid: 'bbbb0000-0000-4000-8000-0000000000ee' }, 'unspecified'],
    ['19: an unknown column', { columnGuid: 'cccc0000-0000-4000-8000-0000000000ee' }, 'unspecified'],
  ])('%s is refused definitely, and nothing is booked', async (_case, change, reason) => {
    expect(await faultOf(client.call(setAppointment, { ...booking, ...change }))).toEqual({
      kind: 'refused',
      reason,
    });
    expect((await examsDowntown())[0]).toMatchObject({ columnGuid: chair1, start: booking.start });
  });

  it('23: booking a chair that is not the one offered is a taken slot', async () => {
    const examless = 'cccc0000-0000-4000-8000-000000000003';
    expect((await examsDowntown()).some((slot) => slot.columnGuid === examless)).toBe(false);
    expect(await faultOf(client.call(setAppointment, { ...booking, columnGuid: examless }))).toEqual({
      kind: 'slotTaken',
    });
  });

  it('32: a cancel after the appointment is never a success', async () => {
    const guid = await client.call(setAppointment, booking);
    nowMs = Date.UTC(2030, 2, 6, 14);
    expect(await faultOf(client.call(setAppointmentStatusCanceled, { appointmentGuid: guid }))).toEqual({
      kind: 'refused',
      reason: 'inThePast',
    });
  });

  it('33: an unknown appointment is refused, not cancelled', async () => {
    const unknown = { appointmentGuid: '99990000-0000-4000-8000-0000000000ee' };
    expect(nothingHappened(await faultOf(client.call(setAppointmentStatusCanceled, unknown)))).toBe(true);
  });

  it.each(['commitThenDrop', 'commitThen502', 'truncated', 'empty'])(
    '34, 44: after %s the booking is there and the answer unclear',
    async (kind) => {
      await fail('SetAppointment', kind);
      expect(nothingHappened(await faultOf(client.call(setAppointment, booking)))).toBe(false);
      expect((await appointmentsOf(ann)).filter((row) => row.start === booking.start)).toHaveLength(1);
      await expect(writes('SetAppointment')).resolves.toHaveLength(1);
    },
  );

  it.each(['502', 'drop'])(
    '35: after %s before the commit the answer is just as unclear, and nothing is there',
    async (kind) => {
      await fail('SetAppointment', kind);
      expect(nothingHappened(await faultOf(client.call(setAppointment, booking)))).toBe(false);
      expect((await appointmentsOf(ann)).filter((row) => row.start === booking.start)).toEqual([]);
    },
  );

  it('37: a blind resend of a booking that was made reads as a taken slot', async () => {
    await fail('SetAppointment', 'commitThenDrop');
    await faultOf(client.call(setAppointment, booking));
    expect(await faultOf(client.call(setAppointment, booking))).toEqual({ kind: 'slotTaken' });
  });
});
