import type { PracticeDate, PracticeTime } from '../../../domain/time/practice-time.js';
import { wireDate } from '../values.js';
import { commonGapMs, eachRecord, readTimeoutMs, type Fields, type Procedure } from './procedure.js';

/** The 22 fields that both list procedures share. */
export interface AppointmentRecord {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly patientTitle: string;
  readonly patientFirstName: string;
  readonly patientMiddleName: string;
  readonly patientLastName: string;
  readonly patientSuffix: string;
  readonly patientGreeting: string;
  readonly patientGender: string;
  readonly start: PracticeTime;
  readonly minutes: number;
  readonly status: string;
  /** `Vendor Provided Confirmation` after a confirmation; confirming does not change the status (cloud9.md 3.3). */
  readonly confirmation: string;
  readonly appointmentTypeGuid: string;
  readonly appointmentType: string;
  readonly note: string;
  readonly orthodontistGuid: string | null;
  readonly orthodontistCode: string;
  readonly orthodontistName: string;
  readonly locationGuid: string;
  readonly locationCode: string;
  readonly locationName: string;
}

const appointmentRecord = (fields: Fields): AppointmentRecord => ({
  appointmentGuid: fields.guid('AppointmentGUID'),
  patientGuid: fields.guid('PatientGUID'),
  patientTitle: fields.text('PatientTitle'),
  patientFirstName: fields.text('PatientFirstName'),
  patientMiddleName: fields.text('PatientMiddleName'),
  patientLastName: fields.text('PatientLastName'),
  patientSuffix: fields.text('PatientSuffix'),
  patientGreeting: fields.text('PatientGreeting'),
  patientGender: fields.text('PatientGender'),
  start: fields.time('AppointmentDateTime'),
  minutes: fields.integer('AppointmentMinutes'),
  status: fields.text('AppointmentStatusDescription'),
  confirmation: fields.text('AppointmentConfirmation'),
  appointmentTypeGuid: fields.guid('AppointmentTypeGUID'),
  appointmentType: fields.text('AppointmentTypeDescription'),
  note: fields.raw('AppointmentNote'),
  orthodontistGuid: fields.guidOrNull('OrthodontistGUID'),
  orthodontistCode: fields.text('OrthodontistCode'),
  orthodontistName: fields.text('OrthodontistName'),
  locationGuid: fields.guid('LocationGUID'),
  locationCode: fields.text('LocationCode'),
  locationName: fields.text('LocationName'),
});

/** One GUID may appear twice, with different address fields (cloud9.md 3.3): the first row of each counts. */
function dedupeByGuid<Row extends { readonly appointmentGuid: string }>(
  rows: readonly Row[],
): readonly Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.appointmentGuid) && seen.add(row.appointmentGuid));
}

/** Every appointment of one patient, all statuses and all history, oldest first. */
export const getAppointmentListByPatient: Procedure<
  { readonly patientGuid: string },
  readonly AppointmentRecord[]
> = {
  name: 'GetAppointmentListByPatient',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: ({ patientGuid }) => [['patGUID', patientGuid]],
  parse: (records) => dedupeByGuid(eachRecord('GetAppointmentListByPatient', appointmentRecord)(records)),
};

export interface DatedAppointmentRecord extends AppointmentRecord {
  readonly confirmed: boolean;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** May hold several lines, `Cell: 5555550100` and the like. */
  readonly contactInfo: string;
  readonly created: PracticeTime | null;
}

/** The most rows that GetAppointmentListByDate gives; whole locations vanish behind it, silently (cloud9.md 3.3). */
const rowLimit = 1_000;

/** Appointments of all locations on one day. `complete` is false when the answer stopped at its limit: never build on it then. */
export const getAppointmentListByDate: Procedure<
  { readonly date: PracticeDate; readonly lastDate: PracticeDate | null },
  { readonly appointments: readonly DatedAppointmentRecord[]; readonly complete: boolean }
> = {
  name: 'GetAppointmentListByDate',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: ({ date, lastDate }) => [
    ['dtAppointment', wireDate(date)],
    ['dtAppointmentEnd', lastDate === null ? null : wireDate(lastDate)],
  ],
  parse: (records) => ({
    appointments: dedupeByGuid(
      eachRecord('GetAppointmentListByDate', (fields) => ({
        ...appointmentRecord(fields),
        confirmed: fields.bit('AppointmentIsConfirmed'),
        street: fields.text('PatientStreetAddress'),
        city: fields.text('PatientCity'),
        state: fields.text('PatientState'),
        postalCode: fields.text('PatientPostalCode'),
        contactInfo: fields.raw('ContactInfo'),
        created: fields.timeOrNull('CreatedDateTime'),
      }))(records),
    ),
    complete: records.length < rowLimit,
  }),
};

export interface DaySheetRecord {
  readonly appointmentGuid: string;
  readonly status: string;
  readonly patientTitle: string;
  readonly patientFullName: string;
  readonly lastFirst: string;
  readonly patientId: string;
  readonly patientModels: string;
  readonly patientStatusCode: string;
  readonly start: PracticeTime;
  readonly locationGuid: string;
  readonly locationName: string;
  readonly appointmentTypeGuid: string;
  readonly appointmentType: string;
  readonly birthday: PracticeDate | null;
  readonly birthdayMonth: boolean;
  readonly adult: boolean;
  /** The chair's `svcOrder` in this view, not its name. */
  readonly chairOrder: number;
  readonly currentCents: number;
  readonly pastDueCents: number;
  readonly dueNowCents: number;
  readonly totalDueCents: number;
  readonly monthsInStatus: string;
  readonly fullMonthsDetail: string;
  readonly note: string;
}

/** The day sheet of one view: the only read that tells the chair. It has no PatientGUID. */
export const getAppointmentsByDate: Procedure<
  { readonly date: PracticeDate; readonly viewGuid: string },
  readonly DaySheetRecord[]
> = {
  name: 'GetAppointmentsByDate',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: ({ date, viewGuid }) => [
    ['dtAppointment', wireDate(date)],
    ['schdvwGUID', viewGuid],
  ],
  parse: (records) =>
    dedupeByGuid(
      eachRecord('GetAppointmentsByDate', (fields) => ({
        appointmentGuid: fields.guid('AppointmentGUID'),
        status: fields.text('apptstDescription'),
        patientTitle: fields.text('PatientTitle'),
        patientFullName: fields.text('PatientFullName').replace(/\s+/g, ' '),
        lastFirst: fields.text('persLastFirst'),
        patientId: fields.text('PatientID'),
        patientModels: fields.text('PatientModels'),
        patientStatusCode: fields.text('PatientStatusCode'),
        start: fields.time('AppointmentDateTime'),
        locationGuid: fields.guid('LocationGUID'),
        locationName: fields.text('LocationName'),
        appointmentTypeGuid: fields.guid('AppointmentTypeGUID'),
        appointmentType: fields.text('AppointmentTypeDescription'),
        birthday: fields.dateOrNull('PatientBirthday') ?? fields.dateOrNull('BirthdayDescription'),
        birthdayMonth: fields.text('BirthdayMonth') === 'M',
        adult: fields.text('Adult') === 'A',
        chairOrder: fields.integer('Chair'),
        currentCents: fields.cents('Current'),
        pastDueCents: fields.cents('PastDue'),
        dueNowCents: fields.cents('DueNow'),
        totalDueCents: fields.cents('TotalDue'),
        monthsInStatus: fields.text('MonthsinStatus'),
        fullMonthsDetail: fields.text('FullMonthsDetail'),
        note: fields.raw('apptNote'),
      }))(records),
    ),
};
