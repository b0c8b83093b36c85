import { once, reconcile } from '../options.js';
import { attempts, createPatientDurably } from './create-patient.js';
import { lookUpNow, lookUpTwice, prepared, sendOnce } from './send-once.js';
import type { OrderedVisit, Person, VisitOrder, VisitResult } from './types.js';

const intentBase = (order: VisitOrder, index: number): string =>
  `${order.conversationId}.${order.orderSeq}.${index}`;

/** Books one visit of an order: the patient first, then the appointment. Has a named result whatever cannot be read or sent. */
export async function bookOne(order: VisitOrder, visit: OrderedVisit, index: number): Promise<VisitResult> {
  const { patientRef } = visit;
  const found = await findOrCreatePatient(order, visit, `${intentBase(order, index)}.patient`);
  if (found.kind !== 'patient') {
    return found.kind === 'unclear'
      ? { patientRef, kind: 'beingChecked', patientGuid: null }
      : { patientRef, kind: 'notBooked', why: found.kind, patientGuid: null };
  }
  return bookAppointment(order, visit, found.patientGuid, `${intentBase(order, index)}.appointment`);
}

type PatientResult =
  | { readonly kind: 'patient'; readonly patientGuid: string }
  | { readonly kind: 'refused' | 'unavailable' | 'unclear' };

async function findOrCreatePatient(
  order: VisitOrder,
  visit: OrderedVisit,
  intentId: string,
): Promise<PatientResult> {
  const person: Person = visit.person;
  if (person.kind === 'existing') return { kind: 'patient', patientGuid: person.patientGuid };
  const { tenantId, environment, conversationId, settleMs } = order;
  const made = await createPatientDurably({
    tenantId,
    environment,
    conversationId,
    intentId,
    person,
    locationKey: visit.slot.locationKey,
    evenIfKnown: false,
    settleMs,
  });
  return made.kind === 'existing' || made.kind === 'created'
    ? { kind: 'patient', patientGuid: made.patientGuid }
    : made;
}

async function bookAppointment(
  order: VisitOrder,
  visit: OrderedVisit,
  patientGuid: string,
  intentId: string,
): Promise<VisitResult> {
  const { tenantId, environment, conversationId } = order;
  const { patientRef, slot, visitTypeKey } = visit;
  const booked = (appointmentGuid: string): VisitResult => ({
    patientRef,
    kind: 'booked',
    patientGuid,
    appointmentGuid,
    slot,
  });
  const beingChecked: VisitResult = { patientRef, kind: 'beingChecked', patientGuid };
  const lookUp = (): ReturnType<typeof reconcile.reconcileAppointment> =>
    reconcile.reconcileAppointment({ tenantId, environment, intentId });

  const ready = await prepared(() =>
    reconcile.prepareAppointment({
      tenantId,
      environment,
      conversationId,
      intentId,
      patientGuid,
      slot,
      visitTypeKey,
    }),
  );
  if (ready.kind === 'unavailable') return { patientRef, kind: 'notBooked', why: 'unavailable', patientGuid };
  for (const attempt of attempts) {
    const sent = await sendOnce(() => once.setAppointment({ tenantId, environment, intentId, attempt }));
    switch (sent.kind) {
      case 'sent': {
        // Verified by reading, never by the answer alone; a positive answer is never followed by a repeat.
        const now = await lookUpNow(lookUp);
        const seen = now.kind === 'absent' ? await lookUpTwice(lookUp, order.settleMs) : now;
        return seen.kind === 'found' ? booked(seen.appointmentGuid) : beingChecked;
      }
      case 'slotTaken':
      case 'refused':
      case 'unavailable': {
        // On the repeat the one who has the slot may be our own first try, come late (cloud9.md 6.11).
        const seen = attempt === 1 ? { kind: 'absent' as const } : await lookUpNow(lookUp);
        if (seen.kind === 'found') return booked(seen.appointmentGuid);
        if (seen.kind === 'ambiguous') return beingChecked;
        return { patientRef, kind: 'notBooked', why: sent.kind, patientGuid };
      }
      case 'unclear': {
        const seen = await lookUpTwice(lookUp, order.settleMs);
        if (seen.kind === 'found') return booked(seen.appointmentGuid);
        if (seen.kind === 'ambiguous') return beingChecked;
      }
    }
  }
  return beingChecked;
}
