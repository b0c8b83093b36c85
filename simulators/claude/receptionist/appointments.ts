import { indexOf, lastOk, rows, sayVisit, type Desk, type Row } from './desk.js';
import { asksConsent, asksMore, call, say, type Move } from './moves.js';

/** Lists the appointments when that was not done for this business, then tells them, or picks the one to cancel. Null: it is picked and to be moved. */
export function lookAtAppointments(desk: Desk): Move | null {
  const listed = lastOk(desk, 'list_my_appointments');
  const met = lastOk(desk, 'identify_patient');
  if (!listed || indexOf(desk, listed) < Math.max(desk.settled, indexOf(desk, met)))
    return call('list_my_appointments', {});
  const appointments = rows(listed.data['appointments']);
  if (appointments.length === 0) return say(`I do not see any upcoming appointment. ${asksMore}`);
  const lines = appointments.map(sayVisit).join('; and ');
  if (desk.business === 'list') return say(`I see ${lines}. ${asksMore}`);
  const chosen = appointmentInQuestion(desk);
  if (!chosen) return say(`I see ${lines}. Which one do you mean?`);
  return desk.business === 'cancel' ? cancel(desk, chosen) : null;
}

export const cancel = (desk: Desk, appointment: Row): Move =>
  call('cancel', {
    appointment: String(appointment['appointment']),
    reason: 'the caller asked for it',
    caller_said: desk.fresh,
  });

/** The appointment that the caller means: the only one, or the one whose name or time they said last. */
export function appointmentInQuestion(desk: Desk): Row | undefined {
  const appointments = rows(lastOk(desk, 'list_my_appointments')?.data['appointments']);
  if (appointments.length === 1) return appointments[0];
  const cancelled = desk.tools
    .filter(({ name, ok }) => name === 'cancel' && ok)
    .map(({ data }) => data['appointment']);
  const open = appointments.filter((one) => !cancelled.includes(one['appointment']));
  if (open.length === 1) return open[0];
  for (const text of [...desk.recent].reverse()) {
    const lower = text.toLowerCase();
    const rank = [/\bfirst\b/, /\bsecond\b/, /\bthird\b/].findIndex((pattern) => pattern.test(lower));
    const asked = desk.said.includes('Which one do you mean?');
    const named =
      open.find((one) => lower.includes(String(one['first_name']).toLowerCase())) ??
      open.find((one) => ['time', 'weekday'].some((key) => lower.includes(String(one[key]).toLowerCase()))) ??
      (/\b(?:both|all)\b/.test(lower) ? open[0] : undefined) ??
      (asked && rank >= 0 ? open[rank] : undefined);
    if (named) return named;
  }
  return undefined;
}

/** The read-back before a cancellation. */
export function askToCancel(desk: Desk, ref: string): string {
  const one = rows(lastOk(desk, 'list_my_appointments')?.data['appointments']).find(
    (listed) => listed['appointment'] === ref,
  );
  const which = one ? `the visit of ${sayVisit(one)}` : 'that visit';
  return `Shall I really cancel ${which}? ${asksConsent}`;
}

/** The next appointment to cancel, when the caller wanted all of them gone. */
export function nextToCancel(desk: Desk): Row | undefined {
  const previous = desk.happenings
    .slice(0, desk.settled)
    .flatMap((one) => (one.kind === 'caller' ? [one.text] : []));
  if (!previous.some((text) => /\b(?:both|all)\b/i.test(text))) return undefined;
  const cancelled = desk.tools
    .filter(({ name, ok }) => name === 'cancel' && ok)
    .map(({ data }) => data['appointment']);
  return rows(lastOk(desk, 'list_my_appointments')?.data['appointments']).find(
    (one) => !cancelled.includes(one['appointment']),
  );
}
