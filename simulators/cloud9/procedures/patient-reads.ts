import { monthsBetween } from '../calendar.js';
import type { Knobs } from '../knobs.js';
import type { Patient } from '../practice-database.js';
import type { WireRecord } from '../response-envelope.js';
import { wireBit, wireDateTime, wirePaddedDate, wireSpacePaddedDateTime } from '../wire-format.js';
import { serverZone, wallClock } from '../zones.js';
import { invalidParameter, recordsAnswer, type Procedure, type ProcedureCall } from './procedure.js';

const birthDate = (patient: Patient): string | null =>
  patient.birthDate === null ? null : wireDateTime(patient.birthDate);

/** `Last, First` against patients, or against who is responsible for them (cloud9.md 3.2). */
export const getPortalPatientLookup: Procedure = {
  name: 'GetPortalPatientLookup',
  kind: 'read',
  required: ['filter', 'lookupByPatient', 'pageIndex', 'pageSize'],
  optional: ['showInactive'],
  guids: [],
  run: ({ seen, records, parameters, knobs }) => {
    const byPatient = parameters.bit('lookupByPatient');
    const pageSize = parameters.positiveInteger('pageSize');
    const skipped = (parameters.positiveInteger('pageIndex') - 1) * pageSize;
    const showInactive = parameters.has('showInactive') && parameters.bit('showInactive');
    const matches = nameMatcher(parameters.text('filter'), knobs.lookupMatch);
    const found = seen.patients
      .filter((patient) => showInactive || !patient.inactive)
      .filter((patient) =>
        byPatient ? matches(patient) : patient.responsible !== null && matches(patient.responsible),
      )
      .sort((one, other) => compareNames(one, other));
    return recordsAnswer(
      found.slice(skipped, skipped + pageSize).map((patient) => {
        const location = records.database.locations.find(
          ({ locationGuid }) => locationGuid === patient.locationGuid,
        );
        const { responsible } = patient;
        return [
          ['PatientGUID', patient.patientGuid],
          ['PatientPersonGUID', patient.personGuid],
          ['PatientLastName', patient.lastName],
          ['PatientFirstName', patient.firstName],
          ['PatientGreeting', patient.greeting],
          ['PatientMiddleName', patient.middleName],
          ['PatientBirthDate', birthDate(patient)],
          ['PatientID', patient.patientId],
          ['PatientStatusGUID', patient.status.statusGuid],
          ['PatientStatusCode', patient.status.code],
          ['PatientStatusDescription', patient.status.description],
          ['PatientIsInactive', wireBit(patient.inactive)],
          ['LocationGUID', patient.locationGuid],
          ['LocationCode', location?.code ?? null],
          ['LocationName', location?.name ?? null],
          ['ResponsibleRelationshipGUID', responsible?.relationshipGuid ?? null],
          ['ResponsibleGUID', responsible?.personGuid ?? null],
          ['ResponsibleLastName', responsible?.lastName ?? null],
          ['ResponsibleFirstName', responsible?.firstName ?? null],
          ['ResponsibleGreeting', responsible?.greeting ?? null],
          ['ResponsibleMiddleName', responsible?.middleName ?? null],
          ['OrthobancProviderGUID', null],
          ['OrthobancProviderID', null],
          ['PatientOrthobancID', null],
          ['ResponsibleOrthobancID', null],
        ];
      }),
    );
  },
};

interface Named {
  readonly firstName: string;
  readonly lastName: string;
}

/** Case does not matter, as in most databases of this kind; the kind of match is unknown and a knob. */
function nameMatcher(filter: string, match: Knobs['lookupMatch']): (person: Named) => boolean {
  const [last = '', first = ''] = filter.split(',').map(folded);
  const fits = (name: string, wanted: string): boolean => {
    const text = folded(name);
    if (wanted === '') return true;
    if (match === 'exact') return text === wanted;
    return match === 'prefix' ? text.startsWith(wanted) : text.includes(wanted);
  };
  return (person) => fits(person.lastName, last) && fits(person.firstName, first);
}

const folded = (text: string): string => text.trim().normalize('NFC').toLowerCase();

const compareNames = (one: Named, other: Named): number =>
  folded(one.lastName).localeCompare(folded(other.lastName)) ||
  folded(one.firstName).localeCompare(folded(other.firstName));

