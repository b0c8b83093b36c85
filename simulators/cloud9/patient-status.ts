import type { PatientStatus } from './practice-database.js';

const status = (n: number, code: string, description: string): PatientStatus => ({
  statusGuid: `abcd0000-0000-4000-8000-00000000000${n}`,
  code,
  description,
});

/** What SetPatient gives (cloud9.md 3.4). */
export const newPatientStatus = status(1, 'NEW', 'New Patient');
export const activeStatus = status(2, 'ACT', 'Active Treatment');
export const observationStatus = status(3, 'OBS', 'Observation');
export const retentionStatus = status(4, 'RET', 'Retention');
export const inactiveStatus = status(5, 'INA', 'Inactive');
