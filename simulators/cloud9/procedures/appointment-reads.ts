import type { Appointment, Patient, PracticeDatabase } from '../practice-database.js';
import type { WireField } from '../response-envelope.js';
import { wireBit, wireDateTime } from '../wire-format.js';
import { serverZone, wallClock } from '../zones.js';
import { recordsAnswer, type Procedure } from './procedure.js';

/** The 22 fields that both list procedures share, in wire order (cloud9.md 3.3). */
function listFields(
  database: PracticeDatabase,
  appointment: Appointment,
  patient: Patient | undefined,
): readonly WireField[] {
  const provider = database.providers.find((one) => one.providerGuid === appointment.providerGuid);
  const location = database.locations.find((one) => one.locationGuid === appointment.locationGuid);
  const type = database.types.find((one) => one.typeGuid === appointment.typeGuid);
  return [
    ['AppointmentGUID', appointment.appointmentGuid],
    ['PatientGUID', appointment.patientGuid],
    ['PatientTitle', patient?.title ?? null],
    ['PatientFirstName', patient?.firstName ?? null],
    ['PatientMiddleName', patient?.middleName ?? null],
    ['PatientLastName', patient?.lastName ?? null],
    ['PatientSuffix', patient?.suffix ?? null],
    ['PatientGreeting', patient?.greeting ?? null],
    ['PatientGender', patient?.gender ?? null],
    ['AppointmentDateTime', wireDateTime(appointment.start)],
    ['OrthodontistGUID', appointment.providerGuid],
    ['OrthodontistCode', provider?.code ?? null],
    ['OrthodontistName', provider?.name ?? null],
    ['LocationGUID', appointment.locationGuid],
    ['LocationCode', location?.code ?? null],
    ['LocationName', location?.name ?? null],
    ['AppointmentTypeGUID', appointment.typeGuid],
    ['AppointmentTypeDescription', type?.description ?? null],
    ['AppointmentNote', appointment.note],
    ['AppointmentMinutes', String(appointment.minutes)],
    ['AppointmentStatusDescription', appointment.status],
    ['AppointmentConfirmation', appointment.confirmation],
  ];
}

const byStart = (one: Appointment, other: Appointment): number =>
  one.start < other.start ? -1 : one.start > other.start ? 1 : 0;

/** All statuses and all history, ascending; no chair, no view (cloud9.md 3.3). */
export const getAppointmentListByPatient: Procedure = {
  name: 'GetAppointmentListByPatient',
  kind: 'read',
  required: ['patGUID'],
  optional: [],
  guids: ['patGUID'],
  run: ({ records: { database }, seen, parameters }) => {
    const guid = parameters.guid('patGUID');
    const patient = seen.patients.find(({ patientGuid }) => patientGuid === guid);
    return recordsAnswer(
      seen.appointments
        .filter(({ patientGuid }) => patientGuid === guid)
        .sort(byStart)
        .map((appointment) => listFields(database, appointment, patient)),
    );
  },
};

/** All locations, sorted by location, one row per address of the patient, silently cut at a limit (cloud9.md 3.3). */
export const getAppointmentListByDate: Procedure = {
  name: 'GetAppointmentListByDate',
  kind: 'read',
  required: ['dtAppointment'],
  optional: ['dtAppointmentEnd'],
  guids: [],
  run: ({ records: { database }, seen, parameters, knobs }) => {
    const from = parameters.dateTime('dtAppointment').date;
    const to = parameters.has('dtAppointmentEnd') ? parameters.dateTime('dtAppointmentEnd').date : from;
    const patients = new Map(seen.patients.map((patient) => [patient.patientGuid, patient]));
    const rows = database.locations.flatMap(({ locationGuid }) =>
      seen.appointments
        .filter((appointment) => appointment.locationGuid === locationGuid)
        .filter(({ start }) => start.slice(0, 10) >= from && start.slice(0, 10) <= to)
        .sort(byStart)
        .flatMap((appointment) => {
          const patient = patients.get(appointment.patientGuid);
          const addresses =
            patient === undefined || patient.addresses.length === 0 ? [undefined] : patient.addresses;
          return addresses.map((address) => [
            ...listFields(database, appointment, patient),
            ['AppointmentIsConfirmed', wireBit(appointment.confirmation !== '')] as const,
            ['PatientStreetAddress', address?.street ?? null] as const,
            ['PatientCity', address?.city ?? null] as const,
            ['PatientState', address?.state ?? null] as const,
            ['PatientPostalCode', address?.postalCode ?? null] as const,
            ['ContactInfo', contactInfo(patient)] as const,
            ['CreatedDateTime', wireDateTime(wallClock(appointment.createdAtMs, serverZone))] as const,
          ]);
        }),
    );
    return recordsAnswer(rows.slice(0, knobs.listByDateLimit));
  },
};

/** One line per phone; the element is missing without one. */
function contactInfo(patient: Patient | undefined): string | undefined {
  const phones = patient?.phones ?? [];
  return phones.length === 0
    ? undefined
    : phones.map(({ description, number }) => `${description}: ${number}`).join('\n');
}
