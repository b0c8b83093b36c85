import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { store } from '../../options.js';
import type { BookingOutcome, VisitResult } from '../../book-visits/types.js';
import type { Conversation } from '../conversation.js';
import {
  enterLedger,
  knowAppointment,
  settleHold,
  startsOf,
  type Hold,
  type KnownAppointment,
} from '../state.js';
import { toPracticeTime } from '../../../domain/time/practice-time.js';
import { done, failed, unknownReference } from './answers.js';
import { consentMissing } from './consent.js';
import { releaseHold } from './hold-slots.js';
import { orderVisits } from './order.js';
import { locationName, timeView, zoneOf } from './visit-view.js';

/** Time that an order keeps its places for itself: the slowest write, doubled, for a family of six (cloud9.md 4.4 and 6.3). */
const orderHoldMs = 15 * 60_000;

const beingChecked = failed(
  'being_checked',
  'The booking is being confirmed with the practice. A colleague will call back. It must not be called booked yet.',
);

/** Books everything under the hold, after the caller's yes. The same hold asked again is answered from what it came to. */
export async function confirmBooking(
  conversation: Conversation,
  input: ToolInputs['confirm_booking'],
): Promise<ToolAnswer> {
  return settle(conversation, input.hold, null, 'confirm_booking');
}

/** Moves one appointment to the held slot: books the new one, verifies it, then cancels the old one. */
export async function reschedule(
  conversation: Conversation,
  input: ToolInputs['reschedule'],
): Promise<ToolAnswer> {
  const { appointments, hold } = conversation.state;
  const old = appointments.find((known) => known.ref === input.appointment);
  if (!old) return unknownReference(appointments.map((known) => known.ref));
  if (hold?.ref === input.hold) {
    const [visit, ...more] = hold.visits;
    if (!visit || more.length > 0 || visit.patientRef !== old.patientRef) {
      return failed(
        'one_slot_each',
        'Hold one slot for the patient whose appointment is moved, and nothing else.',
        true,
      );
    }
    if (old.status === 'cancelled')
      return failed('already_cancelled', 'That appointment was cancelled before.');
    const now = toPracticeTime(conversation.nowMs(), zoneOf(conversation.state.practice, old.locationKey));
    if (old.start <= now)
      return failed('in_the_past', 'That appointment is in the past and cannot be moved.');
  }
  return settle(conversation, input.hold, old, 'reschedule');
}

/** A second visit of one kind for one person is the model's mistake far more often than a wish: it must be a move, or a person decides. */
function bookedAlready(conversation: Conversation, hold: Hold): ToolAnswer | null {
  const { appointments, offers, practice } = conversation.state;
  const ahead = hold.visits.flatMap(({ patientRef, slotRef }) => {
    const typeKey = offers.find((offer) => offer.ref === slotRef)?.visitTypeKey;
    const visitType = practice.visitTypes.find((type) => type.key === typeKey)?.name;
    return appointments.filter(
      (known) =>
        known.patientRef === patientRef &&
        known.visitType === visitType &&
        known.status === 'scheduled' &&
        known.start > toPracticeTime(conversation.nowMs(), zoneOf(practice, known.locationKey)),
    );
  });
  if (ahead.length === 0) return null;
  return failed(
    'booked_already',
    'That person has such a visit already. Move it with reschedule, or hold slots only for those who have none.',
    true,
    { appointments: ahead.map((known) => known.ref) },
  );
}

function moveToSamePlace(
  conversation: Conversation,
  hold: Hold,
  replaces: KnownAppointment,
): ToolAnswer | null {
  const [start] = startsOf(conversation.state, hold);
  if (start !== replaces.start) return null;
  return failed('same_time', 'The appointment is at that time already; nothing needs to be moved.', true);
}

async function settle(
  conversation: Conversation,
  holdRef: string,
  replaces: KnownAppointment | null,
  tool: 'confirm_booking' | 'reschedule',
): Promise<ToolAnswer> {
  const settled = conversation.state.settledHolds[holdRef];
  if (settled) return settled;
  const { hold, start } = conversation.state;
  if (hold?.ref !== holdRef) return unknownReference(hold ? [hold.ref] : []);
  const again = replaces ? moveToSamePlace(conversation, hold, replaces) : bookedAlready(conversation, hold);
  if (again) return again;
  const times = startsOf(conversation.state, hold);
  const refusal = await consentMissing(conversation, {
    tool,
    action: replaces ? 'move' : 'book',
    readBackTurn: hold.readBackTurn,
    // "Yes, move Tuesday's visit" names the old time and agrees to the new one.
    times: replaces ? [...times, replaces.start] : times,
  });
  if (refusal) return refusal;
  const extended = await store.extendHold({
    tenantId: start.tenantId,
    holdId: hold.holdId,
    expiresAtMs: conversation.nowMs() + orderHoldMs,
  });
  if (!extended) {
    conversation.apply((state) => ({ ...state, hold: null }));
    return failed('hold_expired', 'The reservation has run out. Let us look at what is free now.', true);
  }
  const outcome = await orderVisits(conversation, hold, replaces);
  const answer = outcome ? report(conversation, hold, outcome, replaces) : beingChecked;
  const unclear = outcome?.visits.some((visit) => visit.kind === 'beingChecked') ?? true;
  conversation.apply((state) => ({
    ...settleHold(state, holdRef, answer),
    beingChecked: state.beingChecked || unclear,
  }));
  await releaseHold(conversation);
  return answer;
}

