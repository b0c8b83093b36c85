import type { BookingForm } from '../../../domain/booking/form/booking-form.js';
import { notBookedWords, remarkWords, type FormRemark } from '../../../domain/booking/form/form-texts.js';
import { spoken } from '../../../domain/agent/spoken-texts.js';
import type { Conversation } from '../conversation.js';
import { askForPerson } from '../hand-off.js';
import { ledgerLines } from '../ledger-lines.js';
import type { Spoken } from '../speak.js';
import { notice } from '../state.js';
import { releaseHold } from '../tools/hold-slots.js';
import { sayChecked, type Instead } from './say-checked.js';

/** Says what the ledger holds of this order. A visit that was not booked, or is unclear, has a task of its own by then. */
export async function tellDone(
  conversation: Conversation,
  { people }: BookingForm,
  doneBefore: number,
  instead: Instead,
): Promise<Spoken> {
  close(conversation, 'It has booked what the ledger says.');
  const { state } = conversation;
  const { language } = state;
  const lines = ledgerLines(state).slice(doneBefore);
  const booked = new Set(
    state.ledger
      .slice(doneBefore)
      .map(({ appointmentRef }) => state.appointments.find(({ ref }) => ref === appointmentRef)?.patientRef),
  );
  const rest = state.patients.filter(({ ref }) => people.includes(ref) && !booked.has(ref));
  const told = [
    ...(lines.length > 0 ? [spoken(language, 'done', { lines })] : []),
    ...(state.beingChecked ? [spoken(language, 'beingChecked', {})] : []),
    ...(rest.length > 0 && !state.beingChecked
      ? [
          notBookedWords(
            rest.map(({ firstName }) => firstName),
            language,
          ),
        ]
      : []),
  ];
  return sayChecked(conversation, told.join(' '), instead, doneBefore);
}

/** A colleague now, or a callback: never both, and one callback however often the caller asks. */
export async function toPerson(
  conversation: Conversation,
  remarks: readonly FormRemark[],
  instead: Instead,
): Promise<Spoken> {
  close(conversation, 'The caller needs a person.');
  conversation.apply((state) => ({ ...state, formDeclined: true }));
  await releaseHold(conversation);
  const { when } = await askForPerson(conversation, {
    reason: 'the model was not available and the caller needs a person',
    summary:
      'The automatic assistant could only ask fixed questions, and the caller needs a person. Read the conversation and call back.',
  });
  conversation.apply((state) => ({
    ...state,
    handoff: state.handoff && { ...state.handoff, told: true },
  }));
  const { language } = conversation.state;
  const last = when === 'now' ? spoken(language, 'handedOff', {}) : remarkWords('callback', language);
  return sayChecked(
    conversation,
    [...remarks.map((remark) => remarkWords(remark, language)), last].join(' '),
    instead,
  );
}

export async function leave(
  conversation: Conversation,
  how: 'leave' | 'goodbye',
  instead: Instead,
): Promise<Spoken> {
  close(conversation, 'The caller left it; it has booked nothing.');
  await releaseHold(conversation);
  if (how === 'goodbye') conversation.apply((state) => ({ ...state, closeReason: 'ended by the agent' }));
  const text = remarkWords(how === 'leave' ? 'left' : 'goodbye', conversation.state.language);
  return sayChecked(conversation, text, instead);
}

/** Ends the form; the next turn is the model's, who learns what it came to. */
function close(conversation: Conversation, how: string): void {
  conversation.apply((state) => {
    const known = state.patients.map(({ ref, firstName }) => `${ref} is ${JSON.stringify(firstName)}`);
    const ledger = state.ledger.map(
      ({ kind, appointmentRef, start }) => `${appointmentRef} ${kind}, ${start}`,
    );
    return notice(
      { ...state, form: null },
      `While you were away a form of fixed questions spoke with the caller. ${how} ${[...known, ...ledger].join('; ')}`,
    );
  });
}
