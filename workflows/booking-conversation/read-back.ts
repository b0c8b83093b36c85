import { spoken } from '../../domain/agent/spoken-texts.js';
import { readsBack } from '../../domain/booking/read-back.js';
import { formatDay, formatTime, practiceDateOf, type PracticeTime } from '../../domain/time/practice-time.js';
import type { Conversation } from './conversation.js';
import { startsOf, type ConversationState, type KnownAppointment } from './state.js';
import { locationName, zoneOf } from './tools/visit-view.js';

/** Something that waits for the caller's yes. */
interface Question {
  readonly starts: readonly PracticeTime[];
  readonly text: string;
}

/**
 * What must be said besides `text` so that the caller knows day and time of what a yes would do; null when the text says it all or nothing
 * waits. The model's offer is not trusted to name them (claude.md 11, scenario 18).
 */
export function missingReadBack(conversation: Conversation, text: string): string | null {
  const { state } = conversation;
  const today = practiceDateOf(conversation.nowMs(), state.practice.timeZone);
  const missing = questionsOf(state).filter(({ starts }) => !readsBack(text, starts, today));
  return missing.length === 0 ? null : missing.map((question) => question.text).join(' ');
}

/** Remembers that this turn's delivered words read back whatever they did read back. */
export function markReadBack(conversation: Conversation, turn: number, text: string): void {
  const today = practiceDateOf(conversation.nowMs(), conversation.state.practice.timeZone);
  conversation.apply((state) => {
    const { hold, cancelAsked } = state;
    const cancelled = askedAppointment(state);
    return {
      ...state,
      hold: hold && readsBack(text, startsOf(state, hold), today) ? { ...hold, readBackTurn: turn } : hold,
      cancelAsked:
        cancelAsked && cancelled && readsBack(text, [cancelled.start], today)
          ? { ...cancelAsked, readBackTurn: turn }
          : cancelAsked,
    };
  });
}

const askedAppointment = ({ appointments, cancelAsked }: ConversationState): KnownAppointment | undefined =>
  appointments.find((known) => known.ref === cancelAsked?.appointmentRef);

/** Questions that have not been read back yet. */
function questionsOf(state: ConversationState): readonly Question[] {
  const { hold, cancelAsked, practice, language, patients, offers } = state;
  const questions: Question[] = [];
  const ask = (
    action: 'take' | 'cancel',
    visits: readonly {
      readonly patientRef: string;
      readonly start: PracticeTime;
      readonly locationKey: string | null;
    }[],
  ): void => {
    const said = visits.map(({ patientRef, start, locationKey }) => ({
      firstName: patients.find((known) => known.ref === patientRef)?.firstName ?? '',
      day: formatDay(start.slice(0, 10), language),
      time: formatTime(start),
      location: locationName(practice, locationKey),
      otherZone: zoneOf(practice, locationKey) !== practice.timeZone,
    }));
    questions.push({
      starts: visits.map(({ start }) => start),
      text: spoken(language, 'readBack', { action, visits: said }),
    });
  };
  if (hold?.readBackTurn === null) {
    const visits = hold.visits.flatMap(({ patientRef, slotRef }) =>
      offers
        .filter((known) => known.ref === slotRef)
        .map(({ slot }) => ({ patientRef, start: slot.start, locationKey: slot.locationKey })),
    );
    ask('take', visits);
  }
  const cancelled = askedAppointment(state);
  if (cancelAsked?.readBackTurn === null && cancelled) ask('cancel', [cancelled]);
  return questions;
}