/** One record that does not echo the GUID (cloud9.md 3.2). */
export const getPatientInformation: Procedure = {
  name: 'GetPatientInformation',
  kind: 'read',
  required: ['patguid'],
  optional: [],
  guids: ['patguid'],
  run: ({ seen, records: { database }, parameters, knobs }) => {
    const guid = parameters.guid('patguid');
    const patient = seen.patients.find(({ patientGuid }) => patientGuid === guid);
    if (patient === undefined) {
      return knobs.unknownPatientInformation === 'code3'
        ? invalidParameter(knobs, 'patguid')
        : recordsAnswer([]);
    }
    const [address] = patient.addresses;
    const [phone] = patient.phones;
    const names = [patient.firstName, patient.middleName, patient.lastName].filter((name) => name !== '');
    return recordsAnswer([
      [
        ['PatientFullName', ` ${names.join(' ')} `],
        ['PatientGender', patient.gender],
        ['PatientBirthDate', patient.birthDate === null ? null : wirePaddedDate(patient.birthDate)],
        ['PatientSchool', patient.school],
        [
          'Location',
          database.locations.find((place) => place.locationGuid === patient.locationGuid)?.name ?? null,
        ],
        [
          'Orthodontist',
          database.providers.find((one) => one.providerGuid === patient.providerGuid)?.name ?? null,
        ],
        ['Assistant', null],
        ['TreatmentCoordinator', null],
        ['PatID', patient.patientId],
        ['PatientModels', null],
        ['PatientStreet', address?.street ?? null],
        ['PatientCity', address?.city ?? null],
        ['PatientState', address?.state ?? null],
        ['PatientPostalCode', address?.postalCode ?? null],
        ['PatientEmail', patient.email],
        ['PatientPhone', phone?.number ?? null],
        ['PatientPhoneDescription', phone?.description ?? null],
      ],
    ]);
  },
};

/** Everyone, or who changed since and belongs to these locations; no paging (cloud9.md 3.2). */
export const getPatientList: Procedure = {
  name: 'GetPatientList',
  kind: 'read',
  required: [],
  optional: ['ModifiedSince', 'LocGUIDs'],
  guids: [],
  run: (call) => {
    const { seen, parameters, knobs } = call;
    const since = parameters.has('ModifiedSince') ? parameters.dateTime('ModifiedSince').time : '';
    const sinceZone = knobs.modifiedSinceClock === 'utc' ? 'UTC' : serverZone;
    const locations = parameters.has('LocGUIDs') ? parameters.guids('LocGUIDs', ',') : undefined;
    return recordsAnswer(
      seen.patients
        .filter((patient) => locations?.has(patient.locationGuid) ?? true)
        .filter((patient) => since === '' || wallClock(patient.modifiedAtMs, sinceZone) >= since)
        .map((patient) => listRow(call, patient)),
    );
  },
};

function listRow({ records: { database }, seen, clock }: ProcedureCall, patient: Patient): WireRecord {
  const [address] = patient.addresses;
  const provider = database.providers.find((one) => one.providerGuid === patient.providerGuid);
  const location = database.locations.find((one) => one.locationGuid === patient.locationGuid);
  const today = wallClock(clock.nowMs(), location?.zone ?? serverZone);
  const statusStart = wallClock(patient.statusStartAtMs, serverZone);
  const entry = wallClock(patient.entryAtMs, serverZone);
  const lastVisit = seen.appointments
    .filter(({ patientGuid, status }) => patientGuid === patient.patientGuid && status !== 'Cancelled')
    .map(({ start }) => start)
    .filter((start) => start < today)
    .sort()
    .at(-1);
  // About a tenth of the rows carries the other spelling (cloud9.md 2.1); which ones must not change between two calls.
  const slashed = Number.parseInt(patient.patientGuid.slice(-3), 16) % 10 === 0;
  return [
    ['PatientGUID', patient.patientGuid],
    ['PatientTitle', patient.title],
    ['PatientFirstName', patient.firstName],
    ['PatientMiddleName', patient.middleName],
    ['PatientLastName', patient.lastName],
    ['PatientSuffix', patient.suffix],
    ['PatientBirthdate', birthDate(patient)],
    ['PatientGender', patient.gender],
    ['PatientSocial', null],
    ['PatientID', patient.patientId],
    ['PatientStreetAddress', address?.street ?? null],
    ['PatientCity', address?.city ?? null],
    ['PatientState', address?.state ?? null],
    ['PatientPostalCode', address?.postalCode ?? null],
    ['PatientOrthodontistGUID', patient.providerGuid],
    ['PatientOrthodontistCode', provider?.code ?? null],
    ['PatientOrthodontistName', provider?.name ?? null],
    ['PatientLocationGUID', patient.locationGuid],
    ['PatientLocationName', location?.name ?? null],
    ['PatientStatusGUID', patient.status.statusGuid],
    ['PatientStatusDescription', patient.status.description],
    ['UseEmail', 'False'],
    ['UsePhone', 'False'],
    ['UseText', 'False'],
    ['StatusStartDate', wireDateTime(statusStart)],
    ['LastAppointmentDate', lastVisit === undefined ? null : wireDateTime(lastVisit)],
    ['MonthsinStatus', String(monthsBetween(statusStart.slice(0, 10), today.slice(0, 10)))],
    ['EstimatedMonthsinStatus', null],
    ['PatientTreatmentCoordinatorGUID', null],
    ['EntryDate', wireDateTime(entry)],
    ['Rank', address === undefined ? null : '1'],
    ['PatientGreeting', patient.greeting],
    ['LastModifiedDate', wireDateTime(wallClock(patient.modifiedAtMs, 'UTC'))],
    ['EstimatedCompletionDate', null],
    ['DefaultEntryDate', slashed ? wireDateTime(entry) : wireSpacePaddedDateTime(entry)],
    ['PersonGUID', patient.personGuid],
    ['paddGUID', address?.addressGuid ?? null],
    ['LocationName', location?.name ?? null],
  ];
}
