import { afterEach, expect, test } from 'vitest';
import { lookup, names, startNotePractice, theDay, type RawCaller } from './testing/raw-caller.js';

let practice: RawCaller;
afterEach(() => practice.close());

test('case 1: GetLocations answers POST without Parameters and GET with a body alike, as text/html with nine fields', async () => {
  practice = await startNotePractice();
  const posted = await practice.call('GetLocations', null);
  expect(posted).toMatchObject({ status: 200, responseStatus: 'Success' });
  expect(posted.headers).toMatchObject({
    'content-type': 'text/html',
    'cache-control': 'private',
    vary: 'Accept-Encoding',
    server: 'Microsoft-IIS/10.0',
    'x-aspnet-version': '4.0.30319',
    'x-powered-by': 'ASP.NET',
  });
  expect(Object.keys(posted.records[0]!)).toEqual([
    'LocationGUID',
    'LocationName',
    'LocationCode',
    'TimeZone',
    'LocationPrintedName',
    'LocationAddress',
    'LocationCity',
    'LocationState',
    'LocationPostalCode',
  ]);
  expect(posted.records[0]).toMatchObject({ LocationGUID: names.loc1, TimeZone: 'Eastern Standard Time' });
  const got = await practice.call('GetLocations', null, { method: 'GET' });
  expect(got.status).toBe(200);
  expect(got.body).toBe(posted.body);
});

test('an answer is gzip when the caller accepts it, and a body that is no envelope is code 0', async () => {
  practice = await startNotePractice();
  const response = await fetch(practice.url, {
    method: 'POST',
    headers: { 'accept-encoding': 'gzip' },
    body: 'x',
  });
  expect(response.headers.get('content-encoding')).toBe('gzip');
  expect(await response.text()).toContain('<ErrorCode>0</ErrorCode>');
});

test('case 2: a wrong password is an error envelope with code 1 and no Records', async () => {
  practice = await startNotePractice();
  const answer = await practice.call('GetLocations', null, { password: 'wrong' });
  expect(answer).toMatchObject({ status: 200, responseStatus: 'Error', errorCode: '1' });
  expect(answer.body).not.toContain('Records');
  expect(await practice.call('GetLocations', null, { clientId: names.nobody })).toMatchObject({
    errorCode: '1',
  });
});

test('case 3: the ClientID of the other database is code 6', async () => {
  practice = await startNotePractice();
  const answer = await practice.call('GetLocations', null, { clientId: names.otherClient });
  expect(answer).toMatchObject({ responseStatus: 'Error', errorCode: '6' });
});

test('case 4: a procedure that nobody has seen is code 10', async () => {
  practice = await startNotePractice();
  const answer = await practice.call('GetDoctors');
  expect(answer).toMatchObject({ responseStatus: 'Error', errorCode: '10' });
  expect(answer.body).toContain('not authorized');
});

test('case 5: appointment types mix 0 with True and False, and hide deleted types', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetAppointmentTypes', { showDeleted: 'False' });
  expect(Object.keys(records[0]!)).toEqual([
    'AppointmentTypeGUID',
    'AppointmentTypeCode',
    'AppointmentTypeDescription',
    'AppointmentTypeMinutes',
    'AppointmentTypeDeleted',
    'AppointmentTypeGaidgeCode',
    'AppointmentTypeAllowOnlineScheduling',
  ]);
  expect(new Set(records.map((record) => record['AppointmentTypeDeleted']))).toEqual(new Set(['0']));
  expect(records[0]).toMatchObject({
    AppointmentTypeAllowOnlineScheduling: 'True',
    AppointmentTypeMinutes: '40',
  });
  expect(records.at(-1)).toMatchObject({
    AppointmentTypeGUID: names.typeX,
    AppointmentTypeAllowOnlineScheduling: 'False',
  });
  expect(records[0]!['AppointmentTypeCode']).toMatch(/ $/);
  expect(records[2]!['AppointmentTypeDescription']).toBe('Records &amp; Photos');
  expect((await practice.call('GetAppointmentTypes', { showDeleted: 'true' })).records).toHaveLength(
    records.length + 1,
  );
});

test('case 6: chair schedules have one row per view and column, with times of 1/1/1900', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetChairSchedules');
  expect(records).toHaveLength(5);
  expect(records[0]).toEqual({
    locGUID: names.loc1,
    locName: 'Downtown',
    schdvwGUID: names.view1,
    schdvwDescription: 'Doctor Schedule',
    schdvwStartTime: '1/1/1900 8:00:00 AM',
    schdvwEndTime: '1/1/1900 5:00:00 PM',
    schdcolGUID: names.col1,
    schdcolDescription: 'Chair 1',
    svcOrder: '1',
  });
});

test('case 7: a parameter in the wrong case counts as missing, with a warning, unless names are lenient', async () => {
  practice = await startNotePractice();
  const { startDate, ...rest } = theDay;
  const wrong = { StartDate: startDate!, ...rest };
  expect(await practice.call('GetOnlineReservations', wrong)).toMatchObject({ errorCode: '2' });
  expect((await practice.admin('GET', '/calls')).body).toMatchObject({
    warnings: [{ procedure: 'GetOnlineReservations', text: 'parameter StartDate is spelt startDate' }],
  });
  await practice.admin('PUT', '/knobs', { parameterNames: 'lenient' });
  expect((await practice.call('GetOnlineReservations', wrong)).records).toHaveLength(4);
});

