import type { BaseClock } from './clock.js';
import type { Appointment, Patient, PracticeDatabase } from './practice-database.js';
import { RecentChanges } from './read-lag.js';

/** What a read sees: older than the truth while a lag is turned on. */
export interface SeenRecords {
  readonly patients: readonly Patient[];
  readonly appointments: readonly Appointment[];
}

/** One practice's database with the only ways to change its patients and appointments. */
export class PracticeRecords {
  readonly #patients = new RecentChanges<Patient>((patient) => patient.patientGuid);
  readonly #appointments = new RecentChanges<Appointment>((appointment) => appointment.appointmentGuid);

  constructor(
    readonly database: PracticeDatabase,
    readonly clock: BaseClock,
  ) {}

  seen(lagMs: number): SeenRecords {
    const nowMs = this.clock.nowMs();
    return {
      patients: this.#patients.seenBy(this.database.patients, nowMs, lagMs),
      appointments: this.#appointments.seenBy(this.database.appointments, nowMs, lagMs),
    };
  }

  patient(patientGuid: string): Patient | undefined {
    return this.database.patients.find((patient) => patient.patientGuid === patientGuid);
  }

  appointment(appointmentGuid: string): Appointment | undefined {
    return this.database.appointments.find((appointment) => appointment.appointmentGuid === appointmentGuid);
  }

  addPatient(patient: Patient): void {
    this.#patients.remember(patient.patientGuid, undefined, this.clock.nowMs());
    this.database.patients.push(patient);
  }

  addAppointment(appointment: Appointment): void {
    this.#appointments.remember(appointment.appointmentGuid, undefined, this.clock.nowMs());
    this.database.appointments.push(appointment);
  }

  changePatient(
    patient: Patient,
    change: Partial<Pick<Patient, 'firstName' | 'lastName' | 'birthDate' | 'modifiedAtMs'>>,
  ): void {
    this.#patients.remember(patient.patientGuid, patient, this.clock.nowMs());
    Object.assign(patient, change);
  }

  changeAppointment(
    appointment: Appointment,
    change: Partial<Pick<Appointment, 'status' | 'confirmation'>>,
  ): void {
    this.#appointments.remember(appointment.appointmentGuid, appointment, this.clock.nowMs());
    Object.assign(appointment, change);
  }
}
