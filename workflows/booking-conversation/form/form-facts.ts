import type { BookingForm, FormFacts } from '../../../domain/booking/form/booking-form.js';
import {
  questionWords,
  type QuestionFacts,
  type SpokenOffer,
} from '../../../domain/booking/form/form-texts.js';
import { formatDay, formatTime, practiceDateOf } from '../../../domain/time/practice-time.js';
import type { Conversation } from '../conversation.js';
import { missingReadBack } from '../read-back.js';
import { startsOf, type ConversationState, type Offer } from '../state.js';
import { locationName, zoneOf } from '../tools/visit-view.js';

/** What the form must know to hear an answer. */
export function formFacts(conversation: Conversation, form: BookingForm): FormFacts {
  const { state } = conversation;
  const { practice, hold, patients } = state;
  return {
    today: practiceDateOf(conversation.nowMs(), practice.timeZone),
    visitTypes: practice.visitTypes,
    offices: practice.locations,
    known: patients.map(({ ref }) => ref),
    offerTimes: form.offers.map((set) => offersOf(state, set).map(({ slot }) => slot.start)),
    heldTimes: hold ? startsOf(state, hold) : [],
  };
}

const offersOf = ({ offers }: ConversationState, refs: readonly string[]): Offer[] =>
  refs.flatMap((ref) => offers.filter((known) => known.ref === ref));

/** The form's question in words; a held place is read back as it is everywhere. */
export function questionOf(conversation: Conversation, form: BookingForm): string {
  const { state } = conversation;
  if (form.question === 'consent') return missingReadBack(conversation, '') ?? '';
  const { practice, language } = state;
  const facts: QuestionFacts = {
    firstNames: firstNames(
      state,
      form.question === 'known' ? state.patients.map(({ ref }) => ref) : form.people,
    ),
    draft: form.draft,
    visitTypes: practice.visitTypes.map(({ name }) => name),
    offices: practice.locations.map(({ name }) => name),
    offers: form.offers.map((set) => offerWords(state, form, set)),
  };
  return questionWords(form.question, facts, language);
}

const firstNames = ({ patients }: ConversationState, refs: readonly string[]): string[] =>
  refs.flatMap((ref) => patients.filter((known) => known.ref === ref).map(({ firstName }) => firstName));

function offerWords(state: ConversationState, form: BookingForm, set: readonly string[]): SpokenOffer {
  const { practice, language } = state;
  const names = firstNames(state, form.people);
  const offers = offersOf(state, set);
  return {
    visits: offers.map(({ slot }, index) => ({
      firstName: names[index] ?? '',
      day: formatDay(slot.start.slice(0, 10), language),
      time: formatTime(slot.start),
      otherZone: zoneOf(practice, slot.locationKey) !== practice.timeZone,
    })),
    location: locationName(practice, offers[0]?.slot.locationKey ?? null),
  };
}
