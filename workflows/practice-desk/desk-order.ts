import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { runAttributes, searchAttributes } from '../../domain/search-attributes.js';
import { cancelDurably } from '../book-visits/cancel-durably.js';
import { createPatientDurably } from '../book-visits/create-patient.js';
import { prepared } from '../book-visits/send-once.js';
import type { BookingOutcome, VisitOrder } from '../book-visits/types.js';
import type { bookVisits } from '../book-visits/workflow.js';
import { visitsWorkflowId } from '../ids.js';
import { reads, repeatable, store } from '../options.js';
import type { DeskOrder, DeskOutcome } from './messages.js';

type OrderOf<Kind extends DeskOrder['kind']> = Extract<DeskOrder, { kind: Kind }>;

/** Longest time that an order keeps its places for itself; a family of six takes that long (cloud9.md 4.4, 6.3). */
const holdMs = 15 * 60_000;

/** What stands in the place of a conversation in intents, holds and ledger. */
const ownerOf = (order: DeskOrder): string => `desk.${order.orderId}`;

/**
 * Carries out one write that a person ordered, once, whatever dies meanwhile, and keeps its outcome under the order. A cancel of the
 * workflow never interrupts a write. `unavailable` and `unanswered` are not kept, so that the same order may be started again.
 */
export async function deskOrder(order: DeskOrder): Promise<DeskOutcome> {
  const { tenantId, orderId } = order;
  const outcome = await CancellationScope.nonCancellable(async () => {
    // Somebody may have asked again just as the first run ended.
    const before = await store.deskOrderResult({ tenantId, orderId });
    if (before !== null) return before as DeskOutcome;
    const ended = await carryOut(order);
    // Nothing was changed, or the write does no harm twice: the same key may try again.
    if (ended.kind !== 'unavailable' && ended.kind !== 'unanswered')
      await store.settleDeskOrder({ tenantId, orderId, result: ended });
    return ended;
  });
  setCurrentDetails(`${order.kind}: ${outcome.kind}`);
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome.kind }]);
  return outcome;
}

function carryOut(order: DeskOrder): Promise<DeskOutcome> {
  switch (order.kind) {
    case 'registerPatient':
      return registerPatient(order);
    case 'changePatient':
      return changePatient(order);
    case 'comment':
      return comment(order);
    case 'book':
      return bookUnderHold(order, order.visits, order.policy, null);
    case 'confirm':
      return confirm(order);
    case 'cancel':
      return cancel(order);
    case 'reschedule':
      return reschedule(order);
  }
}

async function registerPatient(order: OrderOf<'registerPatient'>): Promise<DeskOutcome> {
  const owner = ownerOf(order);
  const made = await createPatientDurably({
    tenantId: order.tenantId,
    environment: order.environment,
    conversationId: owner,
    intentId: `${owner}.patient`,
    person: order.person,
    locationKey: order.locationKey,
    evenIfKnown: order.evenIfKnown,
    settleMs: order.settleMs,
  });
  switch (made.kind) {
    case 'created':
      return { kind: 'patientCreated', patientGuid: made.patientGuid };
    case 'existing':
      return { kind: 'patientKnown', patientGuid: made.patientGuid };
    case 'refused':
    case 'unavailable':
      return { kind: made.kind };
    case 'unclear':
      return unclear(
        order,
        'The practice system did not say whether a patient was created. Look the patient up.',
      );
  }
}

function changePatient(order: OrderOf<'changePatient'>): Promise<DeskOutcome> {
  const { tenantId, environment, patientGuid, firstName, lastName, birthDate } = order;
  const change = { tenantId, environment, patientGuid, firstName, lastName, birthDate };
  return told(() => repeatable.changePatient(change), 'patientChanged');
}

function confirm(order: OrderOf<'confirm'>): Promise<DeskOutcome> {
  const { tenantId, environment, appointmentGuid, patientGuid } = order;
  return told(
    () => repeatable.confirmAppointment({ tenantId, environment, appointmentGuid, patientGuid }),
    'confirmed',
  );
}

/** The marker tells a repeated comment from a second one: comments cannot be read back (cloud9.md 6.11). */
async function comment(order: OrderOf<'comment'>): Promise<DeskOutcome> {
  const { tenantId, environment, patientGuid, text } = order;
  const marker = order.orderId.slice(0, 8);
  const done = await told(
    () => repeatable.commentPatient({ tenantId, environment, patientGuid, text, marker }),
    'confirmed',
  );
  return done.kind === 'confirmed' ? { kind: 'commented', marker } : done;
}

