import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { saysWillCome } from '../../../domain/booking/attendance.js';
import { isConsent } from '../../../domain/booking/consent.js';
import { practiceDateOf, toPracticeTime } from '../../../domain/time/practice-time.js';
import { repeatable } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { enterDeed, isTheirs, sameDeed } from '../deeds.js';
import type { KnownAppointment } from '../state.js';
import { done, failed, unknownReference } from './answers.js';
import { zoneOf } from './visit-view.js';

/** Turns for which the question "are you coming?" stands. */
const askedForTurns = 2;

/**
 * Tells the practice that a patient will come. The caller must have said so in this turn, or say yes to the question that a first call left
 * open: a visit that nobody confirmed must not look confirmed. One that is confirmed is not sent again.
 */
export async function confirmAttendance(
  conversation: Conversation,
  input: ToolInputs['confirm_attendance'],
): Promise<ToolAnswer> {
  const { state } = conversation;
  const appointment = state.appointments.find((known) => known.ref === input.appointment);
  if (!appointment) return unknownReference(state.appointments.map((known) => known.ref));
  if (!isTheirs(state, appointment))
    return failed('not_verified', 'I need to find the patient first: name, birth date and phone number.');
  const confirmed = done({ appointment: appointment.ref, outcome: 'confirmed' });
  if (sameDeed(state, 'confirmed', appointment.ref)) return confirmed;
  if (appointment.status === 'cancelled')
    return failed('already_cancelled', 'That appointment was cancelled before.');
  const now = toPracticeTime(conversation.nowMs(), zoneOf(state.practice, appointment.locationKey));
  if (appointment.start <= now) return failed('in_the_past', 'That appointment is in the past.');
  if (!willCome(conversation, appointment)) {
    const asked = { appointmentRef: appointment.ref, turn: state.turn + 1 };
    conversation.apply((current) => ({ ...current, attendanceAsked: asked }));
    return failed('consent_needed', 'Please say day and time and ask whether they are coming.', true);
  }
  const { tenantId, environment } = state.start;
  const { appointmentGuid, patientGuid, ref, patientRef } = appointment;
  try {
    await repeatable.confirmAppointment({ tenantId, environment, appointmentGuid, patientGuid });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return failed('refused', 'The practice system did not take the confirmation. A colleague can help.');
  }
  conversation.apply((current) =>
    enterDeed({ ...current, attendanceAsked: null }, { kind: 'confirmed', ref, patientRef, request: ref }),
  );
  return confirmed;
}

function willCome(conversation: Conversation, { ref, start }: KnownAppointment): boolean {
  const { practice, turn, attendanceAsked } = conversation.state;
  const today = practiceDateOf(conversation.nowMs(), practice.timeZone);
  const words = conversation.callerWords();
  if (saysWillCome(words, start, today)) return true;
  const age = attendanceAsked?.appointmentRef === ref ? turn + 1 - attendanceAsked.turn : 0;
  return age >= 1 && age <= askedForTurns && isConsent(words, { action: 'book', times: [start], today });
}

const refusals: ReadonlySet<string> = new Set(['Cloud9Refused', 'Cloud9NotFound', 'Cloud9NotAuthorised']);

const isRefusal = (error: unknown): boolean =>
  error instanceof ActivityFailure &&
  error.cause instanceof ApplicationFailure &&
  refusals.has(error.cause.type ?? '');
