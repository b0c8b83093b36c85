import type { Slot } from '../../domain/booking/slot.js';
import type { Environment } from '../../domain/tenant.js';

/** Somebody to be seen: a patient that the practice has, or one to be created under the same order. */
export type Person =
  | { readonly kind: 'existing'; readonly patientGuid: string }
  | {
      readonly kind: 'new';
      readonly firstName: string;
      readonly lastName: string;
      readonly birthDate: string;
      readonly phone: string;
      readonly email: string | null;
    };

export interface OrderedVisit {
  /** Reference of the patient in the conversation (`P1`). */
  readonly patientRef: string;
  readonly person: Person;
  readonly slot: Slot;
  readonly visitTypeKey: string;
}

/** One order: one to N siblings, or the new place of an appointment that is to be moved. */
export interface VisitOrder {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  /** Counts the orders of a conversation; part of every intent id. */
  readonly orderSeq: number;
  readonly policy: 'allOrNone' | 'keepBooked';
  readonly visits: readonly OrderedVisit[];
  /** The appointment that the first visit replaces, cancelled only after the new one is verified (DESIGN, "Booking conversation"). */
  readonly replaces: { readonly appointmentGuid: string; readonly patientGuid: string } | null;
  /** Pause before an unclear write is looked up, so that a slow commit is seen (cloud9.md 6.11). */
  readonly settleMs: number;
}

export type VisitResult = { readonly patientRef: string } & (
  | {
      readonly kind: 'booked';
      readonly patientGuid: string;
      readonly appointmentGuid: string;
      readonly slot: Slot;
    }
  /** `undone`: it was booked and cancelled again because a sibling could not be (policy allOrNone). */
  | {
      readonly kind: 'notBooked';
      readonly why: 'slotTaken' | 'refused' | 'unavailable' | 'undone' | 'notTried';
      readonly patientGuid: string | null;
    }
  /** It may exist; a staff task is open. Never said to be booked. */
  | { readonly kind: 'beingChecked'; readonly patientGuid: string | null }
);

/** How an order ended. */
export interface BookingOutcome {
  readonly visits: readonly VisitResult[];
  /** What became of the appointment that was to be replaced; null when none was. */
  readonly replaced: 'cancelled' | 'kept' | 'incomplete' | null;
}
