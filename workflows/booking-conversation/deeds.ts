import { formatDay, formatTime } from '../../domain/time/practice-time.js';
import type { SpokenLine } from '../../domain/agent/spoken-texts.js';
import type { ConversationState, Deed, KnownAppointment, KnownPatient } from './state.js';
import { locationName } from './tools/visit-view.js';

export const deedsOf = ({ deeds }: ConversationState): readonly Deed[] => deeds ?? [];

/** The deed that the same order came to before: asked again, it is answered from here. */
export const sameDeed = (state: ConversationState, kind: Deed['kind'], request: string): Deed | undefined =>
  deedsOf(state).find((deed) => deed.kind === kind && deed.request === request);

/** `W3` when two entries were made before. Deeds are never taken out, so that counting them is enough. */
export const nextDeedRef = (state: ConversationState, kind: 'waitlisted' | 'noted'): string =>
  `${kind === 'waitlisted' ? 'W' : 'N'}${deedsOf(state).filter((deed) => deed.kind === kind).length + 1}`;

export const enterDeed = (state: ConversationState, deed: Deed): ConversationState => ({
  ...state,
  deeds: [...deedsOf(state), deed],
  outcome: state.outcome === 'unknown' ? 'information' : state.outcome,
});

/**
 * Identity gate of what belongs to one appointment: its patient is verified, or this conversation made it. Name and birth date of a
 * stranger, given as those of somebody new, must open nothing of that stranger's record.
 */
export const isTheirs = (
  { patients, ledger }: ConversationState,
  appointment: Pick<KnownAppointment, 'patientRef' | 'appointmentGuid'>,
): boolean =>
  patients.some(({ ref, verified }) => ref === appointment.patientRef && verified) ||
  ledger.some(({ appointmentGuid }) => appointmentGuid === appointment.appointmentGuid);

/** The same for what belongs to a patient's record: verified, or booked in this conversation. */
export const mayWriteRecord = (
  { appointments, ledger }: ConversationState,
  patient: Pick<KnownPatient, 'ref' | 'verified'>,
): boolean =>
  patient.verified ||
  appointments.some(
    ({ patientRef, appointmentGuid }) =>
      patientRef === patient.ref && ledger.some((line) => line.appointmentGuid === appointmentGuid),
  );

/** The deeds as sentences of code have them. */
export const deedLines = (state: ConversationState): SpokenLine[] =>
  deedsOf(state).map(({ kind, ref, patientRef }) => {
    const firstName = state.patients.find((known) => known.ref === patientRef)?.firstName ?? '';
    const appointment = state.appointments.find((known) => known.ref === ref);
    if (kind !== 'confirmed' || !appointment)
      return { kind: kind === 'noted' ? kind : 'waitlisted', firstName };
    return {
      kind,
      firstName,
      day: formatDay(appointment.start.slice(0, 10), state.language),
      time: formatTime(appointment.start),
      location: locationName(state.practice, appointment.locationKey),
    };
  });
