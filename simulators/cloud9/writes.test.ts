import { afterEach, describe, expect, test } from 'vitest';
import {
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

const upperGuid = /^Patient Added: [0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/;
const appointmentAdded = /^Appointment GUID Added: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const slotTaken = 'Error: This appointment cannot be scheduled in the specified time slot.';

async function book(change = {}): Promise<string> {
  const { result } = await practice.call('SetAppointment', visit(change));
  const guid = appointmentAdded.exec(result)?.[1];
  if (guid === undefined) throw new Error(`not booked: ${result}`);
  return guid;
}

const patientCount = async (): Promise<number> =>
  ((await practice.admin('GET', '/patients')).body as { patients: unknown[] }).patients.length;

const appointments = async (query = ''): Promise<readonly Record<string, unknown>[]> =>
  ((await practice.admin('GET', `/appointments${query}`)).body as { appointments: Record<string, unknown>[] })
    .appointments;

describe('SetPatient', () => {
  test('cases 13 and 14: a new patient is answered in upper case and read back in lower case, padded, with both spellings of a birth date', async () => {
    practice = await startNotePractice();
    const { result } = await practice.call('SetPatient', newPatient());
    expect(result).toMatch(upperGuid);
    const guid = result.slice('Patient Added: '.length).toLowerCase();
    const { records } = await practice.call('GetPortalPatientLookup', lookup('O&apos;Fake-Ünit, Testa'));
    expect(records).toHaveLength(1);
    expect(Object.keys(records[0]!)).toHaveLength(25);
    expect(records[0]).toMatchObject({
      PatientGUID: guid,
      PatientBirthDate: '1/2/2018 12:00:00 AM',
      PatientStatusCode: 'NEW',
      PatientIsInactive: 'False',
      ResponsibleGUID: '',
      ResponsibleLastName: '',
    });
    const info = await practice.call('GetPatientInformation', { patguid: guid.toUpperCase() });
    expect(info.records).toHaveLength(1);
    expect(Object.keys(info.records[0]!)).toHaveLength(17);
    expect(info.records[0]).toMatchObject({
      PatientFullName: " Testa O'Fake-Ünit ",
      PatientBirthDate: '01/02/2018',
      PatientPhone: '5555550100',
    });
    expect(info.body).not.toContain(guid);
  });

  test('case 15: sending a patient twice makes two patients', async () => {
    practice = await startNotePractice();
    const first = await practice.call('SetPatient', newPatient());
    const second = await practice.call('SetPatient', newPatient());
    expect(second.result).toMatch(upperGuid);
    expect(second.result).not.toBe(first.result);
    const { records } = await practice.call('GetPortalPatientLookup', lookup('O&apos;Fake-Ünit, Testa'));
    expect(records).toHaveLength(2);
  });

  test('case 16: a missing or empty VendorUserName is code 2 and makes nobody', async () => {
    practice = await startNotePractice();
    const before = await patientCount();
    const { VendorUserName, ...rest } = newPatient();
    expect(VendorUserName).toBe('SimVendor');
    expect(await practice.call('SetPatient', rest)).toMatchObject({
      responseStatus: 'Error',
      errorCode: '2',
    });
    expect(await practice.call('SetPatient', newPatient({ VendorUserName: '' }))).toMatchObject({
      errorCode: '2',
    });
    expect(await patientCount()).toBe(before);
  });

  test('case 17: an unknown or malformed provider is refused in the channel of the knob and makes nobody', async () => {
    practice = await startNotePractice();
    const before = await patientCount();
    for (const providerGUID of [names.nobody, 'not-a-guid']) {
      await practice.admin('PUT', '/knobs', { setPatientErrors: 'envelope' });
      expect(await practice.call('SetPatient', newPatient({ providerGUID }))).toMatchObject({
        errorCode: '3',
      });
      await practice.admin('PUT', '/knobs', { setPatientErrors: 'result' });
      const answer = await practice.call('SetPatient', newPatient({ providerGUID }));
      expect(answer.responseStatus).toBe('Success');
      expect(answer.result).toMatch(/^Error:/);
    }
    expect(await patientCount()).toBe(before);
  });

  test('a phone number that is on file is refused only when a knob says so', async () => {
    practice = await startNotePractice();
    await practice.admin('PUT', '/knobs', { rejectDuplicatePhone: true });
    expect((await practice.call('SetPatient', newPatient())).result).toMatch(upperGuid);
    expect(await practice.call('SetPatient', newPatient())).toMatchObject({ errorCode: '3' });
  });
});

describe('SetAppointment', () => {
  test('case 18: an unknown patient is an Error: result in a Success envelope', async () => {
    practice = await startNotePractice();
    const answer = await practice.call('SetAppointment', visit({ PatientGUID: names.nobody }));
    expect(answer).toMatchObject({
      responseStatus: 'Success',
      result: 'Error: Patient GUID specified does not exist.',
    });
  });

  test('case 19: an unknown view, and a column of another view, are refused and book nothing', async () => {
    practice = await startNotePractice();
    const before = (await appointments()).length;
    for (const change of [
      { ScheduleViewGUID: names.nobody },
      { ScheduleColumnGUID: names.nobody },
      { ScheduleViewGUID: names.view2 },
    ]) {
      expect((await practice.call('SetAppointment', visit(change))).result).toMatch(/^Error:/);
    }
    expect(await practice.call('SetAppointment', visit({ ScheduleViewGUID: 'not-a-guid' }))).toMatchObject({
      errorCode: '3',
    });
    expect(await appointments()).toHaveLength(before);
  });

  test('cases 20 to 23: a booked slot disappears on its own chair only, and a second booking of it or of a foreign chair is refused', async () => {
    practice = await startNotePractice();
    await book();
    const { records } = await practice.call('GetOnlineReservations', theDay);
    expect(records.map((record) => [record['ScheduleColumnGUID'], record['StartTime']])).toEqual([
      [names.col1, '3/5/2030 9:40:00 AM'],
      [names.col1, '3/5/2030 10:20:00 AM'],
      [names.col2, '3/5/2030 9:00:00 AM'],
    ]);
    expect(await practice.call('SetAppointment', visit({ PatientGUID: names.pat2 }))).toMatchObject({
      responseStatus: 'Success',
      result: slotTaken,
    });
    const elsewhere = visit({
      PatientGUID: names.pat2,
      StartTime: '3/5/2030 9:40:00 AM',
      ScheduleColumnGUID: names.col2,
    });
    expect((await practice.call('SetAppointment', elsewhere)).result).toBe(slotTaken);
  });

  test('case 24: a place in the past is refused as past', async () => {
    practice = await startNotePractice();
    expect((await practice.call('SetAppointment', visit({ StartTime: '3/1/2030 9:00:00 AM' }))).result).toBe(
      'Error: Appointments cannot be scheduled in the past.',
    );
  });

  test('the past begins at the wall clock of the location', async () => {
    practice = await startNotePractice();
    // 13:30 UTC is 8:30 in the Eastern zone of $LOC1: 9:00 is still to come.
    await practice.admin('PUT', '/clock', { nowIso: '2030-03-05T13:30:00Z' });
    await book();
    await practice.admin('PUT', '/clock', { nowIso: '2030-03-05T14:50:00Z' });
    expect(
      (await practice.call('SetAppointment', visit({ StartTime: '3/5/2030 9:40:00 AM' }))).result,
    ).toContain('past');
  });

  test('case 25: a type that is not online, and a class instead of a type, are refused and book nothing', async () => {
    practice = await startNotePractice();
    const before = (await appointments()).length;
    const notOnline = await practice.call('SetAppointment', visit({ AppointmentTypeGUID: names.typeX }));
    expect(notOnline.result).toMatch(/^Error:.*not allow online scheduling/);
    expect(
      (await practice.call('SetAppointment', visit({ AppointmentTypeGUID: names.class1 }))).result,
    ).toMatch(/^Error:/);
    expect(await appointments()).toHaveLength(before);
  });

  test('case 26: of two bookings of different slots at the same moment one succeeds and the other is code 8 and not booked', async () => {
    practice = await startNotePractice({ gapScale: 1 });
    const before = (await appointments()).length;
    const answers = await Promise.all([
      practice.call('SetAppointment', visit({ PatientGUID: names.pat3 })),
      practice.call('SetAppointment', visit({ PatientGUID: names.pat4, StartTime: '3/5/2030 9:40:00 AM' })),
    ]);
    expect(answers.map(({ errorCode }) => errorCode).sort()).toEqual(['', '8']);
    expect(answers.find(({ errorCode }) => errorCode === '')?.result).toMatch(appointmentAdded);
    expect(await appointments()).toHaveLength(before + 1);
  });

  test('Minutes and start need not be those of the block, unless the block rule is turned', async () => {
    practice = await startNotePractice();
    const long = visit({ StartTime: '3/5/2030 9:10:00 AM', Minutes: '60', ScheduleColumnGUID: names.col2 });
    for (const blockRule of ['coversMinutes', 'exactStart']) {
      await practice.admin('PUT', '/knobs', { blockRule });
      expect((await practice.call('SetAppointment', long)).result).toBe(slotTaken);
    }
    await practice.admin('PUT', '/knobs', { blockRule: 'containsStart' });
    expect((await practice.call('SetAppointment', long)).result).toMatch(appointmentAdded);
  });

  test('a class takes its own types only, and a knob changes which', async () => {
    practice = await startNotePractice();
    const adjustment = visit({ AppointmentTypeGUID: names.type2, Minutes: '20' });
    expect((await practice.call('SetAppointment', adjustment)).result).toBe(slotTaken);
    await practice.admin('PUT', '/knobs', { classTypes: { [names.class1]: [names.type2] } });
    expect((await practice.call('SetAppointment', adjustment)).result).toMatch(appointmentAdded);
    expect((await practice.call('SetAppointment', visit({ StartTime: '3/5/2030 9:40:00 AM' }))).result).toBe(
      slotTaken,
    );
  });
});

describe('reading and changing an appointment', () => {
  test('case 27: the list of a patient has 22 fields and ascends over all history, whatever the case of the GUID', async () => {
    practice = await startNotePractice();
    const guid = await book();
    const { records } = await practice.call('GetAppointmentListByPatient', {
      patGUID: names.pat1.toUpperCase(),
    });
    expect(records.map((record) => record['AppointmentDateTime'])).toEqual([
      '2/19/2030 9:00:00 AM',
      '3/5/2030 9:00:00 AM',
      '3/19/2030 9:00:00 AM',
    ]);
    expect(Object.keys(records[1]!)).toHaveLength(22);
    expect(records[1]).toMatchObject({
      AppointmentGUID: guid,
      AppointmentStatusDescription: 'Scheduled',
      AppointmentConfirmation: '',
      AppointmentMinutes: '40',
    });
    expect(records[0]!['AppointmentNote']).toBe('Came with her mother.\nBring X-rays &amp; forms.');
  });

  test('case 28: confirming leaves the status and sets the confirmation text', async () => {
    practice = await startNotePractice();
    const apptGUID = await book();
    expect((await practice.call('SetAppointmentStatusConfirmed', { apptGUID })).result).toBe('OK');
    const { records } = await practice.call('GetAppointmentListByPatient', { patGUID: names.pat1 });
    expect(records[1]).toMatchObject({
      AppointmentStatusDescription: 'Scheduled',
      AppointmentConfirmation: 'Vendor Provided Confirmation',
    });
    await practice.call('SetAppointmentStatusCanceled', { apptGUID });
    expect((await practice.call('SetAppointmentStatusConfirmed', { apptGUID })).result).toMatch(
      /^Error:.*must be in a Scheduled status/,
    );
  });

  test('cases 29 to 31: cancelling frees the slot, leaves the day sheet, stays in the list, and is refused a second time', async () => {
    practice = await startNotePractice();
    const apptGUID = await book();
    const sheet = () =>
      practice.call('GetAppointmentsByDate', { dtAppointment: '3/5/2030', schdvwGUID: names.view1 });
    expect((await sheet()).records).toMatchObject([
      { AppointmentGUID: apptGUID, Chair: '1', Current: '000', TotalDue: '000', Adult: 'A' },
    ]);
    expect((await sheet()).records[0]).not.toHaveProperty('PatientGUID');
    expect(Object.keys((await sheet()).records[0]!)).toHaveLength(25); // 26 fields, apptNote missing

    expect((await practice.call('SetAppointmentStatusCanceled', { apptGUID })).result).toBe('OK');
    expect((await practice.call('GetOnlineReservations', theDay)).records).toHaveLength(4);
    expect((await sheet()).records).toHaveLength(0);
    const { records } = await practice.call('GetAppointmentListByPatient', { patGUID: names.pat1 });
    expect(records[1]).toMatchObject({
      AppointmentGUID: apptGUID,
      AppointmentStatusDescription: 'Cancelled',
    });
    const again = await practice.call('SetAppointmentStatusCanceled', { apptGUID });
    expect(again.result).toMatch(/^Error:.*Status: Cancelled/);

    await practice.admin('PUT', '/knobs', { daySheetShowsCancelled: true });
    expect((await sheet()).records).toHaveLength(1);
    expect((await practice.call('SetAppointment', visit({ PatientGUID: names.pat2 }))).result).toMatch(
      appointmentAdded,
    );
  });

  test('case 32: an appointment in the past cannot be cancelled', async () => {
    practice = await startNotePractice();
    const apptGUID = await book();
    await practice.admin('PUT', '/clock', { nowIso: '2030-03-06T14:00:00Z' });
    expect((await practice.call('SetAppointmentStatusCanceled', { apptGUID })).result).toBe(
      'Error: Appointment in the past cannot be canceled.',
    );
  });

  test('case 33: confirming or cancelling an unknown appointment is an error in the channel of the knob', async () => {
    practice = await startNotePractice();
    for (const procedure of ['SetAppointmentStatusConfirmed', 'SetAppointmentStatusCanceled']) {
      await practice.admin('PUT', '/knobs', { unknownAppointment: 'result' });
      expect((await practice.call(procedure, { apptGUID: names.nobody })).result).toMatch(/^Error:/);
      await practice.admin('PUT', '/knobs', { unknownAppointment: 'code3' });
      expect(await practice.call(procedure, { apptGUID: names.nobody })).toMatchObject({ errorCode: '3' });
    }
  });
});

describe('other writes', () => {
  test('case 39: demographics are not authorised until a knob lets them through', async () => {
    practice = await startNotePractice();
    const change = { patguid: names.pat1, persFirstName: 'Anna' };
    const refused = await practice.call('SetPatientDemographicInfo', change);
    expect(refused).toMatchObject({ responseStatus: 'Error', errorCode: '10' });
    await practice.admin('PUT', '/knobs', { unauthorizedProcedures: [] });
    expect((await practice.call('SetPatientDemographicInfo', change)).result).toBe('OK');
    expect((await practice.call('GetPortalPatientLookup', lookup('Sample, Anna'))).records).toHaveLength(1);
  });

  test('case 40: a comment is stored unescaped and cannot be read over the wire', async () => {
    practice = await startNotePractice();
    const comment = { patGUID: names.pat1, patComment: 'A &amp; B &lt;c&gt; &amp;lt;' };
    expect((await practice.call('SetPatientComment', comment)).result).toBe('OK');
    const { body } = await practice.admin('GET', '/patients?lastName=sample');
    expect(body).toMatchObject({ patients: [{ patientGuid: names.pat1, comments: ['A & B <c> &lt;'] }, {}] });
    expect((await practice.call('GetPatientInformation', { patguid: names.pat1 })).body).not.toContain(
      'A &amp; B',
    );
  });

  test('reads do not see a write while the read-after-write lag lasts, but the checks of writes do', async () => {
    let nowMs = Date.parse('2030-01-01T00:00:00Z');
    practice = await startNotePractice({ clock: { nowMs: () => nowMs } });
    await practice.admin('PUT', '/knobs', { readAfterWriteLagMs: 3_000 });
    const apptGUID = await book();
    const seen = async () =>
      (await practice.call('GetAppointmentListByPatient', { patGUID: names.pat1 })).records;
    expect(await seen()).toHaveLength(2);
    expect((await practice.call('GetOnlineReservations', theDay)).records).toHaveLength(4);
    expect((await practice.call('SetAppointment', visit())).result).toBe(slotTaken);
    nowMs += 3_000;
    expect(await seen()).toHaveLength(3);
    await practice.call('SetAppointmentStatusCanceled', { apptGUID });
    expect((await seen())[1]).toMatchObject({ AppointmentStatusDescription: 'Scheduled' });
    nowMs += 3_000;
    expect((await seen())[1]).toMatchObject({ AppointmentStatusDescription: 'Cancelled' });
  });
});
