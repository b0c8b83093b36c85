import type { PracticeDate } from '../../../domain/time/practice-time.js';
import { activeStatus } from '../patient-status.js';
import type { Address, Patient, PatientStatus, Phone, Responsible } from '../practice-database.js';
import { guid } from './guids.js';

/** Whom the front desk books for when nobody else is named. */
export const walkInLastName = 'Walkin';

/** What is worth saying about an invented person; the rest is filled in. */
export interface Person {
  readonly n: number;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate;
  /** Last four digits of an invented 555-555 number; empty = no phone. */
  readonly phone: string;
  readonly postalCode: string;
  readonly location: number;
  readonly phoneKind?: string;
  readonly secondPhone?: Phone;
  readonly gender?: string;
  readonly status?: PatientStatus;
  readonly balance?: Patient['balance'];
  readonly secondAddress?: { readonly street: string; readonly postalCode: string };
  readonly comment?: string;
  /** The number of the patient who is responsible. */
  readonly parent?: Person;
}

/** Builds a patient record with GUIDs of its number, entered at this time. The provider is that of the location. */
export function inventedPatient(person: Person, entryAtMs: number): Patient {
  const { n, location } = person;
  const status = person.status ?? activeStatus;
  const phones: Phone[] =
    person.phone === '' ? [] : [{ description: person.phoneKind ?? 'Home', number: `555555${person.phone}` }];
  if (person.secondPhone !== undefined) phones.push(person.secondPhone);
  return {
    patientGuid: guid('patient', n),
    personGuid: guid('person', n),
    patientId: String(400_000 + n),
    firstName: person.firstName,
    middleName: '',
    lastName: person.lastName,
    title: '',
    suffix: '',
    greeting: person.firstName.trim(),
    gender: person.gender ?? '',
    birthDate: person.birthDate,
    school: '',
    addresses: addresses(person),
    phones,
    email: '',
    providerGuid: guid('provider', location),
    locationGuid: guid('location', location),
    status,
    inactive: status.code === 'INA',
    responsible: person.parent === undefined ? null : responsible(person.parent),
    statusStartAtMs: entryAtMs,
    entryAtMs,
    modifiedAtMs: entryAtMs,
    balance: person.balance ?? { current: 0, pastDue: 0, dueNow: 0 },
    comments: person.comment === undefined ? [] : [person.comment],
  };
}

function addresses({ n, postalCode, secondAddress }: Person): readonly Address[] {
  if (postalCode === '') return [];
  const first = {
    addressGuid: guid('address', n),
    street: `${n} Invented Street`,
    city: 'Sampleton',
    state: 'GA',
    postalCode,
  };
  if (secondAddress === undefined) return [first];
  return [first, { ...first, addressGuid: guid('address', 1_000 + n), ...secondAddress }];
}

const responsible = (parent: Person): Responsible => ({
  relationshipGuid: guid('relationship', parent.n),
  personGuid: guid('person', parent.n),
  lastName: parent.lastName,
  firstName: parent.firstName,
  middleName: '',
  greeting: parent.firstName,
});
