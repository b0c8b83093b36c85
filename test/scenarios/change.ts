import type { Reply } from '../../workflows/booking-conversation/messages.js';
import type { PracticeAppointment, PracticeSystem, ReceivedWrite } from '../kit/practice-system.js';
import type { OwnRows } from './rows.js';

type Patients = Awaited<ReturnType<PracticeSystem['patients']>>;

/** What a scenario changed, without what the front desk did. */
export interface Change {
  /** Stand now, did not before, and are not the desk's. */
  readonly made: readonly PracticeAppointment[];
  /** Stood before and do not now, and it was not the desk. */
  readonly gone: readonly PracticeAppointment[];
  readonly newPatients: Patients;
  readonly writes: readonly ReceivedWrite[];
  readonly replies: readonly Reply[];
  readonly rows: OwnRows;
}

/** What a service leaves behind that answers nothing and does nothing. */
export const nothing: Change = {
  made: [],
  gone: [],
  newPatients: [],
  writes: [],
  replies: [],
  rows: { ledger: [], findings: [], tasks: [], intents: [], holds: [] },
};

/** The practice system at one moment. */
export interface PracticeMoment {
  readonly appointments: readonly PracticeAppointment[];
  readonly patients: Patients;
  readonly writes: number;
}

export const momentOf = async (practice: PracticeSystem): Promise<PracticeMoment> => ({
  appointments: await practice.appointments(),
  patients: await practice.patients(),
  writes: (await practice.writes()).length,
});

const stands = ({ status }: PracticeAppointment): boolean => status !== 'Cancelled';

/** The difference between two moments; `desk` holds GUIDs of what staff made or cancelled in between. */
export async function changeSince(
  practice: PracticeSystem,
  before: PracticeMoment,
  desk: ReadonlySet<string>,
): Promise<Pick<Change, 'made' | 'gone' | 'newPatients' | 'writes'>> {
  const now = await momentOf(practice);
  const stood = new Set(before.appointments.filter(stands).map((row) => row.appointmentGuid));
  const known = new Set(before.patients.map((patient) => patient.patientGuid));
  return {
    made: now.appointments.filter(
      (row) => stands(row) && !stood.has(row.appointmentGuid) && !desk.has(row.appointmentGuid),
    ),
    gone: now.appointments.filter(
      (row) => !stands(row) && stood.has(row.appointmentGuid) && !desk.has(row.appointmentGuid),
    ),
    newPatients: now.patients.filter(({ patientGuid }) => !known.has(patientGuid)),
    writes: (await practice.writes()).slice(before.writes),
  };
}
