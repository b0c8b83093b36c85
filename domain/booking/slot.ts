import type { PracticeTime } from '../time/practice-time.js';

/**
 * One free place, exactly as one record of GetOnlineReservations gave it. It travels as a whole: a chair, start or length taken from
 * another record is refused by the practice system (cloud9.md 6.1; failure-modes.md 11).
 */
export interface Slot {
  readonly viewGuid: string;
  readonly columnGuid: string;
  readonly locationGuid: string;
  readonly locationKey: string;
  readonly start: PracticeTime;
  readonly minutes: number;
  readonly slotClass: string;
}

/** An appointment as the practice system has it. */
export interface Appointment {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly start: PracticeTime;
  readonly minutes: number;
  /** `Scheduled`, `Seated`, `Dismissed`, `Re-Scheduled`, `Cancelled`, `No-Show` (cloud9.md 3.3). */
  readonly status: string;
  readonly appointmentTypeGuid: string;
  readonly appointmentType: string;
  readonly locationGuid: string;
  /** Null when the tenant does not serve the appointment's location. */
  readonly locationKey: string | null;
  readonly confirmed: boolean;
}

/** Identity of a place on the chair schedule: two callers compete for this, whatever view or template shows it. */
export const slotKey = (slot: { readonly columnGuid: string; readonly start: PracticeTime }): string =>
  `${slot.columnGuid.toLowerCase()}@${slot.start}`;
