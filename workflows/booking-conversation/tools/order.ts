import { ChildWorkflowFailure, executeChild, ParentClosePolicy } from '@temporalio/workflow';
import { runAttributes, searchAttributes } from '../../../domain/search-attributes.js';
import { visitsWorkflowId } from '../../ids.js';
import type { BookingOutcome, VisitOrder } from '../../book-visits/types.js';
import type { bookVisits } from '../../book-visits/workflow.js';
import { store } from '../../options.js';
import type { Conversation } from '../conversation.js';
import { mint, type Hold, type KnownAppointment } from '../state.js';

/**
 * Sends the held visits as one order and waits for its outcome. The order outlives this conversation: a booking that has begun is
 * finished and recorded even when the conversation is ended meanwhile. Null = the order itself failed; a staff task is open.
 */
export async function orderVisits(
  conversation: Conversation,
  hold: Hold,
  replaces: KnownAppointment | null,
): Promise<BookingOutcome | null> {
  const minted = mint(conversation.state, 'order');
  conversation.apply(() => minted.state);
  const { start, practice, patients, offers, promptBundle } = conversation.state;
  const orderSeq = conversation.state.minted.order;
  const visits = hold.visits.flatMap(({ patientRef, slotRef }) => {
    const patient = patients.find((known) => known.ref === patientRef);
    const offer = offers.find((known) => known.ref === slotRef);
    return patient && offer
      ? [{ patientRef, person: patient.person, slot: offer.slot, visitTypeKey: offer.visitTypeKey }]
      : [];
  });
  const order: VisitOrder = {
    tenantId: start.tenantId,
    environment: start.environment,
    conversationId: start.conversationId,
    orderSeq,
    policy: practice.booking.siblings,
    visits,
    replaces: replaces && { appointmentGuid: replaces.appointmentGuid, patientGuid: replaces.patientGuid },
    settleMs: practice.settleMs,
  };
  try {
    return await executeChild<typeof bookVisits>('bookVisits', {
      workflowId: visitsWorkflowId(start.tenantId, start.conversationId, orderSeq),
      args: [order],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${visits.length} visit(s) for conversation ${start.conversationId}`,
      typedSearchAttributes: [
        ...runAttributes(start, 'visits'),
        { key: searchAttributes.channel, value: start.channel },
        { key: searchAttributes.outcome, value: 'unknown' },
        { key: searchAttributes.promptBundle, value: promptBundle },
      ],
    });
  } catch (error) {
    // "Already started" is met by a conversation that an operator has reset to an earlier event: the order runs, and nobody waits for it.
    const lost =
      error instanceof ChildWorkflowFailure ||
      (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError');
    if (!lost) throw error;
    await store.openStaffTask({
      tenantId: start.tenantId,
      environment: start.environment,
      taskId: `${start.conversationId}.${orderSeq}.failed`,
      conversationId: start.conversationId,
      kind: 'bookingUnclear',
      summary: 'A booking was interrupted. Check in the practice system what exists and tell the caller.',
      detail: { orderSeq },
    });
    return null;
  }
}
