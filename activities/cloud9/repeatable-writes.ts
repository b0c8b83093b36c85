import type { PracticeDate } from '../../domain/time/practice-time.js';
import { asActivity, type ActivityScope } from './activity-scope.js';
import { appointmentsOf } from './appointments.js';
import { Cloud9Error } from './errors.js';
import { openPractice, type Cloud9Deps, type Practice, type PracticeAddress } from './practice.js';
import { getPatientInformation } from './procedures/patient-reads.js';
import type { Procedure } from './procedures/procedure.js';
import {
  setAppointmentStatusConfirmed,
  setPatientComment,
  setPatientDemographicInfo,
} from './procedures/writes.js';

type ConfirmAppointment = PracticeAddress & {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
};

type CommentPatient = PracticeAddress & {
  readonly patientGuid: string;
  readonly text: string;
  /** Unique to the comment, so that a reader can tell a repeated one (cloud9.md 6.11). */
  readonly marker: string;
};

type ChangePatient = PracticeAddress & {
  readonly patientGuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate;
};

/** Writes that may be sent twice without harm. All fail as reads do, and with Cloud9Refused, Cloud9NotFound or Cloud9NotAuthorised. */
export interface RepeatableWriteActivities {
  /** Confirms an appointment of this patient and reads it back. One that is confirmed already is not sent again. */
  readonly confirmAppointment: (input: ConfirmAppointment) => Promise<void>;
  /** Adds a comment, at least once: it cannot be read back. */
  readonly commentPatient: (input: CommentPatient) => Promise<void>;
  /** Sets names and birth date and reads them back. Mostly Cloud9NotAuthorised (cloud9.md 3.4). */
  readonly changePatient: (input: ChangePatient) => Promise<void>;
}

/** Sends in turn. What was put off or throttled is a wait of the activity's retry. */
async function send<Input>(
  practice: Practice,
  { activityKey }: ActivityScope,
  procedure: Procedure<Input, 'accepted'>,
  input: Input,
): Promise<void> {
  const sent = await practice.send(procedure, input, {
    ticket: `${activityKey}/${procedure.name}`,
    claim: () => Promise.resolve('fresh'),
  });
  switch (sent.kind) {
    case 'answered':
    case 'claimed':
      return;
    case 'failed':
      throw new Cloud9Error(procedure.name, sent.fault);
    case 'throttled':
    case 'wait':
      throw new Cloud9Error(procedure.name, { kind: 'throttled', waitMs: sent.waitMs });
  }
}

export const createRepeatableWriteActivities = (deps: Cloud9Deps): RepeatableWriteActivities => ({
  confirmAppointment: (input) =>
    asActivity(async (scope) => {
      const practice = await openPractice(deps, input, scope);
      const { name } = setAppointmentStatusConfirmed;
      const { appointmentGuid, patientGuid } = input;
      const read = async () =>
        (await appointmentsOf(practice, patientGuid)).find(
          (known) => known.appointmentGuid === appointmentGuid,
        );
      const before = await read();
      if (!before) throw new Cloud9Error(name, { kind: 'notFound' });
      if (before.status !== 'Scheduled') {
        throw new Cloud9Error(name, { kind: 'refused', reason: 'notScheduled' });
      }
      if (before.confirmed) return;
      await send(practice, scope, setAppointmentStatusConfirmed, { appointmentGuid });
      // The sentence of success is unknown (cloud9.md 3.4): only what is read counts.
      if (!(await read())?.confirmed)
        throw new Cloud9Error(name, { kind: 'malformed', why: 'not confirmed' });
    }),

  commentPatient: (input) =>
    asActivity(async (scope) => {
      const practice = await openPractice(deps, input, scope);
      const { patientGuid, text, marker } = input;
      await send(practice, scope, setPatientComment, { patientGuid, comment: `${text} [${marker}]` });
    }),

  changePatient: (input) =>
    asActivity(async (scope) => {
      const practice = await openPractice(deps, input, scope);
      const { patientGuid, firstName, lastName, birthDate } = input;
      const { name } = setPatientDemographicInfo;
      await send(practice, scope, setPatientDemographicInfo, {
        patientGuid,
        firstName,
        lastName,
        birthDate,
      });
      const now = await practice.read(getPatientInformation, { patientGuid });
      if (now.birthDate !== birthDate) throw new Cloud9Error(name, { kind: 'malformed', why: 'not changed' });
    }),
});
