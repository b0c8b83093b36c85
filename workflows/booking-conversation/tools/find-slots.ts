import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { familyOffers } from '../../../domain/booking/family-slots.js';
import type { Slot } from '../../../domain/booking/slot.js';
import { visitProblem } from '../../../domain/booking/visit-rules.js';
import { addDays, isPracticeDate, practiceDateOf } from '../../../domain/time/practice-time.js';
import { reads } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { offer, type ConversationState } from '../state.js';
import { done, failed, unknownReference } from './answers.js';
import { locationName, timeView, zoneOf } from './visit-view.js';

/** Sets of slots shown at once: a caller on the phone keeps three in mind, the model needs a few to choose from. */
const offersShown = 6;

/** Looks for free slots, as many at a time as there are people to be seen: their number is derived, never stated (failure-modes.md 9). */
export async function findSlots(
  conversation: Conversation,
  input: ToolInputs['find_slots'],
): Promise<ToolAnswer> {
  const { state } = conversation;
  const people = [...new Set(input.patients)].map((ref) =>
    state.patients.find((patient) => patient.ref === ref),
  );
  if (people.includes(undefined)) return unknownReference(state.patients.map((patient) => patient.ref));
  const range = searchRange(state, input, conversation.nowMs());
  if (!range)
    return failed(
      'invalid_range',
      'That is not a period in which we can book. Please name another day.',
      true,
    );
  const wrongAge = people
    .map((patient) => ageProblem(conversation, input, patient?.birthDate ?? null))
    .find(Boolean);
  if (wrongAge) return wrongAge;

  const { tenantId, environment, conversationId } = state.start;
  const { slots, fetchedAtMs } = await reads.findSlots({
    tenantId,
    environment,
    conversationId,
    locationKey: input.location,
    visitTypeKey: input.visit_type,
    from: range.from,
    to: range.to,
    partOfDay: input.part_of_day,
  });
  const { siblingWindowMinutes } = state.practice.booking;
  const sets = familyOffers(slots, Math.max(1, people.length), siblingWindowMinutes, offersShown);
  if (sets.length === 0) {
    return failed(
      'none_free',
      'Nothing is free in that period. Other days or another office may work.',
      true,
      range,
    );
  }
  return present(conversation, sets, input.visit_type, fetchedAtMs, range);
}

/** The days of a wish, cut to those that can be booked; null when none can. */
export function searchRange(
  state: ConversationState,
  input: Pick<ToolInputs['find_slots'], 'from' | 'to' | 'location'>,
  nowMs: number,
): { readonly from: string; readonly to: string } | null {
  const today = practiceDateOf(nowMs, zoneOf(state.practice, input.location));
  const last = addDays(today, state.practice.booking.maxAheadDays);
  if (!isPracticeDate(input.from) || !isPracticeDate(input.to)) return null;
  if (input.to < today || input.from > last || input.from > input.to) return null;
  return { from: input.from < today ? today : input.from, to: input.to > last ? last : input.to };
}

/** Age limits of the visit type; null when nothing speaks against it. */
export function ageProblem(
  conversation: Conversation,
  visit: { readonly visit_type: string; readonly location: string },
  birthDate: string | null,
): ToolAnswer | null {
  const { practice } = conversation.state;
  const visitType = practice.visitTypes.find((type) => type.key === visit.visit_type);
  if (!visitType) return failed('unknown_visit_type', 'We do not offer that kind of visit here.', true);
  const timeZone = zoneOf(practice, visit.location);
  const problem = visitProblem({
    visitType,
    birthDate,
    timeZone,
    nowUtcMs: conversation.nowMs(),
  });
  return problem ? failed(problem.code, problem.sayHint) : null;
}

function present(
  conversation: Conversation,
  sets: readonly (readonly Slot[])[],
  visitTypeKey: string,
  fetchedAtMs: number,
  searched: { readonly from: string; readonly to: string },
): ToolAnswer {
  const { practice, language } = conversation.state;
  const minted = sets.map((slots) => {
    const offered = offer(conversation.state, slots, visitTypeKey, fetchedAtMs);
    conversation.apply(() => offered.state);
    return offered.refs;
  });
  const refs = [...new Set(minted.flat())];
  const slots = refs
    .flatMap((ref) => conversation.state.offers.filter((known) => known.ref === ref))
    .map(({ ref, slot }) => ({
      slot: ref,
      ...timeView(slot.start, language),
      minutes: slot.minutes,
      location: locationName(practice, slot.locationKey),
    }));
  return done({ slots, together: minted.filter((set) => set.length > 1), searched });
}
