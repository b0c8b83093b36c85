import type { PracticeDate } from '../../../domain/time/practice-time.js';
import { addDays, at, mondayOf } from '../calendar.js';
import type {
  Appointment,
  AppointmentStatus,
  IntegrationUser,
  PracticeDatabase,
} from '../practice-database.js';
import { zones } from '../zones.js';
import { noteUsers } from './fixture-note.js';
import { clientIds, guid } from './guids.js';
import { inventedPatient, type Person } from './invented-patient.js';
import { column, office, provider, typesAndClasses, view } from './office.js';
import { blocks, paintWeeks, type Brush } from './paint-plan.js';
import { brightSmilesPeople, riverOrthoPeople } from './practice-people.js';

/** Weeks with templates from the current one on; later weeks have no slots, as in a real sandbox (cloud9.md 4.5). */
const paintedWeeks = 16;

export const practiceUsers: readonly IntegrationUser[] = noteUsers;

const everyDay = [1, 2, 3, 4, 5];

/** The chairs of one location: five columns from `first`, in two views. Chair names repeat in both views (cloud9.md 5). */
function brushesOf(first: number): readonly Brush[] {
  return [
    { column: first, template: 'Exam Day', weekdays: everyDay },
    { column: first + 1, template: 'Exam Day', weekdays: [2, 4] },
    { column: first + 1, template: 'Exam Morning', weekdays: [1, 3, 5] },
    { column: first + 2, template: 'Adjustment Day', weekdays: everyDay },
    { column: first + 3, template: 'Adjustment Morning', weekdays: [2, 4] },
  ];
}

function chairsOf(firstView: number, first: number): PracticeDatabase['columns'] {
  return [
    column(first, firstView, 'Chair 1', 1),
    column(first + 1, firstView, 'Chair 2', 2),
    // A gap in the order, as captured.
    column(first + 2, firstView, 'Chair 4', 4),
    column(first + 3, firstView + 1, 'Chair 1', 1),
    column(first + 4, firstView + 1, 'TC 1', 3),
  ];
}

const firstColumns: Readonly<Record<string, readonly number[]>> = {
  [clientIds.first]: [1, 6],
  [clientIds.second]: [11],
};

/** Lunch is 11:40 or 12:00 to 13:00. */
const templatesFor = (examClass: number): PracticeDatabase['templates'] => {
  const morning = blocks('09:00', '11:40', 40, examClass);
  const adjustments = blocks('09:00', '12:00', 20, examClass + 1);
  return [
    { name: 'Exam Day', blocks: [...morning, ...blocks('13:00', '15:40', 40, examClass)] },
    { name: 'Exam Morning', blocks: morning },
    { name: 'Adjustment Day', blocks: [...adjustments, ...blocks('13:00', '16:00', 20, examClass + 1)] },
    { name: 'Adjustment Morning', blocks: adjustments },
  ];
};

/** Both sample tenants' practices as of this day; the same day gives the same data. */
export function practiceDatabases(today: PracticeDate): readonly PracticeDatabase[] {
  const databases = [brightSmiles(today), riverOrtho(today)];
  for (const database of databases) paintPractice(database, today);
  return databases;
}

/** Paints last week and the weeks from this one on. Also for data seeded long ago, so that a kept sandbox never runs out of slots. */
export function paintPractice(database: PracticeDatabase, today: PracticeDate): void {
  for (const first of firstColumns[database.clientId] ?? []) {
    paintWeeks(database, brushesOf(first), addDays(mondayOf(today), -7), paintedWeeks + 1);
  }
}

