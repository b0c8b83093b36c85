import type { PracticeDate, PracticeTime } from '../../../domain/time/practice-time.js';
import { wireDateTime, wireIsoDate } from '../values.js';
import { commonGapMs, type Procedure } from './procedure.js';
import { accepted, addedGuid } from './write-result.js';

/*
 * None of these takes an idempotency key. A failure of kind `unavailable` or `malformed` means that the write may have happened: read
 * before doing anything else (cloud9.md 6.10, 6.11).
 */

export interface NewPatient {
  readonly firstName: string;
  readonly lastName: string;
  readonly providerGuid: string;
  readonly locationGuid: string;
  readonly vendorUserName: string;
  readonly birthDate: PracticeDate | null;
  /** Ten digits. */
  readonly phone: string | null;
  readonly email: string | null;
}

/** Creates a patient and answers its GUID. There is no duplicate check on their side. */
export const setPatient: Procedure<NewPatient, string> = {
  name: 'SetPatient',
  effect: 'write',
  timeoutMs: 30_000,
  minGapMs: 5_000,
  parameters: (patient) => [
    ['patientFirstName', patient.firstName],
    ['patientLastName', patient.lastName],
    ['providerGUID', patient.providerGuid],
    ['locationGUID', patient.locationGuid],
    ['VendorUserName', patient.vendorUserName],
    ['birthdayDateTime', patient.birthDate === null ? null : wireIsoDate(patient.birthDate)],
    ['phoneNumber', patient.phone],
    ['email', patient.email],
  ],
  parse: addedGuid('SetPatient', 'Patient Added'),
};

export interface NewAppointment {
  readonly patientGuid: string;
  readonly start: PracticeTime;
  readonly viewGuid: string;
  readonly columnGuid: string;
  readonly appointmentTypeGuid: string;
  readonly minutes: number;
  readonly vendorUserName: string;
}

/** Books one slot, all of whose values come from ONE slot record (cloud9.md 6.1), and answers the appointment's GUID. */
export const setAppointment: Procedure<NewAppointment, string> = {
  name: 'SetAppointment',
  effect: 'write',
  timeoutMs: 60_000,
  minGapMs: 10_000,
  parameters: (appointment) => [
    ['PatientGUID', appointment.patientGuid],
    ['StartTime', wireDateTime(appointment.start)],
    ['ScheduleViewGUID', appointment.viewGuid],
    ['ScheduleColumnGUID', appointment.columnGuid],
    ['AppointmentTypeGUID', appointment.appointmentTypeGuid],
    ['Minutes', String(appointment.minutes)],
    ['VendorUserName', appointment.vendorUserName],
  ],
  parse: addedGuid('SetAppointment', 'Appointment GUID Added'),
};

interface OneAppointment {
  readonly appointmentGuid: string;
}

/** Confirms; the status stays `Scheduled`. */
export const setAppointmentStatusConfirmed: Procedure<OneAppointment, 'accepted'> = {
  name: 'SetAppointmentStatusConfirmed',
  effect: 'write',
  timeoutMs: 30_000,
  minGapMs: commonGapMs,
  parameters: ({ appointmentGuid }) => [['apptGUID', appointmentGuid]],
  parse: accepted('SetAppointmentStatusConfirmed'),
};

/** Cancels. `alreadyCancelled` means the aim is reached; `inThePast` never does (cloud9.md 7.2, cases 31 and 32). */
export const setAppointmentStatusCanceled: Procedure<OneAppointment, 'accepted'> = {
  name: 'SetAppointmentStatusCanceled',
  effect: 'write',
  timeoutMs: 30_000,
  minGapMs: 5_000,
  parameters: ({ appointmentGuid }) => [['apptGUID', appointmentGuid]],
  parse: accepted('SetAppointmentStatusCanceled'),
};

/** Adds a comment, which cannot be read back: put a unique marker into the text and accept at-least-once (cloud9.md 6.11). */
export const setPatientComment: Procedure<
  { readonly patientGuid: string; readonly comment: string },
  'accepted'
> = {
  name: 'SetPatientComment',
  effect: 'write',
  timeoutMs: 15_000,
  minGapMs: commonGapMs,
  parameters: ({ patientGuid, comment }) => [
    ['patGUID', patientGuid],
    ['patComment', comment],
  ],
  parse: accepted('SetPatientComment'),
};

/** Mostly unauthorised (code 10): no feature may depend on it (cloud9.md 3.4). */
export const setPatientDemographicInfo: Procedure<
  {
    readonly patientGuid: string;
    readonly firstName: string;
    readonly lastName: string;
    readonly birthDate: PracticeDate;
  },
  'accepted'
> = {
  name: 'SetPatientDemographicInfo',
  effect: 'write',
  timeoutMs: 30_000,
  minGapMs: commonGapMs,
  parameters: ({ patientGuid, firstName, lastName, birthDate }) => [
    ['patguid', patientGuid],
    ['persFirstName', firstName],
    ['persLastName', lastName],
    ['persBirthdate', wireIsoDate(birthDate)],
  ],
  parse: accepted('SetPatientDemographicInfo'),
};
