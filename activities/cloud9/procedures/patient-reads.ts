import type { PracticeDate, PracticeTime } from '../../../domain/time/practice-time.js';
import { Cloud9Error } from '../errors.js';
import { wireDate } from '../values.js';
import { commonGapMs, eachRecord, Fields, readTimeoutMs, type Procedure } from './procedure.js';

export interface PatientHit {
  readonly patientGuid: string;
  readonly personGuid: string | null;
  readonly firstName: string;
  readonly middleName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate | null;
  readonly patientId: string;
  readonly statusCode: string;
  readonly statusDescription: string;
  readonly inactive: boolean;
  readonly locationGuid: string | null;
  readonly locationName: string;
  readonly responsibleFirstName: string;
  readonly responsibleLastName: string;
}

/** Patients by name, one page of them. Same-named patients are separate records; no phone or address here. */
export const getPortalPatientLookup: Procedure<
  {
    readonly firstName: string;
    readonly lastName: string;
    readonly pageIndex: number;
    readonly pageSize: number;
  },
  readonly PatientHit[]
> = {
  name: 'GetPortalPatientLookup',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: ({ firstName, lastName, pageIndex, pageSize }) => [
    ['filter', `${lastName}, ${firstName}`],
    ['lookupByPatient', '1'],
    ['showInactive', '0'],
    ['pageIndex', String(pageIndex)],
    ['pageSize', String(pageSize)],
  ],
  parse: eachRecord('GetPortalPatientLookup', (fields) => ({
    patientGuid: fields.guid('PatientGUID'),
    personGuid: fields.guidOrNull('PatientPersonGUID'),
    firstName: fields.text('PatientFirstName'),
    middleName: fields.text('PatientMiddleName'),
    lastName: fields.text('PatientLastName'),
    birthDate: fields.dateOrNull('PatientBirthDate'),
    patientId: fields.text('PatientID'),
    statusCode: fields.text('PatientStatusCode'),
    statusDescription: fields.text('PatientStatusDescription'),
    inactive: fields.bit('PatientIsInactive'),
    locationGuid: fields.guidOrNull('LocationGUID'),
    locationName: fields.text('LocationName'),
    responsibleFirstName: fields.text('ResponsibleFirstName'),
    responsibleLastName: fields.text('ResponsibleLastName'),
  })),
};

export interface PatientInformation {
  readonly fullName: string;
  readonly gender: string;
  readonly birthDate: PracticeDate | null;
  readonly school: string;
  readonly locationName: string;
  readonly orthodontistName: string;
  readonly assistant: string;
  readonly treatmentCoordinator: string;
  readonly patientId: string;
  readonly models: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly email: string;
  readonly phone: string;
  readonly phoneDescription: string;
}

/** One patient's contact data. The answer does not echo the GUID; an unknown one gives zero records or code 3. */
export const getPatientInformation: Procedure<{ readonly patientGuid: string }, PatientInformation> = {
  name: 'GetPatientInformation',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  badParameterMeans: 'notFound',
  // Lower case here only (cloud9.md 2.3).
  parameters: ({ patientGuid }) => [['patguid', patientGuid]],
  parse: (records) => {
    const [record] = records;
    if (record === undefined) throw new Cloud9Error('GetPatientInformation', { kind: 'notFound' });
    const fields = new Fields('GetPatientInformation', record);
    return {
      fullName: fields.text('PatientFullName').replace(/\s+/g, ' '),
      gender: fields.text('PatientGender'),
      birthDate: fields.dateOrNull('PatientBirthDate'),
      school: fields.text('PatientSchool'),
      locationName: fields.text('Location'),
      orthodontistName: fields.text('Orthodontist'),
      assistant: fields.text('Assistant'),
      treatmentCoordinator: fields.text('TreatmentCoordinator'),
      patientId: fields.text('PatID'),
      models: fields.text('PatientModels'),
      street: fields.text('PatientStreet'),
      city: fields.text('PatientCity'),
      state: fields.text('PatientState'),
      postalCode: fields.text('PatientPostalCode'),
      email: fields.text('PatientEmail'),
      phone: fields.text('PatientPhone'),
      phoneDescription: fields.text('PatientPhoneDescription'),
    };
  },
};

