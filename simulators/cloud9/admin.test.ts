import { afterEach, expect, test } from 'vitest';
import { names, newPatient, startNotePractice, theDay, visit, type RawCaller } from './testing/raw-caller.js';

let practice: RawCaller;
afterEach(() => practice.close());

const place = { columnGuid: names.col1, start: '2030-03-05T09:00' };

test('the front desk takes a slot away and gives it back, past the throttle and outside the ledger', async () => {
  practice = await startNotePractice({ gapScale: 1 });
  const booked = await practice.admin('POST', '/front-desk/book', { clientId: names.client, ...place });
  expect(booked.status).toBe(200);
  expect((await practice.call('SetAppointment', visit())).result).toContain('specified time slot');
  expect((await practice.admin('POST', '/front-desk/book', place)).status).toBe(409);
  const { appointmentGuid } = booked.body as { appointmentGuid: string };
  const mine = (await practice.admin('GET', `/appointments?clientId=${names.client}&status=scheduled`))
    .body as {
    appointments: object[];
  };
  expect(mine.appointments.at(-1)).toMatchObject({
    appointmentGuid,
    ...place,
    minutes: 40,
    typeGuid: names.type1,
  });
  await practice.admin('POST', '/front-desk/cancel', { appointmentGuid: appointmentGuid.toUpperCase() });
  const slots = await practice.admin('GET', '/slots?from=2030-03-05&to=2030-03-05');
  expect((slots.body as { slots: object[] }).slots).toHaveLength(4);
  expect((await practice.admin('GET', '/ledger')).body).toMatchObject({
    writes: [{ procedure: 'SetAppointment' }],
  });
});

test('free slots are told by location without any throttle', async () => {
  practice = await startNotePractice({ gapScale: 1 });
  const slots = async (query: string) =>
    (
      (await practice.admin('GET', `/slots?from=2030-03-05&to=2030-03-12${query}`)).body as {
        slots: object[];
      }
    ).slots;
  expect(await slots('')).toHaveLength(8);
  expect((await slots(`&locationGuid=${names.loc1.toUpperCase()}&clientId=${names.client}`))[0]).toEqual({
    clientId: names.client,
    viewGuid: names.view1,
    columnGuid: names.col1,
    locationGuid: names.loc1,
    start: '2030-03-05T09:00',
    end: '2030-03-05T09:40',
    minutes: 40,
    slotClass: 'Exams',
    classGuid: names.class1,
    templateName: 'Exam Morning',
  });
  expect(await slots(`&clientId=${names.otherClient}`)).toHaveLength(0);
  expect((await practice.admin('GET', '/slots?from=soon')).status).toBe(400);
});

test('a painted block is offered and can be booked', async () => {
  practice = await startNotePractice();
  const block = {
    columnGuid: names.col2,
    slotClass: 'Exams',
    date: '2030-03-05',
    start: '14:00',
    minutes: 40,
  };
  expect((await practice.admin('POST', '/templates', block)).status).toBe(200);
  expect((await practice.call('GetOnlineReservations', theDay)).records).toHaveLength(5);
  const there = visit({ StartTime: '3/5/2030 2:00:00 PM', ScheduleColumnGUID: names.col2 });
  expect((await practice.call('SetAppointment', there)).result).toContain('Appointment GUID Added');
});

test('an added patient is found by callers', async () => {
  practice = await startNotePractice();
  const person = {
    clientId: names.client,
    firstName: 'Nia',
    lastName: 'Invented',
    birthDate: '2015-05-05',
    phone: '5555550177',
  };
  const { patientGuid } = (await practice.admin('POST', '/patients', person)).body as { patientGuid: string };
  expect((await practice.call('GetPatientInformation', { patguid: patientGuid })).records).toMatchObject([
    { PatientFullName: ' Nia Invented ', PatientPhone: '5555550177', PatientBirthDate: '05/05/2015' },
  ]);
});

