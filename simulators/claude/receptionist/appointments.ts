import { indexOf, lastOk, rows, sayVisit, type Desk, type Row } from './desk.js';
import { appointmentInQuestion } from './diary.js';
import { call, say, type Move } from './moves.js';

/**
 * Lists the appointments when that was not done for this business, then tells them, or picks the one to cancel or to confirm. Null: it is
 * picked and to be moved.
 */
export function lookAtAppointments(desk: Desk): Move | null {
  const { t, business } = desk;
  const listed = lastOk(desk, 'list_my_appointments');
  const met = lastOk(desk, 'identify_patient');
  if (!listed || indexOf(desk, listed) < Math.max(desk.settled, indexOf(desk, met)))
    return call('list_my_appointments', {});
  const appointments = rows(listed.data['appointments']);
  if (appointments.length === 0) return say(`${t.noAppointment} ${t.asksMore}`);
  const lines = t.visits(appointments.map((one) => sayVisit(desk, one)));
  if (business === 'list') return say(`${t.sees(lines)} ${t.asksMore}`);
  const chosen = appointmentInQuestion(desk);
  if (!chosen) return say(`${t.sees(lines)} ${t.whichOne}`);
  if (business === 'cancel') return cancel(desk, chosen);
  return business === 'confirm' ? confirmAttendance(chosen) : null;
}

export const cancel = (desk: Desk, appointment: Row): Move =>
  call('cancel', {
    appointment: String(appointment['appointment']),
    reason: 'the caller asked for it',
    caller_said: desk.fresh,
  });

export const confirmAttendance = (appointment: Row): Move =>
  call('confirm_attendance', { appointment: String(appointment['appointment']) });

/** A listed appointment in words; null when it is not on the list. */
function listedVisit(desk: Desk, ref: string): string | null {
  const one = rows(lastOk(desk, 'list_my_appointments')?.data['appointments']).find(
    (listed) => listed['appointment'] === ref,
  );
  return one ? sayVisit(desk, one) : null;
}

/** The read-back before a cancellation. */
export const askToCancel = (desk: Desk, ref: string): string => desk.t.asksToCancel(listedVisit(desk, ref));

/** The question before an attendance is confirmed. */
export const askToCome = (desk: Desk, ref: string): string => desk.t.asksToCome(listedVisit(desk, ref));

export const sayConfirmed = (desk: Desk, ref: string): string =>
  desk.t.confirmed(listedVisit(desk, ref) ?? '');
