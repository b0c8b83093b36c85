import { readsBack } from '../../domain/booking/read-back.js';
import { practiceDateOf } from '../../domain/time/practice-time.js';
import { notice, startsOf, type ConversationState } from './state.js';

/** What the model must know of a cut-off sentence is its end. */
const excerptLength = 120;

/**
 * The caller cut the agent's latest words off after `heardChars`: the model learns where (claude.md 9), and a date and time that were not
 * heard were not read back. The stored words stay as they were said. Nothing changes when all of it was heard.
 */
export function interrupted(state: ConversationState, heardChars: number, nowMs: number): ConversationState {
  const last = state.replies.at(-1);
  if (!last || heardChars >= last.text.length) return state;
  const heard = last.text.slice(0, Math.max(0, heardChars));
  const excerpt = heard.slice(-excerptLength);
  const today = practiceDateOf(nowMs, state.practice.timeZone);
  const { hold, cancelAsked, appointments } = state;
  const cancelled = appointments.filter((known) => known.ref === cancelAsked?.appointmentRef);
  const unheardHold = hold?.readBackTurn === last.turn && !readsBack(heard, startsOf(state, hold), today);
  const unheardCancel =
    cancelAsked?.readBackTurn === last.turn &&
    !readsBack(
      heard,
      cancelled.map(({ start }) => start),
      today,
    );
  return notice(
    {
      ...state,
      hold: hold && unheardHold ? { ...hold, readBackTurn: null } : hold,
      cancelAsked: cancelAsked && unheardCancel ? { ...cancelAsked, readBackTurn: null } : cancelAsked,
      lastCallerAtMs: nowMs,
    },
    `[caller interrupted after: ${JSON.stringify(excerpt)}]`,
  );
}
