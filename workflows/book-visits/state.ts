import type { Outcome } from '../../domain/outcome.js';
import type { BookingOutcome, OrderedVisit, VisitOrder, VisitResult } from './types.js';

/** Where an order stands: results so far, in the order of its visits. */
export interface OrderState {
  readonly order: VisitOrder;
  readonly results: readonly VisitResult[];
  readonly replaced: BookingOutcome['replaced'];
}

export const begin = (order: VisitOrder): OrderState => ({ order, results: [], replaced: null });

export const record = (state: OrderState, result: VisitResult): OrderState => ({
  ...state,
  results: [...state.results, result],
});

/** Under allOrNone nothing more is tried once a sibling could certainly not be booked. */
export const mayGoOn = (state: OrderState): boolean =>
  state.order.policy === 'keepBooked' || !state.results.some((result) => result.kind === 'notBooked');

/** Bookings that must be taken back: under allOrNone all that were made beside one that was certainly not. */
export const toUndo = (state: OrderState): readonly Extract<VisitResult, { kind: 'booked' }>[] =>
  mayGoOn(state) ? [] : state.results.filter((result) => result.kind === 'booked');

export const undone = (
  state: OrderState,
  patientRef: string,
  undo: 'undone' | 'beingChecked',
): OrderState => ({
  ...state,
  results: state.results.map((result) => {
    if (result.patientRef !== patientRef || result.kind !== 'booked') return result;
    const { patientGuid } = result;
    return undo === 'undone'
      ? { patientRef, kind: 'notBooked', why: 'undone', patientGuid }
      : { patientRef, kind: 'beingChecked', patientGuid };
  }),
});

/** Every ordered visit has exactly one result; those never reached are `notTried` (failure-modes.md 8). */
export function outcomeOf(state: OrderState): BookingOutcome {
  const notTried = (visit: OrderedVisit): VisitResult => ({
    patientRef: visit.patientRef,
    kind: 'notBooked',
    why: 'notTried',
    patientGuid: visit.person.kind === 'existing' ? visit.person.patientGuid : null,
  });
  const visits = state.order.visits.map((visit, index) => state.results[index] ?? notTried(visit));
  return { visits, replaced: state.replaced };
}

/** The order as one word of the product's outcomes, for operators who filter by it. What staff must look into counts as failed. */
export function namedOutcome(state: OrderState): Outcome {
  const { visits, replaced } = outcomeOf(state);
  if (visits.some((visit) => visit.kind === 'beingChecked') || replaced === 'incomplete') return 'failed';
  if (!visits.some((visit) => visit.kind === 'booked')) return 'failed';
  return replaced === 'cancelled' ? 'rescheduled' : 'booked';
}

/** The order in words for the Temporal UI: references and states, nothing personal. */
export const describe = (state: OrderState): string =>
  [
    `Order ${state.order.orderSeq}, policy ${state.order.policy}`,
    ...state.order.visits.map((visit, index) => {
      const result = state.results[index];
      return `- ${visit.patientRef} at ${visit.slot.start}: ${result ? describeResult(result) : 'waiting'}`;
    }),
    ...(state.order.replaces ? [`- appointment to be replaced: ${state.replaced ?? 'waiting'}`] : []),
  ].join('\n');

const describeResult = (result: VisitResult): string => {
  switch (result.kind) {
    case 'booked':
      return `booked (${result.appointmentGuid})`;
    case 'notBooked':
      return `not booked (${result.why})`;
    case 'beingChecked':
      return 'being checked by staff';
  }
};