/** Enters what happened into state and ledger, and puts it into the model's words. */
function report(
  conversation: Conversation,
  hold: Hold,
  outcome: BookingOutcome,
  replaces: KnownAppointment | null,
): ToolAnswer {
  const moved = replaces !== null && outcome.replaced === 'cancelled';
  const booked = outcome.visits.flatMap((visit) =>
    visit.kind === 'booked' ? [enter(conversation, visit, moved)] : [],
  );
  for (const visit of outcome.visits) adopt(conversation, visit);
  forgetTaken(conversation, hold, outcome);
  if (moved) cancelLocally(conversation, replaces);

  if (booked.length === 0) return nothingBooked(outcome);
  const notBooked = outcome.visits.flatMap((visit) =>
    visit.kind === 'booked' ? [] : [{ ...patientView(conversation, visit.patientRef), why: reason(visit) }],
  );
  return done({ outcome: outcomeName(outcome, replaces), appointments: booked, not_booked: notBooked });
}

function outcomeName(outcome: BookingOutcome, replaces: KnownAppointment | null): string {
  if (replaces) return outcome.replaced === 'cancelled' ? 'moved' : 'reschedule_incomplete';
  return outcome.visits.every((visit) => visit.kind === 'booked') ? 'booked' : 'partly_booked';
}

function nothingBooked(outcome: BookingOutcome): ToolAnswer {
  if (outcome.visits.some((visit) => visit.kind === 'beingChecked')) return beingChecked;
  if (outcome.visits.some((visit) => visit.kind === 'notBooked' && visit.why === 'slotTaken')) {
    return failed(
      'slot_taken',
      'Someone else has just taken that time. Nothing is booked. Let us look at what else is free.',
      true,
    );
  }
  return failed(
    'refused',
    'The practice system did not accept the booking. Nothing is booked. A colleague can help.',
  );
}

const reason = (visit: Exclude<VisitResult, { kind: 'booked' }>): string =>
  visit.kind === 'beingChecked' ? 'being_checked' : visit.why;

const patientView = (
  conversation: Conversation,
  patientRef: string,
): { patient: string; first_name: string } => ({
  patient: patientRef,
  first_name: conversation.state.patients.find((known) => known.ref === patientRef)?.firstName ?? '',
});

function enter(
  conversation: Conversation,
  visit: Extract<VisitResult, { kind: 'booked' }>,
  moved: boolean,
): unknown {
  const { practice, offers, language } = conversation.state;
  const { slot } = visit;
  const typeKey = offers.find(
    (offer) => offer.slot.columnGuid === slot.columnGuid && offer.slot.start === slot.start,
  )?.visitTypeKey;
  const known = knowAppointment(conversation.state, {
    appointmentGuid: visit.appointmentGuid,
    patientGuid: visit.patientGuid,
    patientRef: visit.patientRef,
    start: slot.start,
    minutes: slot.minutes,
    locationKey: slot.locationKey,
    visitType: practice.visitTypes.find((type) => type.key === typeKey)?.name ?? '',
    status: 'scheduled',
  });
  conversation.apply(() =>
    enterLedger(known.state, {
      kind: moved ? 'moved' : 'booked',
      appointmentRef: known.ref,
      appointmentGuid: visit.appointmentGuid,
      start: slot.start,
      locationKey: slot.locationKey,
    }),
  );
  return {
    appointment: known.ref,
    ...patientView(conversation, visit.patientRef),
    ...timeView(slot.start, language),
    location: locationName(practice, slot.locationKey),
  };
}

/** Somebody who was created in the practice system stays that record, also when the slot failed (cloud9.md 6.13). */
function adopt(conversation: Conversation, visit: VisitResult): void {
  const { patientGuid } = visit;
  if (patientGuid === null) return;
  conversation.apply((state) => ({
    ...state,
    patients: state.patients.map((known) =>
      known.ref === visit.patientRef ? { ...known, person: { kind: 'existing', patientGuid } } : known,
    ),
  }));
}

function forgetTaken(conversation: Conversation, hold: Hold, outcome: BookingOutcome): void {
  const used = new Set(
    outcome.visits
      .filter((visit) => visit.kind === 'booked' || (visit.kind === 'notBooked' && visit.why === 'slotTaken'))
      .map((visit) => hold.visits.find((held) => held.patientRef === visit.patientRef)?.slotRef),
  );
  conversation.apply((state) => ({ ...state, offers: state.offers.filter((offer) => !used.has(offer.ref)) }));
}

export function cancelLocally(conversation: Conversation, appointment: KnownAppointment): void {
  conversation.apply((state) => ({
    ...state,
    appointments: state.appointments.map((known) =>
      known.ref === appointment.ref ? { ...known, status: 'cancelled' } : known,
    ),
  }));
}
