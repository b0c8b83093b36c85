import type { WallClockTime } from './time/practice-time.js';
import type { SessionSettings } from './sessions/session-group.js';

/** The two worlds that a tenant lives in. There is no default inside the domain: `api/` decides it once per request. */
export type Environment = 'sandbox' | 'production';

/** Outside systems whose credentials the store keeps, per tenant and environment. */
export type Integration = 'cloud9' | 'anthropic';

/** An office of the practice. `key` is what the model and the API say; the GUID never leaves our side. */
export interface PracticeLocation {
  readonly key: string;
  readonly name: string;
  readonly locationGuid: string;
  /** IANA zone. Cloud9's Windows zone id is mapped and compared at start (cloud9.md 2.2). */
  readonly timeZone: string;
  /** Orthodontist whose GUID SetPatient needs; no procedure lists providers, so it is configuration (cloud9.md 5). */
  readonly providerGuid: string;
  readonly address: string;
  /** Opening hours by weekday, 1 = Monday … 7 = Sunday; a missing day is closed. */
  readonly hours: Readonly<Record<string, { readonly opens: WallClockTime; readonly closes: WallClockTime }>>;
}

/** A kind of visit that callers may book. Which classes accept it cannot be read from Cloud9 (cloud9.md 5). */
export interface VisitType {
  readonly key: string;
  readonly name: string;
  readonly appointmentTypeGuid: string;
  readonly minutes: number;
  /** Names of the slot classes (`AppointmentClassDescription`) on which this type may be booked. */
  readonly slotClasses: readonly string[];
  readonly minAgeYears: number | null;
  readonly maxAgeYears: number | null;
}

export interface BookingPolicy {
  /** What happens to siblings that were booked when another one could not be. */
  readonly siblings: 'allOrNone' | 'keepBooked';
  /** Longest gap between two siblings' visits, in minutes (cloud9.md 6.8). */
  readonly siblingWindowMinutes: number;
  /** No booking that starts sooner than this; Cloud9's clock for "past" is unknown (cloud9.md 6.15). */
  readonly minLeadMinutes: number;
  readonly maxAheadDays: number;
  readonly holdMinutes: { readonly chat: number; readonly voice: number };
}

export type Channel = 'chat' | 'voice';

/** A language that conversations may be held in. */
export type Language = 'en' | 'es';

/** The parsed `tenants/<slug>/tenant.json`. */
export interface Tenant {
  readonly slug: string;
  readonly active: boolean;
  /** True for every real practice: its callers' data may go only where an agreement about health data covers it. */
  readonly holdsHealthData: boolean;
  readonly practiceName: string;
  readonly phone: string;
  readonly timeZone: string;
  readonly languages: readonly Language[];
  readonly channels: readonly Channel[];
  /** Name that Cloud9 records as author of every write (`VendorUserName`). */
  readonly vendorUserName: string;
  readonly locations: readonly PracticeLocation[];
  readonly visitTypes: readonly VisitType[];
  readonly booking: BookingPolicy;
  /** The model of a new prompt bundle and its fallback; prices and limits come from the price table. */
  readonly model: {
    readonly name: string;
    readonly maxTokens: number;
    /** Takes over for the rest of a conversation when the first one refuses or is away; null = nobody does. */
    readonly fallback: string | null;
  };
  /** How imported traces become sessions; absent = the defaults (docs/sessions.md). */
  readonly sessions?: SessionSettings | undefined;
  /** Which integrations exist per environment. Absence fails closed. */
  readonly integrations: Readonly<Record<Environment, readonly Integration[]>>;
}
