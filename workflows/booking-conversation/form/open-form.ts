import { beginForm, formUnderHold, type BookingForm } from '../../../domain/booking/form/booking-form.js';
import { wishIn } from '../../../domain/booking/form/heard.js';
import { isConsent } from '../../../domain/booking/consent.js';
import { toPracticeTime } from '../../../domain/time/practice-time.js';
import type { Conversation } from '../conversation.js';
import type { Spoken } from '../speak.js';
import { startsOf, type Hold } from '../state.js';
import { releaseHold } from '../tools/hold-slots.js';
import { zoneOf } from '../tools/visit-view.js';
import { formFacts } from './form-facts.js';
import type { Instead } from './say-checked.js';
import { carryOut } from './take-form-turn.js';

/**
 * The first turn without a model: says so, and asks the first question that is still open. What is known of the caller is kept; a caller who
 * has just said yes to what was read back is not asked again.
 */
export async function openForm(conversation: Conversation, instead: Instead): Promise<Spoken> {
  // A "yes" to the form must not open a cancellation that the model had asked about.
  conversation.apply((state) => ({ ...state, cancelAsked: null }));
  const said = conversation.callerWords().join('\n');
  const wish = wishIn(said);
  if (wish === 'person' || wish === 'goodbye') {
    return carryOut(conversation, beginForm([], null), { kind: wish }, instead, []);
  }
  const form = await firstForm(conversation);
  const { heldTimes, today } = formFacts(conversation, form);
  const readBack = typeof conversation.state.hold?.readBackTurn === 'number';
  const agreed = readBack && isConsent([said], { action: 'book', times: heldTimes, today });
  return agreed
    ? carryOut(conversation, form, { kind: 'confirm', form }, instead, [])
    : carryOut(conversation, form, { kind: 'ask', form }, instead, ['opening']);
}

/** Under a hold that still stands the form begins with its read-back; any other hold goes back. */
async function firstForm(conversation: Conversation): Promise<BookingForm> {
  const { hold: held, patients } = conversation.state;
  if (held && isNewVisit(conversation, held)) {
    const [first] = held.visits;
    const offer = conversation.state.offers.find(({ ref }) => ref === first?.slotRef);
    const people = held.visits.map(({ patientRef }) => patientRef);
    return formUnderHold(people, offer?.visitTypeKey ?? '', offer?.slot.locationKey ?? '');
  }
  await releaseHold(conversation);
  const phones = patients.flatMap(({ person }) => (person.kind === 'new' ? [person.phone] : []));
  return beginForm(
    patients.map(({ ref }) => ref),
    phones.at(-1) ?? null,
  );
}

/** False when it may have been held to move an appointment there: only the model knew. */
function isNewVisit(conversation: Conversation, held: Hold): boolean {
  const { state } = conversation;
  const nowMs = conversation.nowMs();
  const people = new Set(held.visits.map(({ patientRef }) => patientRef));
  const mayMove = state.appointments.some(
    ({ patientRef, status, start, locationKey }) =>
      people.has(patientRef) &&
      status === 'scheduled' &&
      start > toPracticeTime(nowMs, zoneOf(state.practice, locationKey)),
  );
  return !mayMove && held.expiresAtMs > nowMs && startsOf(state, held).length === held.visits.length;
}
