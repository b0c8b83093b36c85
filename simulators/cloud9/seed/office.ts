import type {
  AppointmentClass,
  AppointmentType,
  Location,
  Provider,
  ScheduleColumn,
  ScheduleView,
} from '../practice-database.js';
import type { zones } from '../zones.js';
import { guid } from './guids.js';

/** Location number n with its zone. */
export function office(
  n: number,
  name: string,
  code: string,
  zone: (typeof zones)[keyof typeof zones],
  address: Pick<Location, 'city' | 'state' | 'postalCode'>,
): Location {
  return {
    locationGuid: guid('location', n),
    name,
    code,
    ...zone,
    printedName: `${name} Orthodontics`,
    address: `${n}00 Invented Avenue`,
    ...address,
  };
}

export const provider = (n: number, code: string, name: string): Provider => ({
  providerGuid: guid('provider', n),
  code,
  name,
});

export const view = (n: number, location: number, description: string): ScheduleView => ({
  viewGuid: guid('view', n),
  locationGuid: guid('location', location),
  description,
  startTime: '08:00',
  endTime: '17:00',
});

export const column = (
  n: number,
  viewNumber: number,
  description: string,
  svcOrder: number,
): ScheduleColumn => ({
  columnGuid: guid('column', n),
  viewGuid: guid('view', viewNumber),
  description,
  svcOrder,
});

/**
 * Types and classes of one database: `first` and `first + 1` are the online types and the numbers of their classes. As in real databases
 * a code ends in a space, a description holds `&`, most types are not online and one is deleted.
 */
export function typesAndClasses(first: number): {
  readonly types: AppointmentType[];
  readonly classes: AppointmentClass[];
} {
  const exam = guid('type', first);
  const adjustment = guid('type', first + 1);
  const base = { online: false, deleted: false };
  return {
    types: [
      { ...base, typeGuid: exam, code: 'NPE ', description: 'New Patient Exam', minutes: 40, online: true },
      { ...base, typeGuid: adjustment, code: 'ADJ', description: 'Adjustment', minutes: 20, online: true },
      {
        ...base,
        typeGuid: guid('type', first + 2),
        code: 'REC',
        description: 'Records & Photos',
        minutes: 30,
      },
      {
        ...base,
        typeGuid: guid('type', first + 97),
        code: 'OLD',
        description: 'Retired Visit',
        minutes: 10,
        deleted: true,
      },
      { ...base, typeGuid: guid('type', first + 98), code: 'BOND', description: 'Bonding', minutes: 60 },
    ],
    classes: [
      { classGuid: guid('slotClass', first), description: 'Exams', typeGuids: [exam] },
      { classGuid: guid('slotClass', first + 1), description: 'Adjustments', typeGuids: [adjustment] },
    ],
  };
}