function brightSmiles(today: PracticeDate): PracticeDatabase {
  const monday = mondayOf(today);
  const lastTuesday = addDays(monday, -6);
  // Two weeks ahead: far enough to be cancelled and moved whatever weekday it is.
  const comingWednesday = addDays(monday, 16);
  const book = booker(2, today);
  return {
    clientId: clientIds.first,
    practiceName: 'Bright Smiles',
    locations: [
      office(1, 'Downtown', 'DT', zones.eastern, { city: 'Sampleton', state: 'GA', postalCode: '30301' }),
      office(2, 'Lakeside', 'LS', zones.central, {
        city: 'Fakeville',
        state: 'Illinois',
        postalCode: '60601',
      }),
    ],
    views: [
      view(1, 1, 'Doctor Schedule'),
      view(2, 1, 'Adjustment Bay'),
      view(3, 2, 'Doctor Schedule'),
      view(4, 2, 'Adjustment Bay'),
    ],
    columns: [...chairsOf(1, 1), ...chairsOf(3, 6)],
    ...typesAndClasses(1),
    providers: [provider(1, 'DRF', 'Dr. Fay Fake'), provider(2, 'DRT', 'Dr. Tom Test')],
    templates: templatesFor(1),
    painted: {},
    patients: enrol(brightSmilesPeople, today),
    appointments: [
      book(1, {
        patient: 2,
        chair: chair(3, 1, 1),
        start: at(lastTuesday, '15:00'),
        status: 'Dismissed',
        note: 'Tolerated well.\nNext: new wire & photos.',
      }),
      book(2, { patient: 3, chair: chair(3, 1, 1), start: at(lastTuesday, '15:20'), status: 'Dismissed' }),
      book(3, { patient: 7, chair: chair(3, 1, 1), start: at(lastTuesday, '09:00'), status: 'No-Show' }),
      book(4, { patient: 8, chair: chair(3, 1, 1), start: at(lastTuesday, '09:20'), status: 'Re-Scheduled' }),
      // Siblings, one after the other.
      book(5, {
        patient: 2,
        chair: chair(3, 1, 1),
        start: at(comingWednesday, '15:00'),
        status: 'Scheduled',
      }),
      book(6, {
        patient: 3,
        chair: chair(3, 1, 1),
        start: at(comingWednesday, '15:20'),
        status: 'Scheduled',
      }),
      book(7, {
        patient: 3,
        chair: chair(3, 1, 1),
        start: at(addDays(monday, 11), '09:40'),
        status: 'Cancelled',
      }),
      book(8, {
        patient: 7,
        chair: chair(3, 1, 1),
        start: at(addDays(monday, 18), '10:00'),
        status: 'Scheduled',
        confirmed: true,
      }),
      book(9, {
        patient: 8,
        chair: chair(3, 1, 1),
        start: at(addDays(monday, 15), '10:00'),
        status: 'Scheduled',
      }),
      book(10, {
        patient: 16,
        chair: chair(8, 3, 2),
        start: at(addDays(monday, 17), '13:00'),
        status: 'Scheduled',
      }),
      book(11, {
        patient: 17,
        chair: chair(8, 3, 2),
        start: at(addDays(monday, 17), '13:20'),
        status: 'Scheduled',
      }),
    ],
  };
}

function riverOrtho(today: PracticeDate): PracticeDatabase {
  const book = booker(12, today);
  const coming = addDays(mondayOf(today), 15);
  return {
    clientId: clientIds.second,
    practiceName: 'River Ortho',
    locations: [
      office(3, 'Mesa', 'ME', zones.mountain, { city: 'Testmesa', state: 'CO', postalCode: '80301' }),
    ],
    views: [view(5, 3, 'Doctor Schedule'), view(6, 3, 'Adjustment Bay')],
    columns: chairsOf(5, 11),
    ...typesAndClasses(11),
    providers: [provider(3, 'DRR', 'Dr. Rio Sample')],
    templates: templatesFor(11),
    painted: {},
    patients: enrol(riverOrthoPeople, today),
    appointments: [
      book(101, { patient: 102, chair: chair(13, 5, 3), start: at(coming, '13:00'), status: 'Scheduled' }),
      book(102, { patient: 103, chair: chair(13, 5, 3), start: at(coming, '13:20'), status: 'Scheduled' }),
    ],
  };
}

const enrol = (people: readonly Person[], today: PracticeDate): PracticeDatabase['patients'] =>
  people.map((person) => inventedPatient(person, Date.parse(`${addDays(today, -400 + person.n)}T15:00:00Z`)));

interface Chair {
  readonly columnGuid: string;
  readonly viewGuid: string;
  readonly location: number;
}

const chair = (n: number, viewNumber: number, location: number): Chair => ({
  columnGuid: guid('column', n),
  viewGuid: guid('view', viewNumber),
  location,
});

interface Visit {
  readonly patient: number;
  readonly chair: Chair;
  readonly start: string;
  readonly status: AppointmentStatus;
  readonly confirmed?: boolean;
  readonly note?: string;
}

/** Makes 20-minute appointments of one type, created a month ago. */
function booker(type: number, today: PracticeDate): (n: number, visit: Visit) => Appointment {
  const createdAtMs = Date.parse(`${addDays(today, -30)}T16:00:00Z`);
  return (n, { patient, chair: { columnGuid, viewGuid, location }, start, status, confirmed, note }) => ({
    appointmentGuid: guid('appointment', n),
    patientGuid: guid('patient', patient),
    start,
    minutes: 20,
    viewGuid,
    columnGuid,
    locationGuid: guid('location', location),
    typeGuid: guid('type', type),
    providerGuid: guid('provider', location),
    status,
    confirmation: confirmed === true ? 'Vendor Provided Confirmation' : '',
    note: note ?? '',
    createdAtMs,
  });
}
