import type { Change } from '../../test/scenarios/change.js';
import type { OwnRows } from '../../test/scenarios/rows.js';
import { boast, type Told } from './family.js';

/** What must be 0, as sentences that name the conversation. */
export interface Audit {
  readonly doubled: readonly string[];
  readonly lost: readonly string[];
  readonly falseClaims: readonly string[];
  /** Places still held; writes that were sent, that nobody settled and nobody looks into. */
  readonly leftOver: readonly string[];
  readonly counts: {
    readonly families: number;
    readonly booked: number;
    readonly toldNotBooked: number;
    readonly withStaff: number;
    readonly appointments: number;
  };
}

/** Staff tasks that say: look whether this family has an appointment. */
const lookingInto: readonly string[] = ['bookingUnclear', 'partialBooking'];

/**
 * Compares what families were told with our rows and with the practice system, which is the judge. A truthful "not booked" is no loss; an
 * appointment that the practice has and that neither our ledger nor a staff task knows is one, and so is one that we claim and it lacks.
 */
export function audit(
  told: readonly Told[],
  { made, newPatients, writes }: Pick<Change, 'made' | 'newPatients' | 'writes'>,
  rows: OwnRows,
): Audit {
  const doubled: string[] = [];
  const lost: string[] = [];
  const falseClaims: string[] = [];
  const leftOver: string[] = [];
  const counts = {
    families: told.length,
    booked: 0,
    toldNotBooked: 0,
    withStaff: 0,
    appointments: made.length,
  };

  for (const { family, conversationId, replies, unanswered } of told) {
    const name = `${family.lastName} (${String(conversationId)})`;
    if (unanswered !== null) lost.push(`${name} was left without an answer: ${unanswered}`);
    const ledger = rows.ledger.filter(
      (row) => row.conversationId === conversationId && row.kind === 'booked',
    );
    const tasks = rows.tasks.filter((task) => task.conversationId === conversationId);
    const isLookedInto = tasks.some(({ kind }) => lookingInto.includes(kind));
    const people = newPatients.filter(({ lastName }) => lastName === family.lastName);
    const visits = made.filter(({ patientGuid }) => people.some((one) => one.patientGuid === patientGuid));

    for (const firstName of new Set(people.map((one) => one.firstName)))
      if (people.filter((one) => one.firstName === firstName).length > 1)
        doubled.push(`${name}: ${firstName} is in the practice's records twice`);
    for (const patientGuid of new Set(visits.map((visit) => visit.patientGuid)))
      if (visits.filter((visit) => visit.patientGuid === patientGuid).length > 1)
        doubled.push(`${name}: two appointments of one child`);
    for (const row of ledger) {
      if (ledger.filter((one) => one.appointmentGuid === row.appointmentGuid).length > 1)
        doubled.push(`${name}: ${String(row.appointmentGuid)} is in the ledger twice`);
      if (!visits.some((visit) => visit.appointmentGuid === row.appointmentGuid))
        falseClaims.push(`${name}: the practice lacks ${String(row.appointmentGuid)}`);
    }
    for (const { appointmentGuid } of visits)
      if (!ledger.some((row) => row.appointmentGuid === appointmentGuid) && !isLookedInto)
        lost.push(`${name}: ${appointmentGuid} stands, and neither our ledger nor a staff task knows`);
    for (const { text, outcome } of replies) {
      if (text.includes(boast) && ledger.length !== family.children)
        falseClaims.push(`${name}: told "${text}" with ${ledger.length} of ${family.children} in the ledger`);
      if (outcome === 'booked' && ledger.length === 0) falseClaims.push(`${name}: outcome booked, no ledger`);
    }
    for (const { status, kind } of rows.intents.filter((row) => row.conversation_id === conversationId))
      if (['sent', 'unknown'].includes(status) && !isLookedInto)
        leftOver.push(`${name}: a ${kind} intent is ${status}, and no staff task looks into it`);
    if (rows.holds.some((hold) => hold.conversationId === conversationId))
      leftOver.push(`${name}: places are still held`);

    if (ledger.length > 0) counts.booked += 1;
    else if (isLookedInto) counts.withStaff += 1;
    else counts.toldNotBooked += 1;
  }
  const places = made.map((visit) => `${visit.columnGuid} ${visit.start}`);
  for (const place of new Set(places))
    if (places.filter((one) => one === place).length > 1) doubled.push(`the place ${place}`);
  const sent = writes.filter((write) => write.procedure === 'SetAppointment' && write.committed).length;
  if (sent !== made.length) doubled.push(`${sent} appointments were committed and ${made.length} stand`);
  return { doubled, lost, falseClaims, leftOver, counts };
}
