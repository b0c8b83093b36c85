import {
  CancellationScope,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { searchAttributes } from '../../domain/search-attributes.js';
import { store } from '../options.js';
import { bookOne } from './book-one.js';
import { cancelDurably } from './cancel-durably.js';
import { bookingProgress } from './messages.js';
import * as saga from './state.js';
import type { BookingOutcome, VisitOrder } from './types.js';

/**
 * Books one visit per child, all or as many as the tenant's policy keeps, then cancels the appointment that is replaced. Ends in a named
 * outcome for every visit whatever dies meanwhile; what only a person can decide is left as a staff task. A cancel of the workflow never
 * interrupts a write.
 */
export async function bookVisits(order: VisitOrder): Promise<BookingOutcome> {
  let state = saga.begin(order);
  const advance = (next: saga.OrderState): void => {
    state = next;
    setCurrentDetails(saga.describe(state));
  };
  setCurrentDetails(saga.describe(state));
  setHandler(bookingProgress, () => saga.outcomeOf(state));

  await CancellationScope.nonCancellable(async () => {
    for (const [index, visit] of order.visits.entries()) {
      if (!saga.mayGoOn(state)) break;
      advance(saga.record(state, await bookOne(order, visit, index)));
    }
    for (const booking of saga.toUndo(state)) {
      const result = await cancelDurably(cancelOf(order, `undo.${booking.patientRef}`, booking));
      const gone = result === 'cancelled' || result === 'alreadyCancelled';
      advance(saga.undone(state, booking.patientRef, gone ? 'undone' : 'beingChecked'));
    }
    if (order.replaces) advance({ ...state, replaced: await replaceOld(state, order.replaces) });
    await leaveTasks(state);
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: saga.namedOutcome(state) }]);
  });
  return saga.outcomeOf(state);
}

const cancelOf = (
  order: VisitOrder,
  step: string,
  appointment: { readonly appointmentGuid: string; readonly patientGuid: string },
): Parameters<typeof cancelDurably>[0] => ({
  tenantId: order.tenantId,
  environment: order.environment,
  conversationId: order.conversationId,
  intentId: `${order.conversationId}.${order.orderSeq}.${step}`,
  appointmentGuid: appointment.appointmentGuid,
  patientGuid: appointment.patientGuid,
  settleMs: order.settleMs,
});

/** Never cancels the old appointment before the new one is verified: a caller must not end with none. */
async function replaceOld(
  state: saga.OrderState,
  old: NonNullable<VisitOrder['replaces']>,
): Promise<BookingOutcome['replaced']> {
  if (state.results[0]?.kind !== 'booked') return 'kept';
  const result = await cancelDurably(cancelOf(state.order, 'replace', old));
  return result === 'cancelled' || result === 'alreadyCancelled' ? 'cancelled' : 'incomplete';
}

/** What the order could not settle becomes work for a person, once: task ids come from the order. */
async function leaveTasks(state: saga.OrderState): Promise<void> {
  const { tenantId, environment, conversationId, orderSeq } = state.order;
  const outcome = saga.outcomeOf(state);
  const task = { tenantId, environment, conversationId, detail: { orderSeq, outcome } };
  if (outcome.visits.some((visit) => visit.kind === 'beingChecked')) {
    await store.openStaffTask({
      ...task,
      taskId: `${conversationId}.${orderSeq}.unclear`,
      kind: 'bookingUnclear',
      summary:
        'The practice system did not say whether a visit was booked. Check the patient and tell the caller.',
    });
  }
  if (outcome.replaced === 'incomplete') {
    await store.openStaffTask({
      ...task,
      taskId: `${conversationId}.${orderSeq}.replace`,
      kind: 'rescheduleIncomplete',
      summary: 'The new appointment is booked, but the old one could not be cancelled. Cancel the old one.',
    });
  }
  const booked = outcome.visits.filter((visit) => visit.kind === 'booked').length;
  if (
    booked > 0 &&
    booked < outcome.visits.length &&
    outcome.visits.every((visit) => visit.kind !== 'beingChecked')
  ) {
    await store.openStaffTask({
      ...task,
      taskId: `${conversationId}.${orderSeq}.partial`,
      kind: 'partialBooking',
      summary: 'Some siblings are booked and others not. Offer the family a time for the rest.',
    });
  }
}
