import { afterEach, expect, test } from 'vitest';
import { practiceDatabases } from './seed/fixture-practice.js';
import { freeSlots } from './slots.js';
import { names, startNotePractice, type RawCaller } from './testing/raw-caller.js';

// A Wednesday; templates run from Monday 2027-05-31.
const today = '2027-06-02';

test('the same day gives the same practice, two databases with three locations in three zones', () => {
  const databases = practiceDatabases(today);
  expect(JSON.stringify(practiceDatabases(today))).toBe(JSON.stringify(databases));
  expect(
    databases.flatMap(({ locations }) => locations.map(({ name, windowsZone }) => [name, windowsZone])),
  ).toEqual([
    ['Downtown', 'Eastern Standard Time'],
    ['Lakeside', 'Central Standard Time'],
    ['Mesa', 'Mountain Standard Time'],
  ]);
});

test('sixteen weeks from this Monday and one past week have slots on weekdays, with a lunch gap, and nothing beyond', () => {
  for (const database of practiceDatabases(today)) {
    const all = freeSlots(database, database.appointments, { from: '2027-01-01', to: '2028-01-01' });
    const days = new Set(all.map(({ start }) => start.slice(0, 10)));
    expect([...days].sort()[0]).toBe('2027-05-24');
    expect([...days].sort().at(-1)).toBe('2027-09-17');
    expect(days.size).toBe(17 * 5);
    expect(all.filter(({ start, end }) => start.slice(11) < '13:00' && end.slice(11) > '12:00')).toEqual([]);
    for (const location of database.locations) {
      const here = all.filter(({ view }) => view.locationGuid === location.locationGuid);
      expect(new Set(here.map(({ slotClass }) => slotClass.description))).toEqual(
        new Set(['Exams', 'Adjustments']),
      );
    }
  }
});

test('every GUID and every reference of the seed holds together, and no two appointments meet', () => {
  for (const database of practiceDatabases(today)) {
    const views = new Set(database.views.map(({ viewGuid }) => viewGuid));
    const patients = new Set(database.patients.map(({ patientGuid }) => patientGuid));
    expect(patients.size).toBe(database.patients.length);
    expect(database.columns.every(({ viewGuid }) => views.has(viewGuid))).toBe(true);
    for (const appointment of database.appointments) {
      expect(patients.has(appointment.patientGuid)).toBe(true);
      expect(database.types.some(({ typeGuid }) => typeGuid === appointment.typeGuid)).toBe(true);
      const column = database.columns.find(({ columnGuid }) => columnGuid === appointment.columnGuid);
      expect(column?.viewGuid).toBe(appointment.viewGuid);
    }
    const places = database.appointments.map(({ columnGuid, start }) => `${columnGuid} ${start}`);
    expect(new Set(places).size).toBe(places.length);
  }
});

let practice: RawCaller | undefined;
afterEach(() => practice?.close());

test('Ann Sample and her children are there, the children with coming visits, and a full range of slots is answered quickly', async () => {
  const nowMs = Date.parse(`${today}T15:00:00Z`);
  practice = await startNotePractice({ fixture: 'practice', clock: { nowMs: () => nowMs } });
  expect((await practice.call('GetPatientInformation', { patguid: names.pat1 })).records).toMatchObject([
    { PatientBirthDate: '04/12/1986', PatientPhone: '5555550101', PatientPostalCode: '30301' },
  ]);
  for (const patGUID of [names.pat2, names.pat3]) {
    const { records } = await practice.call('GetAppointmentListByPatient', { patGUID });
    expect(records.map((record) => record['AppointmentStatusDescription'])).toContain('Scheduled');
  }
  const range = {
    startDate: '06/02/2027 7:00:00 AM',
    endDate: '09/30/2027 5:00:00 PM',
    morning: 'True',
    afternoon: 'True',
  };
  const startMs = performance.now();
  const { records } = await practice.call('GetOnlineReservations', range);
  expect(records.length).toBeGreaterThan(3_000);
  expect(performance.now() - startMs).toBeLessThan(3_000); // about 0.1 s; generous for a busy machine
  const river = { clientId: names.otherClient, userName: 'river-user', password: 'river-pass' };
  expect((await practice.call('GetLocations', null, river)).records).toMatchObject([
    { LocationName: 'Mesa' },
  ]);
});
