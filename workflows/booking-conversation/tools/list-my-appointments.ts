import type { ToolAnswer } from '../../../domain/agent/tools.js';
import { toPracticeTime } from '../../../domain/time/practice-time.js';
import { reads } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { knowAppointment } from '../state.js';
import { done, failed } from './answers.js';
import { locationName, timeView, zoneOf } from './visit-view.js';

/**
 * Upcoming appointments of everybody who is verified in this conversation, and those that this conversation itself has made; nobody
 * else's can be named.
 */
export async function listMyAppointments(conversation: Conversation): Promise<ToolAnswer> {
  const { start, patients, practice, language, ledger } = conversation.state;
  const madeHere = new Set(ledger.map((line) => line.appointmentGuid));
  // The record of somebody new may turn out to be a stranger's (same name and birth date): only what was made here is theirs to see.
  const proven = patients.flatMap(({ ref, firstName, person, verified }) =>
    person.kind === 'existing' && (verified || madeHere.size > 0)
      ? [{ ref, firstName, verified, patientGuid: person.patientGuid }]
      : [],
  );
  if (proven.length === 0)
    return failed(
      'not_verified',
      'I need to find the patient first: name, birth date and phone number.',
      true,
    );
  const lists = await Promise.all(
    proven.map(async ({ patientGuid }) =>
      reads.listAppointments({ tenantId: start.tenantId, environment: start.environment, patientGuid }),
    ),
  );
  const appointments = lists.flatMap((list, index) =>
    list.appointments
      .filter(
        (found) =>
          found.status === 'Scheduled' &&
          (proven[index]?.verified === true || madeHere.has(found.appointmentGuid)) &&
          found.start > toPracticeTime(conversation.nowMs(), zoneOf(practice, found.locationKey)),
      )
      .map((found) => {
        const patient = proven[index];
        const known = knowAppointment(conversation.state, {
          appointmentGuid: found.appointmentGuid,
          patientGuid: found.patientGuid,
          patientRef: patient?.ref ?? '',
          start: found.start,
          minutes: found.minutes,
          locationKey: found.locationKey,
          visitType: found.appointmentType,
          status: 'scheduled',
        });
        conversation.apply(() => known.state);
        return {
          appointment: known.ref,
          patient: patient?.ref,
          first_name: patient?.firstName,
          ...timeView(found.start, language),
          location: locationName(practice, found.locationKey),
          visit_type: found.appointmentType,
          status: 'scheduled',
        };
      }),
  );
  return done({ appointments });
}
