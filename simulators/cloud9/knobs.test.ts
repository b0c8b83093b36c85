import { afterEach, expect, test } from 'vitest';
import { workMs } from './latency.js';
import {
  envelope,
  lookup,
  names,
  newPatient,
  startNotePractice,
  theDay,
  visit,
  type RawCaller,
} from './testing/raw-caller.js';

let practice: RawCaller;
afterEach(() => practice.close());

const turn = (knobs: object) => practice.admin('PUT', '/knobs', knobs);
const found = async (filter: string): Promise<number> =>
  (await practice.call('GetPortalPatientLookup', lookup(filter))).records.length;

test('lookupMatch decides whether a lookup takes prefixes, parts or whole names', async () => {
  practice = await startNotePractice();
  expect([await found('Sam'), await found('ampl'), await found('SAMPLE, ann')]).toEqual([2, 0, 1]);
  await turn({ lookupMatch: 'contains' });
  expect(await found('ampl')).toBe(2);
  await turn({ lookupMatch: 'exact' });
  expect([await found('Sam'), await found('sample, Ann')]).toEqual([0, 1]);
});

test('guidListSeparator: more than one view is an invalid value until a separator is set', async () => {
  practice = await startNotePractice();
  const two = { ...theDay, schdvwGUIDs: `${names.view1},${names.view2}` };
  expect(await practice.call('GetOnlineReservations', two)).toMatchObject({ errorCode: '3' });
  await turn({ guidListSeparator: ',' });
  expect((await practice.call('GetOnlineReservations', two)).records).toHaveLength(4);
});

test('rangeError and maxRangeDays change what a long range gets', async () => {
  practice = await startNotePractice();
  const long = { ...theDay, endDate: '04/05/2030 5:00:00 PM' };
  await turn({ maxRangeDays: 30, rangeError: 'result' });
  expect((await practice.call('GetOnlineReservations', long)).result).toBe(
    'Error: The date range is longer than 30 days.',
  );
  await turn({ rangeError: 'zeroRecords' });
  expect(await practice.call('GetOnlineReservations', long)).toMatchObject({
    responseStatus: 'Success',
    records: [],
  });
});

test('nonOnlineTypeFilter can answer with a message', async () => {
  practice = await startNotePractice();
  await turn({ nonOnlineTypeFilter: 'result' });
  const answer = await practice.call('GetOnlineReservations', { ...theDay, appttypGUIDs: names.typeX });
  expect(answer.result).toContain('not allow online scheduling');
});

test('morning and afternoon split the day at noon', async () => {
  practice = await startNotePractice();
  const day = { ...theDay, startDate: '3/12/2030', endDate: '3/12/2030' };
  expect((await practice.call('GetOnlineReservations', { ...day, morning: 'False' })).records).toHaveLength(
    3,
  );
  expect((await practice.call('GetOnlineReservations', { ...day, afternoon: '0' })).records).toHaveLength(1);
  expect(await practice.call('GetOnlineReservations', { ...day, morning: 'maybe' })).toMatchObject({
    errorCode: '3',
  });
});

test('listByDateLimit cuts rows silently, whole locations last', async () => {
  practice = await startNotePractice();
  await turn({ listByDateLimit: 1 });
  const { records } = await practice.call('GetAppointmentListByDate', { dtAppointment: '03/13/2030' });
  expect(records).toHaveLength(1);
});

test('unknownPatientInformation: zero records or code 3', async () => {
  practice = await startNotePractice();
  const unknown = { patguid: names.nobody };
  expect(await practice.call('GetPatientInformation', unknown)).toMatchObject({
    responseStatus: 'Success',
    records: [],
  });
  await turn({ unknownPatientInformation: 'code3' });
  expect(await practice.call('GetPatientInformation', unknown)).toMatchObject({ errorCode: '3' });
});

test('storeEmail, GUID cases and texts of writes follow their knobs', async () => {
  practice = await startNotePractice();
  await turn({
    storeEmail: true,
    setPatientGuidCase: 'lower',
    setAppointmentGuidCase: 'upper',
    texts: { cancelled: 'Done.' },
  });
  const { result } = await practice.call('SetPatient', newPatient());
  const patguid = result.slice('Patient Added: '.length);
  expect(patguid).toBe(patguid.toLowerCase());
  expect((await practice.call('GetPatientInformation', { patguid })).records).toMatchObject([
    { PatientEmail: 'nobody@example.invalid' },
  ]);
  const booked = await practice.call('SetAppointment', visit());
  const apptGUID = booked.result.slice('Appointment GUID Added: '.length);
  expect(apptGUID).toBe(apptGUID.toUpperCase());
  expect((await practice.call('SetAppointmentStatusCanceled', { apptGUID })).result).toBe('Done.');
});

test('pastClock judges the past by the server or by UTC instead of the location', async () => {
  practice = await startNotePractice();
  await practice.admin('PUT', '/clock', { nowIso: '2030-03-05T13:30:00Z' }); // 8:30 Eastern
  await turn({ pastClock: 'utc' });
  expect((await practice.call('SetAppointment', visit())).result).toContain('in the past');
  await turn({ pastClock: 'eastern' });
  expect((await practice.call('SetAppointment', visit())).result).toContain('GUID Added');
});

test('modifiedSinceClock compares with UTC or with the server clock', async () => {
  practice = await startNotePractice();
  // The patients changed at 18:30 UTC, 13:30 Eastern.
  const since = { ModifiedSince: '01/15/2030 3:00:00 PM' };
  expect((await practice.call('GetPatientList', since)).records).not.toHaveLength(0);
  await turn({ modifiedSinceClock: 'eastern' });
  expect((await practice.call('GetPatientList', since)).records).toHaveLength(0);
});

test('enforceClass off lets a type into any block', async () => {
  practice = await startNotePractice();
  await turn({ enforceClass: false });
  expect(
    (await practice.call('SetAppointment', visit({ AppointmentTypeGUID: names.type2 }))).result,
  ).toContain('GUID Added');
});

test('missingParameter tolerated: an absent VendorUserName does not matter', async () => {
  practice = await startNotePractice();
  await turn({ missingParameter: 'tolerated' });
  expect((await practice.call('SetPatient', newPatient({ VendorUserName: '' }))).result).toContain(
    'Patient Added',
  );
});

test('requireNamespace: another namespace is not understood unless the knob is off', async () => {
  practice = await startNotePractice();
  const bare = { envelope: envelope('GetLocations', null).replace(/ xmlns="[^"]*"/, '') };
  expect(await practice.call('GetLocations', null, bare)).toMatchObject({ status: 200, errorCode: '0' });
  await turn({ requireNamespace: false });
  expect(await practice.call('GetLocations', null, bare)).toMatchObject({ responseStatus: 'Success' });
});

test('the observed latency grows with the range and is scaled', async () => {
  practice = await startNotePractice();
  const observed = { profile: 'observed', scale: 1 } as const;
  expect(workMs('GetOnlineReservations', 0, observed)).toBe(5_000);
  expect(workMs('GetOnlineReservations', 180, observed)).toBe(15_000);
  expect(workMs('SetAppointment', 0, { ...observed, scale: 0.5 })).toBe(2_250);
  await turn({ latency: { profile: 'observed', scale: 0.01 } });
  const startMs = performance.now();
  await practice.call('GetOnlineReservations', theDay);
  expect(performance.now() - startMs).toBeGreaterThanOrEqual(45);
});