test('the ledger lists every write with its tenant, parameters and record, never the password, and pages by sequence', async () => {
  practice = await startNotePractice();
  await practice.call('SetPatient', newPatient());
  await practice.call('SetPatient', newPatient(), { password: 'wrong-secret' });
  await practice.call('GetLocations');
  const { body } = await practice.admin('GET', '/ledger');
  expect(body).toMatchObject({
    writes: [
      { seq: 1, clientId: names.client, parameters: { patientLastName: "O'Fake-Ünit" }, committed: true },
      { seq: 2, outcome: 'Error 1: Invalid ClientID, user name or password.', committed: false, guid: null },
    ],
  });
  expect(JSON.stringify(body)).not.toMatch(/sim-pass|wrong-secret/);
  expect((await practice.admin('GET', '/ledger?since=1')).body).toMatchObject({ writes: [{ seq: 2 }] });
});

test('calls are counted with their outcomes, their closest spacing and how many ran together', async () => {
  practice = await startNotePractice();
  await practice.admin('POST', '/faults', {
    procedure: 'GetLocations',
    kind: 'delay',
    delayMs: 50,
    times: 2,
  });
  await Promise.all([practice.call('GetLocations'), practice.call('GetLocations')]);
  await practice.call('GetDoctors');
  const { body } = await practice.admin('GET', '/calls');
  expect(body).toMatchObject({
    procedures: {
      GetLocations: { count: 2, maxConcurrent: 2, inFlight: 0, outcomes: { Success: 2 } },
      GetDoctors: { count: 1, maxConcurrent: 1, shortestGapMs: null, outcomes: { 'Error 10': 1 } },
    },
  });
});

test('the clock can be set, runs on or stands still, and goes back to the real one', async () => {
  practice = await startNotePractice();
  const now = async () => ((await practice.admin('GET', '/clock')).body as { now: string }).now;
  expect(await now()).toMatch(/^2030-03-04T14:00:/);
  await practice.admin('PUT', '/clock', { nowIso: '2030-07-01T12:00:00Z', frozen: true });
  expect(await now()).toBe('2030-07-01T12:00:00.000Z');
  await practice.admin('PUT', '/clock', { nowIso: null });
  expect(Math.abs(Date.parse(await now()) - Date.now())).toBeLessThan(5_000);
  expect((await practice.admin('PUT', '/clock', { nowIso: 'soon' })).status).toBe(400);
});

test('an unknown knob is refused with its name and changes nothing', async () => {
  practice = await startNotePractice();
  const refused = await practice.admin('PUT', '/knobs', { throttle: { gapScal: 0 } });
  expect(refused.status).toBe(400);
  expect((refused.body as { error: string }).error).toContain('gapScal');
  expect((await practice.admin('PUT', '/knobs', { profile: 'production' })).body).toMatchObject({
    window: { enabled: true },
  });
});

test('GET can be refused, and error envelopes can carry another HTTP status', async () => {
  practice = await startNotePractice();
  await practice.admin('PUT', '/knobs', { acceptGet: false, errorEnvelopeHttpStatus: 500 });
  expect((await practice.call('GetLocations', null, { method: 'GET' })).status).toBe(405);
  expect(await practice.call('GetDoctors')).toMatchObject({ status: 500, errorCode: '10' });
});

test('a reset gives fresh data, default knobs, no faults and an empty ledger', async () => {
  practice = await startNotePractice();
  await practice.call('SetAppointment', visit());
  await practice.admin('PUT', '/knobs', { emptyField: 'nil' });
  await practice.admin('POST', '/faults', { procedure: '*', kind: '502', times: null });
  expect((await practice.admin('POST', '/reset', { fixture: 'note' })).body).toMatchObject({
    fixture: 'note',
  });
  expect((await practice.admin('GET', '/ledger')).body).toEqual({ writes: [] });
  expect((await practice.admin('GET', '/knobs')).body).toMatchObject({ emptyField: 'pair' });
  expect((await practice.call('GetOnlineReservations', theDay)).records).toHaveLength(4);
  expect((await practice.admin('POST', '/reset', { fixture: 'practice' })).body).toMatchObject({
    fixture: 'practice',
  });
});

test('an unknown admin path lists the endpoints, and an unknown page is 404', async () => {
  practice = await startNotePractice();
  const { status, body } = await practice.admin('GET', '/nothing');
  expect(status).toBe(404);
  expect((body as { endpoints: string[] }).endpoints).toContain('GET /admin/ledger');
  expect((await fetch(practice.url.replace('GetData', 'Other'))).status).toBe(404);
});
