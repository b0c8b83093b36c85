import type { Appointment, Slot } from '../../domain/booking/slot.js';
import type { SetupProblem } from '../../domain/reference/setup-problem.js';
import type { Environment } from '../../domain/tenant.js';
import type { PracticeDate } from '../../domain/time/practice-time.js';
import type { BookingOutcome, OrderedVisit, Person } from '../book-visits/types.js';

/** Workflow types; stored histories name them, so they never change. */
export const lookUpType = 'practiceLookUp';
export const deskOrderType = 'deskOrder';

interface InPractice {
  readonly tenantId: string;
  readonly environment: Environment;
}

/** One question to the practice system. */
export type LookUp = InPractice &
  (
    | {
        readonly kind: 'patients';
        readonly firstName: string;
        readonly lastName: string;
        readonly birthDate: PracticeDate | null;
      }
    | { readonly kind: 'patient'; readonly patientGuid: string }
    /** Whether `tenant.json` agrees with the practice system. */
    | { readonly kind: 'setup' }
    | { readonly kind: 'appointmentsOfPatient'; readonly patientGuid: string }
    | { readonly kind: 'appointmentsOfDay'; readonly date: PracticeDate }
    | {
        readonly kind: 'available';
        readonly locationKey: string;
        readonly visitTypeKey: string;
        readonly from: PracticeDate;
        readonly to: PracticeDate;
        readonly partOfDay: 'any' | 'morning' | 'afternoon';
      }
  );

export interface FoundPatient {
  readonly patientGuid: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly birthDate: PracticeDate | null;
  readonly statusCode: string;
  readonly locationGuid: string | null;
  readonly locationName: string;
}

export interface PatientFile {
  readonly fullName: string;
  readonly birthDate: PracticeDate | null;
  readonly locationName: string;
  readonly orthodontistName: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly email: string;
  readonly phone: string;
}

export interface LookUpAnswers {
  readonly patients: { readonly patients: readonly FoundPatient[]; readonly complete: boolean };
  readonly patient: PatientFile;
  readonly appointmentsOfPatient: { readonly appointments: readonly Appointment[] };
  /** Not `complete` = the answer stopped at its limit, and whole offices may be missing (cloud9.md 3.3). */
  readonly appointmentsOfDay: {
    readonly appointments: readonly (Appointment & { readonly patientName: string })[];
    readonly complete: boolean;
  };
  readonly setup: { readonly problems: readonly SetupProblem[] };
  readonly available: { readonly slots: readonly Slot[]; readonly fetchedAtMs: number };
}

/** One write that a person ordered. `orderId` stands for it in every intent, so that it happens once whatever dies. */
export type DeskOrder = InPractice & {
  readonly orderId: string;
  /** Pause before an unclear write is looked up. */
  readonly settleMs: number;
} & (
    | {
        readonly kind: 'registerPatient';
        readonly person: Extract<Person, { kind: 'new' }>;
        readonly locationKey: string;
        /** A person has said that there shall be a second record of this name and birth date. */
        readonly evenIfKnown: boolean;
      }
    | {
        readonly kind: 'changePatient';
        readonly patientGuid: string;
        readonly firstName: string;
        readonly lastName: string;
        readonly birthDate: PracticeDate;
      }
    | { readonly kind: 'comment'; readonly patientGuid: string; readonly text: string }
    | {
        readonly kind: 'book';
        readonly visits: readonly OrderedVisit[];
        readonly policy: 'allOrNone' | 'keepBooked';
      }
    | { readonly kind: 'confirm'; readonly appointmentGuid: string; readonly patientGuid: string }
    | { readonly kind: 'cancel'; readonly appointmentGuid: string; readonly patientGuid: string }
    | {
        readonly kind: 'reschedule';
        readonly appointmentGuid: string;
        readonly patientGuid: string;
        readonly slot: Slot;
        readonly visitTypeKey: string;
      }
  );

/**
 * How an order ended. `refused` and `unavailable` mean that nothing was changed; `unanswered` that a write which may be sent again was sent
 * and nothing is known of it; `unclear` that a person must look: a task is open.
 */
export type DeskOutcome =
  | { readonly kind: 'patientCreated' | 'patientKnown'; readonly patientGuid: string }
  | { readonly kind: 'patientChanged' }
  | { readonly kind: 'commented'; readonly marker: string }
  | {
      readonly kind: 'visits';
      readonly visits: BookingOutcome['visits'];
      readonly replaced: BookingOutcome['replaced'];
    }
  | { readonly kind: 'confirmed' | 'cancelled' | 'alreadyCancelled' }
  | {
      readonly kind:
        | 'unanswered'
        | 'placeHeld'
        | 'notFound'
        | 'notScheduled'
        | 'inThePast'
        | 'refused'
        | 'unavailable'
        | 'notAuthorised';
    }
  | { readonly kind: 'unclear'; readonly taskId: string };