test('case 8: reservations are painted blocks with thirteen fields and empty type fields', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetOnlineReservations', theDay);
  expect(records).toHaveLength(4);
  expect(Object.entries(records[0]!)).toEqual([
    ['StartTime', '3/5/2030 9:00:00 AM'],
    ['EndTime', '3/5/2030 9:40:00 AM'],
    ['ScheduleColumnDescription', 'Chair 1'],
    ['ScheduleTemplateName', 'Exam Morning'],
    ['AppointmentClassDescription', 'Exams'],
    ['AppointmentClassGUID', names.class1],
    ['AppointmentTypeDescription', ''],
    ['AppointmentTypeGUID', ''],
    ['ScheduleViewDescription', 'Doctor Schedule'],
    ['ScheduleColumnGUID', names.col1],
    ['ScheduleViewGUID', names.view1],
    ['Minutes', '40'],
    ['LocationGUID', names.loc1],
  ]);
  expect(records.map((record) => `${record['ScheduleColumnDescription']} ${record['StartTime']}`)).toEqual([
    'Chair 1 3/5/2030 9:00:00 AM',
    'Chair 1 3/5/2030 9:40:00 AM',
    'Chair 1 3/5/2030 10:20:00 AM',
    'Chair 2 3/5/2030 9:00:00 AM',
  ]);
});

test('case 9: filters by view and type narrow the slots but never fill the type fields', async () => {
  practice = await startNotePractice();
  const both = { schdvwGUIDs: names.view1.toUpperCase(), appttypGUIDs: names.type1 };
  const { records } = await practice.call('GetOnlineReservations', { ...theDay, ...both });
  expect(records).toHaveLength(4);
  expect(records.every((record) => record['AppointmentTypeGUID'] === '')).toBe(true);

  const other = { ...theDay, startDate: '3/12/2030', endDate: '3/12/2030' };
  expect((await practice.call('GetOnlineReservations', other)).records).toHaveLength(4);
  const inView2 = await practice.call('GetOnlineReservations', { ...other, schdvwGUIDs: names.view2 });
  expect(inView2.records.map((record) => record['Minutes'])).toEqual(['20', '20', '20']);
  const ofType2 = await practice.call('GetOnlineReservations', { ...other, appttypGUIDs: names.type2 });
  expect(ofType2.records).toEqual(inView2.records);
  expect(await practice.call('GetOnlineReservations', { ...other, appttypGUIDs: names.typeX })).toMatchObject(
    {
      responseStatus: 'Success',
      records: [],
    },
  );
});

test('case 10: a past templated week still has slots, an unpainted one has zero records', async () => {
  practice = await startNotePractice();
  const past = { ...theDay, startDate: '02/18/2030 7:00:00 AM', endDate: '02/22/2030 5:00:00 PM' };
  // Five mornings of three, less the visit of 2/19.
  expect((await practice.call('GetOnlineReservations', past)).records).toHaveLength(14);
  const bare = { ...theDay, startDate: '06/03/2030 7:00:00 AM', endDate: '06/07/2030 5:00:00 PM' };
  const answer = await practice.call('GetOnlineReservations', bare);
  expect(answer).toMatchObject({ status: 200, responseStatus: 'Success', records: [] });
  expect(answer.body).toContain('<Records></Records>');
});

test('case 11: a range of 200 days is code 3, and 196 days are answered', async () => {
  practice = await startNotePractice();
  const days = (endDate: string) =>
    practice.call('GetOnlineReservations', { ...theDay, startDate: '03/05/2030', endDate });
  expect(await days('09/21/2030')).toMatchObject({ responseStatus: 'Error', errorCode: '3' });
  expect(await days('09/17/2030')).toMatchObject({ responseStatus: 'Success' });
});

test('case 12: the second search within a second is code 8 without Records, while GetLocations is answered', async () => {
  practice = await startNotePractice({ gapScale: 1 });
  expect((await practice.call('GetOnlineReservations', theDay)).records).toHaveLength(4);
  const second = await practice.call('GetOnlineReservations', theDay);
  expect(second).toMatchObject({ status: 200, responseStatus: 'Error', errorCode: '8' });
  expect(second.body).toMatch(/too many requests/i);
  expect(second.body).not.toContain('Records');
  expect(second.headers['retry-after']).toBeUndefined();
  expect(await practice.call('GetLocations', null)).toMatchObject({ responseStatus: 'Success' });
});