/** The only way to book: the saga of conversations, under a hold of our own, as a conversation does it. */
async function bookUnderHold(
  order: OrderOf<'book'> | OrderOf<'reschedule'>,
  visits: VisitOrder['visits'],
  policy: VisitOrder['policy'],
  replaces: VisitOrder['replaces'],
): Promise<DeskOutcome> {
  const { tenantId, environment, settleMs } = order;
  const conversationId = ownerOf(order);
  const held = await store.placeHold({
    tenantId,
    environment,
    conversationId,
    holdId: conversationId,
    expiresAtMs: Date.now() + holdMs,
    slots: visits.map(({ slot }) => ({ columnGuid: slot.columnGuid, start: slot.start })),
  });
  if (!held.ok) return { kind: 'placeHeld' };
  const visitOrder: VisitOrder = {
    tenantId,
    environment,
    conversationId,
    orderSeq: 1,
    policy,
    visits,
    replaces,
    settleMs,
  };
  const outcome = await book(visitOrder);
  await store.releaseHold({ tenantId, holdId: conversationId });
  if (outcome === null) {
    return unclear(
      order,
      'A booking was interrupted. Check in the practice system what exists and tell the patient.',
    );
  }
  return { kind: 'visits', ...outcome };
}

async function book(order: VisitOrder): Promise<BookingOutcome | null> {
  try {
    return await executeChild<typeof bookVisits>('bookVisits', {
      workflowId: visitsWorkflowId(order.tenantId, order.conversationId, order.orderSeq),
      args: [order],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `${order.visits.length} visit(s) for ${order.conversationId}`,
      typedSearchAttributes: runAttributes(order, 'visits'),
    });
  } catch (error) {
    if (error instanceof ChildWorkflowFailure) return null;
    throw error;
  }
}

async function cancel(order: OrderOf<'cancel'>): Promise<DeskOutcome> {
  const { tenantId, environment, appointmentGuid, patientGuid, settleMs } = order;
  // The GUID alone would cancel anybody's: it must be one of the patient who was named.
  const standing = await standingOf(order);
  if (standing.kind !== 'known') return standing;
  const owner = ownerOf(order);
  const result = await cancelDurably({
    tenantId,
    environment,
    conversationId: owner,
    intentId: `${owner}.cancel`,
    appointmentGuid,
    patientGuid,
    settleMs,
  });
  switch (result) {
    case 'unclear':
      return unclear(
        order,
        'The practice system did not say whether an appointment was cancelled. Check it.',
      );
    case 'notSent':
      return { kind: 'unavailable' };
    case 'cancelled':
    case 'alreadyCancelled':
    case 'inThePast':
    case 'refused':
      return { kind: result };
  }
}

async function reschedule(order: OrderOf<'reschedule'>): Promise<DeskOutcome> {
  const { appointmentGuid, patientGuid, slot, visitTypeKey } = order;
  const standing = await standingOf(order);
  if (standing.kind !== 'known') return standing;
  if (standing.status !== 'Scheduled') return { kind: 'notScheduled' };
  const person = { kind: 'existing', patientGuid } as const;
  return bookUnderHold(order, [{ patientRef: 'P1', person, slot, visitTypeKey }], 'allOrNone', {
    appointmentGuid,
    patientGuid,
  });
}

/** How the appointment stands, if it is one of the patient's. */
async function standingOf(
  order: OrderOf<'cancel'> | OrderOf<'reschedule'>,
): Promise<
  { readonly kind: 'known'; readonly status: string } | { readonly kind: 'notFound' | 'unavailable' }
> {
  const { tenantId, environment, patientGuid, appointmentGuid } = order;
  const read = await prepared(async () => ({
    kind: 'read' as const,
    ...(await reads.listAppointments({ tenantId, environment, patientGuid })),
  }));
  if (read.kind === 'unavailable') return read;
  const found = read.appointments.find((known) => known.appointmentGuid === appointmentGuid);
  return found ? { kind: 'known', status: found.status } : { kind: 'notFound' };
}

/** A write that may be sent twice without harm: it happened, its failure says what a person can do, or nobody knows. */
async function told(write: () => Promise<void>, kind: 'patientChanged' | 'confirmed'): Promise<DeskOutcome> {
  try {
    await write();
    return { kind };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    // A deadline of ours: the last try may have arrived.
    if (!(cause instanceof ApplicationFailure)) return { kind: 'unanswered' };
    switch (cause.type ?? '') {
      case 'Cloud9NotFound':
        return { kind: 'notFound' };
      case 'Cloud9NotAuthorised':
        return { kind: 'notAuthorised' };
      case 'Cloud9Refused':
      case 'Cloud9BadRequest': {
        const [detail] = (cause.details ?? []) as readonly { readonly reason?: string }[];
        return { kind: detail?.reason === 'notScheduled' ? 'notScheduled' : 'refused' };
      }
      case 'Cloud9Unavailable':
      case 'Cloud9Malformed':
        return { kind: 'unanswered' };
      default:
        return { kind: 'unavailable' };
    }
  }
}

async function unclear(order: DeskOrder, summary: string): Promise<DeskOutcome> {
  const { tenantId, environment, orderId } = order;
  const taskId = `${ownerOf(order)}.unclear`;
  await store.openStaffTask({
    tenantId,
    environment,
    taskId,
    conversationId: ownerOf(order),
    kind: 'bookingUnclear',
    summary,
    detail: { orderId, operation: order.kind },
  });
  return { kind: 'unclear', taskId };
}
