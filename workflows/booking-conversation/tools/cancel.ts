import type { ToolAnswer, ToolInputs } from '../../../domain/agent/tools.js';
import { toPracticeTime } from '../../../domain/time/practice-time.js';
import { cancelDurably } from '../../book-visits/cancel-durably.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { enterLedger, mint, type ConversationState } from '../state.js';
import { done, failed, unknownReference } from './answers.js';
import { cancelLocally } from './book.js';
import { consentMissing } from './consent.js';
import { zoneOf } from './visit-view.js';

/** Turns for which the question "shall I cancel it?" stands: a yes much later is a yes to something else. */
const askedForTurns = 2;

const askedFor = (
  { cancelAsked, turn }: ConversationState,
  appointmentRef: string,
): ConversationState['cancelAsked'] =>
  cancelAsked?.appointmentRef === appointmentRef &&
  (cancelAsked.readBackTurn === null || turn + 1 - cancelAsked.readBackTurn <= askedForTurns)
    ? cancelAsked
    : null;

/** Cancels one appointment. The first call only asks; the caller's yes in a later turn opens the gate. */
export async function cancelAppointment(
  conversation: Conversation,
  input: ToolInputs['cancel'],
): Promise<ToolAnswer> {
  const { state } = conversation;
  const appointment = state.appointments.find((known) => known.ref === input.appointment);
  if (!appointment) return unknownReference(state.appointments.map((known) => known.ref));
  if (appointment.status === 'cancelled')
    return done({ appointment: appointment.ref, outcome: 'already_cancelled' });
  if (
    appointment.start <= toPracticeTime(conversation.nowMs(), zoneOf(state.practice, appointment.locationKey))
  ) {
    return failed('in_the_past', 'That appointment is in the past and cannot be cancelled.');
  }
  const asked = askedFor(state, appointment.ref);
  if (!asked) {
    conversation.apply((now) => ({
      ...now,
      cancelAsked: { appointmentRef: appointment.ref, readBackTurn: null },
    }));
    return failed(
      'consent_needed',
      'Please say which appointment it is and ask for a clear yes first.',
      true,
    );
  }
  const refusal = await consentMissing(conversation, {
    tool: 'cancel',
    action: 'cancel',
    readBackTurn: asked.readBackTurn,
    times: [appointment.start],
  });
  if (refusal) return refusal;

  const { tenantId, environment, conversationId } = state.start;
  const minted = mint(conversation.state, 'order');
  conversation.apply(() => ({ ...minted.state, cancelAsked: null }));
  const orderSeq = conversation.state.minted.order;
  const result = await cancelDurably({
    tenantId,
    environment,
    conversationId,
    intentId: `${conversationId}.${orderSeq}.cancel`,
    appointmentGuid: appointment.appointmentGuid,
    patientGuid: appointment.patientGuid,
    settleMs: state.practice.settleMs,
  });
  switch (result) {
    case 'cancelled':
    case 'alreadyCancelled':
      cancelLocally(conversation, appointment);
      conversation.apply((now) =>
        enterLedger(now, {
          kind: 'cancelled',
          appointmentRef: appointment.ref,
          appointmentGuid: appointment.appointmentGuid,
          start: appointment.start,
          locationKey: appointment.locationKey ?? '',
        }),
      );
      return done({
        appointment: appointment.ref,
        outcome: result === 'cancelled' ? 'cancelled' : 'already_cancelled',
      });
    case 'inThePast':
      return failed('in_the_past', 'That appointment is in the past and cannot be cancelled.');
    case 'notSent':
      return failed('unavailable', 'I cannot reach the schedule at the moment. A colleague can call back.');
    case 'refused':
      return failed('refused', 'The practice system did not accept the cancellation. A colleague can help.');
    case 'unclear':
      conversation.apply((now) => ({ ...now, beingChecked: true }));
      await store.openStaffTask({
        tenantId,
        environment,
        taskId: `${conversationId}.${orderSeq}.cancel`,
        conversationId,
        kind: 'bookingUnclear',
        summary:
          'The practice system did not say whether an appointment was cancelled. Check it and tell the caller.',
        detail: { appointmentGuid: appointment.appointmentGuid },
      });
      return failed(
        'being_checked',
        'The cancellation is being confirmed. It must not be called cancelled yet.',
      );
  }
}
