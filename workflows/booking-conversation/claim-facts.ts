import type { ClaimFacts } from '../../domain/agent/claim-facts.js';
import { practiceDateOf } from '../../domain/time/practice-time.js';
import type { Conversation } from './conversation.js';
import { deedsOf } from './deeds.js';

/** What the agent may truthfully say at this moment: the ledger, live holds, offered and own times, and facts of the practice. */
export function claimFacts(conversation: Conversation): ClaimFacts {
  const { state } = conversation;
  return {
    ledger: [
      ...state.ledger.map(({ kind, appointmentRef, start }) => ({ kind, ref: appointmentRef, start })),
      ...deedsOf(state).map(({ kind, ref }) => {
        const start = state.appointments.find((known) => known.ref === ref)?.start;
        return { kind, ref, ...(start !== undefined && { start }) };
      }),
    ],
    holds: state.hold && state.hold.expiresAtMs > conversation.nowMs() ? [state.hold.ref] : [],
    tasks: state.tasks,
    times: [
      ...state.offers.map(({ slot }) => slot.start),
      ...state.appointments.map(({ start }) => start),
      ...state.ledger.map(({ start }) => start),
    ],
    appointments: state.appointments.filter(({ status }) => status === 'scheduled').map(({ start }) => start),
    callerTexts: conversation.callerWords(),
    practiceFacts: state.practice.facts,
    today: practiceDateOf(conversation.nowMs(), state.practice.timeZone),
  };
}