test('the lookup pages, hides inactive patients on request and trims nothing that is stored', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetPortalPatientLookup', lookup('sample'));
  expect(records.map((record) => record['PatientFirstName'])).toEqual(['Ann', 'Ben']);
  const paged = { ...lookup('sample'), pageSize: '1', pageIndex: '2' };
  expect((await practice.call('GetPortalPatientLookup', paged)).records).toMatchObject([
    { PatientFirstName: 'Ben' },
  ]);
  const padded = await practice.call('GetPortalPatientLookup', lookup('O&apos;Fake, Gil'));
  expect(padded.records).toMatchObject([{ PatientFirstName: 'Gil ', PatientLastName: "O'Fake" }]);
  expect(await practice.call('GetPortalPatientLookup', lookup('Foreign, Zoe'))).toMatchObject({
    records: [],
  });
});

test('GetPatientList has 38 fields and mixes two spellings of DefaultEntryDate and clocks of two zones', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetPatientList');
  expect(Object.keys(records[0]!)).toHaveLength(38);
  expect(records[0]).toMatchObject({
    PatientBirthdate: '4/12/1986 12:00:00 AM',
    EntryDate: '1/15/2030 1:30:00 PM',
    LastModifiedDate: '1/15/2030 6:30:00 PM',
    DefaultEntryDate: 'Jan 15 2030  1:30PM',
    Rank: '1',
  });
  expect(records.find((record) => record['PatientLastName'] === 'Walkin')).toMatchObject({
    Rank: '',
    paddGUID: '',
  });
  const since = (ModifiedSince: string) => practice.call('GetPatientList', { ModifiedSince });
  expect((await since('01/15/2030 12:00:00 AM')).records).toHaveLength(records.length);
  expect((await since(' 01/16/2030 12:00:00 AM ')).records).toHaveLength(0);
  expect(
    (await practice.call('GetPatientList', { LocGUIDs: `${names.nobody},${names.loc1}` })).records,
  ).toHaveLength(records.length);
});

test('case 41: the list by date repeats an appointment for each address of the patient, with contact lines', async () => {
  practice = await startNotePractice();
  const { records } = await practice.call('GetAppointmentListByDate', { dtAppointment: '3/13/2030' });
  expect(records).toHaveLength(2);
  expect(Object.keys(records[0]!)).toHaveLength(29);
  expect(records[0]!['AppointmentGUID']).toBe(records[1]!['AppointmentGUID']);
  expect(records[0]!['PatientPostalCode']).not.toBe(records[1]!['PatientPostalCode']);
  expect(records[0]).toMatchObject({
    ContactInfo: 'Cell: 5555550105\nHome: 5555550106',
    AppointmentIsConfirmed: 'False',
    CreatedDateTime: '1/15/2030 1:30:00 PM',
  });
});

test('a day sheet shows chairs as numbers, money in cents and flags, without a PatientGUID', async () => {
  practice = await startNotePractice();
  const day = { dtAppointment: '3/13/2030', schdvwGUID: names.view1 };
  const { records } = await practice.call('GetAppointmentsByDate', day);
  expect(records).toHaveLength(1);
  expect(records[0]).not.toHaveProperty('PatientGUID');
  expect(records[0]).not.toHaveProperty('apptNote');
  expect(records[0]).toMatchObject({
    Chair: '1',
    Current: '4025',
    PastDue: '000',
    DueNow: '-219',
    TotalDue: '3806',
    PatientBirthday: '3/19/2012 12:00:00 AM',
    BirthdayDescription: '03/19/2012',
    BirthdayMonth: 'M',
    Adult: '',
    FullMonthsDetail: '1ACT',
  });
});

test('case 38: outside the window of the production profile a call is code 7, inside it is answered', async () => {
  practice = await startNotePractice({ profile: 'production' });
  await practice.admin('PUT', '/clock', { nowIso: '2030-03-04T15:00:00Z' });
  const closed = await practice.call('GetPatientList');
  expect(closed).toMatchObject({ status: 200, responseStatus: 'Error', errorCode: '7' });
  expect(closed.body).toContain('allowance window');
  await practice.admin('PUT', '/clock', { nowIso: '2030-03-04T05:00:00Z' });
  expect(await practice.call('GetPatientList')).toMatchObject({ responseStatus: 'Success' });
  await practice.admin('PUT', '/clock', { nowIso: '2030-03-04T15:00:00Z' });
  await practice.admin('PUT', '/knobs', { window: { exempt: ['GetPatientList'] } });
  expect(await practice.call('GetPatientList')).toMatchObject({ responseStatus: 'Success' });
});

test('case 43: empty fields and empty Records take the form that a knob names', async () => {
  practice = await startNotePractice();
  const types = async () => (await practice.call('GetAppointmentTypes', { showDeleted: 'False' })).body;
  const nothing = async () => (await practice.call('GetPortalPatientLookup', lookup('Nobody'))).body;
  expect(await types()).toContain('<AppointmentTypeGaidgeCode></AppointmentTypeGaidgeCode>');
  await practice.admin('PUT', '/knobs', { emptyField: 'nil', emptyRecords: 'selfClosed' });
  expect(await types()).toContain('<AppointmentTypeGaidgeCode xsi:nil="true" />');
  expect(await nothing()).toContain('<Records/>');
  await practice.admin('PUT', '/knobs', { emptyField: 'missing', emptyRecords: 'absent' });
  expect(await types()).not.toContain('Gaidge');
  expect(await nothing()).not.toContain('Records');
});
