import type { PracticeDate } from '../../../domain/time/practice-time.js';
import { monthsBetween } from '../calendar.js';
import type { Appointment, Patient, PracticeDatabase } from '../practice-database.js';
import type { WireRecord } from '../response-envelope.js';
import { wireDateTime, wireMoney, wirePaddedDate } from '../wire-format.js';
import { serverZone, wallClock } from '../zones.js';
import { recordsAnswer, type Procedure } from './procedure.js';

const adultMonths = 18 * 12;

/** One date, one view: chairs as numbers, money in cents, no PatientGUID, no cancelled rows unless a knob shows them (cloud9.md 3.3). */
export const getAppointmentsByDate: Procedure = {
  name: 'GetAppointmentsByDate',
  kind: 'read',
  required: ['dtAppointment', 'schdvwGUID'],
  optional: [],
  guids: ['schdvwGUID'],
  run: ({ records: { database }, seen, parameters, knobs }) => {
    const date = parameters.dateTime('dtAppointment').date;
    const viewGuid = parameters.guid('schdvwGUID');
    const shown = (appointment: Appointment): boolean =>
      knobs.daySheetShowsCancelled ||
      (appointment.status !== 'Cancelled' && appointment.status !== 'Re-Scheduled');
    return recordsAnswer(
      seen.appointments
        .filter((appointment) => appointment.viewGuid === viewGuid && appointment.start.startsWith(date))
        .filter(shown)
        .sort((one, other) => (one.start < other.start ? -1 : one.start > other.start ? 1 : 0))
        .map((appointment) => row(database, seen.patients, appointment, date)),
    );
  },
};

function row(
  database: PracticeDatabase,
  patients: readonly Patient[],
  appointment: Appointment,
  date: PracticeDate,
): WireRecord {
  const patient = patients.find(({ patientGuid }) => patientGuid === appointment.patientGuid);
  const location = database.locations.find(({ locationGuid }) => locationGuid === appointment.locationGuid);
  const type = database.types.find(({ typeGuid }) => typeGuid === appointment.typeGuid);
  const column = database.columns.find(({ columnGuid }) => columnGuid === appointment.columnGuid);
  const { current = 0, pastDue = 0, dueNow = 0 } = patient?.balance ?? {};
  const birth = patient?.birthDate ?? null;
  const birthdayMonth = birth !== null && birth.slice(5, 7) === date.slice(5, 7);
  const statusStart =
    patient === undefined ? date : wallClock(patient.statusStartAtMs, serverZone).slice(0, 10);
  const months = String(monthsBetween(statusStart, date));
  const names = [patient?.firstName ?? '', patient?.middleName ?? '', patient?.lastName ?? ''];
  return [
    ['apptstDescription', appointment.status],
    ['AppointmentGUID', appointment.appointmentGuid],
    ['PatientTitle', patient?.title ?? null],
    ['PatientFullName', ` ${names.filter((name) => name !== '').join(' ')} `],
    ['PatientID', patient?.patientId ?? null],
    ['AppointmentDateTime', wireDateTime(appointment.start)],
    ['LocationGUID', appointment.locationGuid],
    ['LocationName', location?.name ?? null],
    ['AppointmentTypeGUID', appointment.typeGuid],
    ['AppointmentTypeDescription', type?.description ?? null],
    ['PatientBirthday', birth === null ? null : wireDateTime(birth)],
    ['PatientModels', null],
    ['Chair', String(column?.svcOrder ?? '')],
    ['Current', wireMoney(current)],
    ['PastDue', wireMoney(pastDue)],
    ['DueNow', wireMoney(dueNow)],
    ['TotalDue', wireMoney(current + pastDue + dueNow)],
    ['BirthdayMonth', birthdayMonth ? 'M' : null],
    ['Adult', birth !== null && monthsBetween(birth, date) >= adultMonths ? 'A' : null],
    ['BirthdayMonthDescription', birthdayMonth ? 'BIRTHDAY THIS MONTH - ' : null],
    ['BirthdayDescription', birth === null ? null : wirePaddedDate(birth)],
    ['MonthsinStatus', months],
    ['PatientStatusCode', patient?.status.code ?? null],
    ['FullMonthsDetail', `${months}${patient?.status.code ?? ''}`],
    ['persLastFirst', `${patient?.lastName ?? ''}, ${patient?.firstName ?? ''}`],
    ['apptNote', appointment.note === '' ? undefined : appointment.note],
  ];
}
