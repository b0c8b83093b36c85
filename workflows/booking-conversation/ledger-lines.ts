import type { SpokenLine } from '../../domain/agent/spoken-texts.js';
import { formatDay, formatTime } from '../../domain/time/practice-time.js';
import type { ConversationState } from './state.js';
import { locationName } from './tools/visit-view.js';

/** What this conversation has done, as sentences of code have it. */
export const ledgerLines = ({
  ledger,
  appointments,
  patients,
  practice,
  language,
}: ConversationState): SpokenLine[] =>
  ledger.map((line) => {
    const appointment = appointments.find((known) => known.ref === line.appointmentRef);
    const patient = patients.find((known) => known.ref === appointment?.patientRef);
    return {
      kind: line.kind,
      firstName: patient?.firstName ?? '',
      day: formatDay(line.start.slice(0, 10), language),
      time: formatTime(line.start),
      location: locationName(practice, line.locationKey),
    };
  });
