import { getAppointmentListByDate, getAppointmentListByPatient } from './appointment-reads.js';
import {
  setAppointment,
  setAppointmentStatusCanceled,
  setAppointmentStatusConfirmed,
} from './appointment-writes.js';
import { getOnlineReservations } from './availability.js';
import { getAppointmentsByDate } from './day-sheet.js';
import { getPatientInformation, getPatientList, getPortalPatientLookup } from './patient-reads.js';
import { setPatient, setPatientComment, setPatientDemographicInfo } from './patient-writes.js';
import type { Procedure } from './procedure.js';
import { getAppointmentTypes, getChairSchedules, getLocations } from './reference-data.js';

const procedures: readonly Procedure[] = [
  getLocations,
  getChairSchedules,
  getAppointmentTypes,
  getPortalPatientLookup,
  getPatientInformation,
  getPatientList,
  getOnlineReservations,
  getAppointmentListByPatient,
  getAppointmentListByDate,
  getAppointmentsByDate,
  setPatient,
  setAppointment,
  setAppointmentStatusConfirmed,
  setAppointmentStatusCanceled,
  setPatientComment,
  setPatientDemographicInfo,
];

/** Every procedure of cloud9.md 3, by its exact name. Any other name is not authorised (code 10). */
export const catalogue: ReadonlyMap<string, Procedure> = new Map(
  procedures.map((procedure) => [procedure.name, procedure]),
);
