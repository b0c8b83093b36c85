import { createAppointmentWriteActivities, type AppointmentWriteActivities } from './appointment-writes.js';
import { createAppointmentActivities, type AppointmentActivities } from './appointments.js';
import { createAvailabilityActivities, type AvailabilityActivities } from './availability.js';
import { createCancelActivities, type CancelActivities } from './cancel-writes.js';
import { createPatientWriteActivities, type PatientWriteActivities } from './patient-writes.js';
import { createPatientActivities, type PatientActivities } from './patients.js';
import { createPracticeSetupActivities, type PracticeSetupActivities } from './practice-setup.js';
import { createReferenceActivities, type ReferenceActivities } from './reference.js';
import { createRepeatableWriteActivities, type RepeatableWriteActivities } from './repeatable-writes.js';
import type { Cloud9Deps } from './practice.js';

export type { Cloud9Deps } from './practice.js';

/** Everything that workflows may ask of the practice system. */
export type Cloud9Activities = PracticeSetupActivities &
  ReferenceActivities &
  RepeatableWriteActivities &
  PatientActivities &
  AvailabilityActivities &
  AppointmentActivities &
  PatientWriteActivities &
  AppointmentWriteActivities &
  CancelActivities;

export const createCloud9Activities = (deps: Cloud9Deps): Cloud9Activities => ({
  ...createPracticeSetupActivities(deps),
  ...createReferenceActivities(deps),
  ...createRepeatableWriteActivities(deps),
  ...createPatientActivities(deps),
  ...createAvailabilityActivities(deps),
  ...createAppointmentActivities(deps),
  ...createPatientWriteActivities(deps),
  ...createAppointmentWriteActivities(deps),
  ...createCancelActivities(deps),
});
