import type { Appointment } from '../../domain/booking/slot.js';
import type { Tenant } from '../../domain/tenant.js';
import type { PracticeDate } from '../../domain/time/practice-time.js';
import type { LookUpAnswers } from '../../workflows/practice-desk/messages.js';
import { asActivity } from './activity-scope.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import {
  getAppointmentListByDate,
  getAppointmentListByPatient,
  type AppointmentRecord,
} from './procedures/appointment-reads.js';

type ListAppointments = PracticeAddress & { readonly patientGuid: string };

const toAppointment = (tenant: Tenant, record: AppointmentRecord): Appointment => ({
  appointmentGuid: record.appointmentGuid,
  patientGuid: record.patientGuid,
  start: record.start,
  minutes: record.minutes,
  status: record.status,
  appointmentTypeGuid: record.appointmentTypeGuid,
  appointmentType: record.appointmentType,
  locationGuid: record.locationGuid,
  locationKey:
    tenant.locations.find((known) => known.locationGuid.toLowerCase() === record.locationGuid)?.key ?? null,
  // Confirming does not change the status (cloud9.md, rule 10).
  confirmed: record.confirmation !== '',
});

/** All appointments of one patient, whatever their status, oldest first; each once. */
export async function appointmentsOf(
  practice: Practice,
  patientGuid: string,
): Promise<readonly Appointment[]> {
  const records = await practice.read(getAppointmentListByPatient, { patientGuid });
  return records
    .filter((record) => record.patientGuid === patientGuid.toLowerCase())
    .map((record) => toAppointment(practice.tenant, record));
}

type ListAppointmentsOfDay = PracticeAddress & { readonly date: PracticeDate };

export interface AppointmentActivities {
  /** All appointments of one patient, whatever their status, oldest first. The newest made is not the last (cloud9.md 6.12). */
  readonly listAppointments: (
    input: ListAppointments,
  ) => Promise<{ readonly appointments: readonly Appointment[] }>;
  /** Appointments of all offices on one day, whatever their status, each once. Not `complete` = cut off at the server's limit. */
  readonly listAppointmentsOfDay: (
    input: ListAppointmentsOfDay,
  ) => Promise<LookUpAnswers['appointmentsOfDay']>;
}

export const createAppointmentActivities = (deps: Cloud9Deps): AppointmentActivities => ({
  listAppointments: (input) =>
    asActivity(async (scope) => ({
      appointments: await appointmentsOf(await openPractice(deps, input, scope), input.patientGuid),
    })),

  listAppointmentsOfDay: (input) =>
    asActivity(async (scope) => {
      const practice = await openPractice(deps, input, scope);
      const { appointments, complete } = await practice.read(getAppointmentListByDate, {
        date: input.date,
        lastDate: null,
      });
      return {
        appointments: appointments.map((record) => ({
          ...toAppointment(practice.tenant, record),
          patientName: `${record.patientFirstName} ${record.patientLastName}`.trim(),
        })),
        complete,
      };
    }),
});
