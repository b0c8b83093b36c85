import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { slotKey } from '../../../domain/booking/slot.js';
import { reads, store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { mint, type Hold, type KnownPatient, type Offer } from '../state.js';
import { done, failed, unknownReference } from './answers.js';
import { ageProblem } from './find-slots.js';
import { locationName, timeView } from './visit-view.js';

/** An offer older than this is read again before it is held: the front desk books too (claude.md 5.2). */
const offerFreshMs = 120_000;

interface Pair {
  readonly patient: KnownPatient;
  readonly offer: Offer;
}

/** Reserves one slot for each person on our side, all or none. The practice system itself has no hold (cloud9.md 6.2). */
export async function holdSlots(
  conversation: Conversation,
  input: ToolInputs['hold_slots'],
): Promise<ToolAnswer> {
  const resolved = resolve(conversation, input);
  if ('ok' in resolved) return resolved;
  const { pairs } = resolved;
  const gone = await noLongerFree(conversation, pairs);
  if (gone.length > 0) return slotTaken(conversation, gone);

  await releaseHold(conversation);
  const { start, practice } = conversation.state;
  const minutes = practice.booking.holdMinutes[start.channel];
  const minted = mint(conversation.state, 'H');
  conversation.apply(() => minted.state);
  const hold: Hold = {
    ref: minted.ref,
    holdId: `${start.conversationId}.${minted.ref}`,
    expiresAtMs: conversation.nowMs() + minutes * 60_000,
    readBackTurn: null,
    visits: pairs.map(({ patient, offer }) => ({ patientRef: patient.ref, slotRef: offer.ref })),
  };
  const placed = await store.placeHold({
    tenantId: start.tenantId,
    environment: start.environment,
    conversationId: start.conversationId,
    holdId: hold.holdId,
    expiresAtMs: hold.expiresAtMs,
    slots: pairs.map(({ offer }) => ({ columnGuid: offer.slot.columnGuid, start: offer.slot.start })),
  });
  if (!placed.ok) {
    const taken = new Set(placed.taken.map(slotKey));
    return slotTaken(
      conversation,
      pairs.filter(({ offer }) => taken.has(slotKey(offer.slot))).map(({ offer }) => offer.ref),
    );
  }
  conversation.apply((state) => ({ ...state, hold }));
  return done({ hold: hold.ref, minutes, visits: pairs.map((pair) => view(conversation, pair)) });
}

function resolve(
  conversation: Conversation,
  input: ToolInputs['hold_slots'],
): { readonly pairs: readonly Pair[] } | ToolAnswer {
  const { patients, offers } = conversation.state;
  const pairs: Pair[] = [];
  for (const visit of input.visits) {
    const patient = patients.find((known) => known.ref === visit.patient);
    const offer = offers.find((known) => known.ref === visit.slot);
    if (!patient || !offer) return unknownReference([...patients, ...offers].map((known) => known.ref));
    const problem = ageProblem(
      conversation,
      { visit_type: offer.visitTypeKey, location: offer.slot.locationKey },
      patient.birthDate,
    );
    if (problem) return problem;
    pairs.push({ patient, offer });
  }
  const people = new Set(pairs.map(({ patient }) => patient.ref)).size;
  const places = new Set(pairs.map(({ offer }) => slotKey(offer.slot))).size;
  if (pairs.length === 0 || people !== pairs.length || places !== pairs.length) {
    return failed('one_slot_each', 'Each person needs one slot of their own.', true);
  }
  return { pairs };
}

async function noLongerFree(conversation: Conversation, pairs: readonly Pair[]): Promise<readonly string[]> {
  const stale = pairs.filter(({ offer }) => conversation.nowMs() - offer.fetchedAtMs > offerFreshMs);
  const { tenantId, environment, conversationId } = conversation.state.start;
  const gone: string[] = [];
  for (const { offer } of stale) {
    const day = offer.slot.start.slice(0, 10);
    const { slots } = await reads.findSlots({
      tenantId,
      environment,
      conversationId,
      locationKey: offer.slot.locationKey,
      visitTypeKey: offer.visitTypeKey,
      from: day,
      to: day,
      partOfDay: 'any',
      maxAgeMs: offerFreshMs,
    });
    if (!slots.some((slot) => slotKey(slot) === slotKey(offer.slot))) gone.push(offer.ref);
  }
  return gone;
}

/** Forgets slots that somebody else has, so that their references cannot be held again. */
function slotTaken(conversation: Conversation, refs: readonly string[]): ToolAnswer {
  conversation.apply((state) => ({
    ...state,
    offers: state.offers.filter((offer) => !refs.includes(offer.ref)),
  }));
  return failed(
    'slot_taken',
    'Someone else has just taken that time. Let us look at what else is free.',
    true,
    { taken: refs },
  );
}

const view = (conversation: Conversation, { patient, offer }: Pair): unknown => ({
  patient: patient.ref,
  first_name: patient.firstName,
  slot: offer.ref,
  ...timeView(offer.slot.start, conversation.state.language),
  location: locationName(conversation.state.practice, offer.slot.locationKey),
});

/** Gives the held places back, if any. */
export async function releaseHold(conversation: Conversation): Promise<void> {
  const { hold, start } = conversation.state;
  if (!hold) return;
  await store.releaseHold({ tenantId: start.tenantId, holdId: hold.holdId });
  conversation.apply((state) => ({ ...state, hold: null }));
}