export interface PatientRow {
  readonly patientGuid: string;
  readonly personGuid: string | null;
  readonly title: string;
  readonly firstName: string;
  readonly middleName: string;
  readonly lastName: string;
  readonly suffix: string;
  readonly greeting: string;
  readonly birthDate: PracticeDate | null;
  readonly gender: string;
  readonly patientId: string;
  readonly addressGuid: string | null;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly rank: number | null;
  readonly orthodontistGuid: string | null;
  readonly orthodontistCode: string;
  readonly orthodontistName: string;
  readonly locationGuid: string | null;
  readonly locationName: string;
  readonly statusGuid: string | null;
  readonly statusDescription: string;
  readonly monthsInStatus: string;
  readonly estimatedMonthsInStatus: string;
  readonly treatmentCoordinatorGuid: string | null;
  readonly useEmail: boolean;
  readonly usePhone: boolean;
  readonly useText: boolean;
  readonly lastAppointment: PracticeTime | null;
  readonly estimatedCompletion: PracticeDate | null;
  readonly defaultEntry: PracticeTime | null;
  /** Wall clock of the server, US Eastern whatever the location (cloud9.md 2.2). */
  readonly entryEastern: PracticeTime | null;
  readonly statusStartEastern: PracticeTime | null;
  /** This one is UTC. */
  readonly lastModifiedAtMs: number | null;
}

/** Patients changed since a day, without paging: allow two minutes. PatientSocial is never read. */
export const getPatientList: Procedure<
  { readonly modifiedSince: PracticeDate | null; readonly locationGuids: readonly string[] },
  readonly PatientRow[]
> = {
  name: 'GetPatientList',
  effect: 'read',
  timeoutMs: 120_000,
  minGapMs: commonGapMs,
  parameters: ({ modifiedSince, locationGuids }) => [
    ['ModifiedSince', modifiedSince === null ? null : wireDate(modifiedSince, '12:00:00 AM')],
    ['LocGUIDs', locationGuids.join(',')],
  ],
  parse: eachRecord('GetPatientList', (fields) => ({
    patientGuid: fields.guid('PatientGUID'),
    personGuid: fields.guidOrNull('PersonGUID'),
    title: fields.text('PatientTitle'),
    firstName: fields.text('PatientFirstName'),
    middleName: fields.text('PatientMiddleName'),
    lastName: fields.text('PatientLastName'),
    suffix: fields.text('PatientSuffix'),
    greeting: fields.text('PatientGreeting'),
    birthDate: fields.dateOrNull('PatientBirthdate'),
    gender: fields.text('PatientGender'),
    patientId: fields.text('PatientID'),
    addressGuid: fields.guidOrNull('paddGUID'),
    street: fields.text('PatientStreetAddress'),
    city: fields.text('PatientCity'),
    state: fields.text('PatientState'),
    postalCode: fields.text('PatientPostalCode'),
    rank: fields.integerOrNull('Rank'),
    orthodontistGuid: fields.guidOrNull('PatientOrthodontistGUID'),
    orthodontistCode: fields.text('PatientOrthodontistCode'),
    orthodontistName: fields.text('PatientOrthodontistName'),
    locationGuid: fields.guidOrNull('PatientLocationGUID'),
    locationName: fields.text('PatientLocationName') || fields.text('LocationName'),
    statusGuid: fields.guidOrNull('PatientStatusGUID'),
    statusDescription: fields.text('PatientStatusDescription'),
    monthsInStatus: fields.text('MonthsinStatus'),
    estimatedMonthsInStatus: fields.text('EstimatedMonthsinStatus'),
    treatmentCoordinatorGuid: fields.guidOrNull('PatientTreatmentCoordinatorGUID'),
    useEmail: fields.bit('UseEmail'),
    usePhone: fields.bit('UsePhone'),
    useText: fields.bit('UseText'),
    lastAppointment: fields.timeOrNull('LastAppointmentDate'),
    estimatedCompletion: fields.dateOrNull('EstimatedCompletionDate'),
    defaultEntry: fields.timeOrNull('DefaultEntryDate'),
    entryEastern: fields.timeOrNull('EntryDate'),
    statusStartEastern: fields.timeOrNull('StatusStartDate'),
    lastModifiedAtMs: fields.utcStampMsOrNull('LastModifiedDate'),
  })),
};
