import type { Appointment, IntegrationUser, PracticeDatabase } from '../practice-database.js';
import { activeStatus } from '../patient-status.js';
import { paintTemplate } from '../slots.js';
import { zones } from '../zones.js';
import { clientIds, guid } from './guids.js';
import { inventedPatient, walkInLastName, type Person } from './invented-patient.js';
import { column, office, provider, typesAndClasses, view } from './office.js';
import { blocks } from './paint-plan.js';

/** Clock of the fixture (cloud9.md 7.2). */
export const noteClockIso = '2030-03-04T14:00:00.000Z';

export const noteUsers: readonly IntegrationUser[] = [
  { userName: 'sim-user', password: 'sim-pass', clientIds: [clientIds.first] },
  { userName: 'river-user', password: 'river-pass', clientIds: [clientIds.second] },
];

const enteredAtMs = Date.parse('2030-01-15T18:30:00Z');

const people: readonly Person[] = [
  {
    n: 1,
    firstName: 'Ann',
    lastName: 'Sample',
    birthDate: '1986-04-12',
    phone: '0101',
    postalCode: '30301',
    location: 1,
  },
  {
    n: 2,
    firstName: 'Ben',
    lastName: 'Sample',
    birthDate: '2016-05-03',
    phone: '0101',
    postalCode: '30301',
    location: 1,
  },
  {
    n: 3,
    firstName: 'Dot',
    lastName: 'Test',
    birthDate: '2015-11-30',
    phone: '0103',
    postalCode: '30303',
    location: 1,
  },
  {
    n: 4,
    firstName: 'Eli',
    lastName: 'Test',
    birthDate: '2013-03-08',
    phone: '0104',
    postalCode: '',
    location: 1,
  },
  {
    n: 5,
    firstName: 'Gil ',
    lastName: "O'Fake",
    birthDate: '2012-03-19',
    phone: '0105',
    phoneKind: 'Cell',
    secondPhone: { description: 'Home', number: '5555550106' },
    postalCode: '30305',
    location: 1,
    balance: { current: 4_025, pastDue: 0, dueNow: -219 },
    secondAddress: { street: '77 Second Invented Street', postalCode: '30306' },
  },
  {
    n: 90,
    firstName: 'Desk',
    lastName: walkInLastName,
    birthDate: '1990-01-01',
    phone: '',
    postalCode: '',
    location: 1,
  },
];

/**
 * The fixture of cloud9.md 7.2 with the additions of 7.3: Tuesday 3/5/2030 exactly as written there, a templated week in the past
 * (2/18-2/22), a second and a third appointment of $PAT1, slots on $VIEW2 on 3/12, a patient with two addresses.
 */
export function noteDatabases(): readonly PracticeDatabase[] {
  const database: PracticeDatabase = {
    clientId: clientIds.first,
    practiceName: 'Bright Smiles (note fixture)',
    locations: [
      office(1, 'Downtown', 'DT', zones.eastern, { city: 'Sampleton', state: 'GA', postalCode: '30301' }),
      office(2, 'Lakeside', 'LS', zones.central, {
        city: 'Fakeville',
        state: 'Alabama',
        postalCode: '35004',
      }),
    ],
    views: [view(1, 1, 'Doctor Schedule'), view(2, 1, 'Adjustment Bay'), view(3, 2, 'Doctor Schedule')],
    columns: [
      column(1, 1, 'Chair 1', 1),
      column(2, 1, 'Chair 2', 2),
      column(3, 2, 'Chair 1', 1),
      column(4, 2, 'TC 1', 3),
      column(5, 3, 'Chair 1', 1),
    ],
    ...typesAndClasses(1),
    providers: [provider(1, 'DRF', 'Dr. Fay Fake'), provider(2, 'DRT', 'Dr. Tom Test')],
    templates: [
      { name: 'Exam Morning', blocks: blocks('09:00', '11:00', 40, 1) },
      { name: 'One Exam', blocks: blocks('09:00', '09:40', 40, 1) },
      { name: 'Adjustment Hour', blocks: blocks('13:00', '14:00', 20, 2) },
    ],
    painted: {},
    patients: people.map((person) => inventedPatient(person, enteredAtMs)),
    appointments: [
      appointment(1, {
        patient: 1,
        start: '2030-02-19T09:00',
        status: 'Dismissed',
        note: 'Came with her mother.\nBring X-rays & forms.',
      }),
      appointment(2, { patient: 1, start: '2030-03-19T09:00', status: 'Scheduled', note: '' }),
      appointment(3, { patient: 5, start: '2030-03-13T09:00', status: 'Scheduled', note: '' }),
    ],
  };
  paintTemplate(database, guid('column', 1), '2030-03-05', 'Exam Morning');
  paintTemplate(database, guid('column', 2), '2030-03-05', 'One Exam');
  paintTemplate(database, guid('column', 1), '2030-03-12', 'One Exam');
  paintTemplate(database, guid('column', 3), '2030-03-12', 'Adjustment Hour');
  for (const day of ['18', '19', '20', '21', '22']) {
    paintTemplate(database, guid('column', 1), `2030-02-${day}`, 'Exam Morning');
  }
  return [database, riverDatabase()];
}

function appointment(
  n: number,
  details: { readonly patient: number } & Pick<Appointment, 'start' | 'status' | 'note'>,
): Appointment {
  return {
    appointmentGuid: guid('appointment', n),
    patientGuid: guid('patient', details.patient),
    start: details.start,
    minutes: 40,
    viewGuid: guid('view', 1),
    columnGuid: guid('column', 1),
    locationGuid: guid('location', 1),
    typeGuid: guid('type', 1),
    providerGuid: guid('provider', 1),
    status: details.status,
    confirmation: '',
    note: details.note,
    createdAtMs: enteredAtMs,
  };
}

/** The foreign database of case 3. */
function riverDatabase(): PracticeDatabase {
  const person: Person = {
    n: 101,
    firstName: 'Zoe',
    lastName: 'Foreign',
    birthDate: '2014-01-01',
    phone: '0150',
    postalCode: '85201',
    location: 3,
    status: activeStatus,
  };
  return {
    clientId: clientIds.second,
    practiceName: 'River Ortho (note fixture)',
    locations: [
      office(3, 'Mesa', 'ME', zones.mountain, { city: 'Testmesa', state: 'CO', postalCode: '80301' }),
    ],
    views: [view(5, 3, 'Doctor Schedule')],
    columns: [column(11, 5, 'Chair 1', 1)],
    ...typesAndClasses(11),
    providers: [provider(3, 'DRR', 'Dr. Rio Sample')],
    templates: [],
    painted: {},
    patients: [inventedPatient(person, enteredAtMs)],
    appointments: [],
  };
}
