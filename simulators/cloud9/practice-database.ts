import type { PracticeDate, PracticeTime, WallClockTime } from '../../domain/time/practice-time.js';

/** One practice's data, keyed by ClientID. All GUIDs in here are lower-case; times are wall clock of the location (cloud9.md 5). */
export interface PracticeDatabase {
  readonly clientId: string;
  readonly practiceName: string;
  readonly locations: Location[];
  readonly views: ScheduleView[];
  readonly columns: ScheduleColumn[];
  readonly classes: AppointmentClass[];
  readonly types: AppointmentType[];
  readonly providers: Provider[];
  readonly templates: DayTemplate[];
  /** Which day templates are painted: column GUID -> date -> names of templates. */
  readonly painted: Record<string, Record<PracticeDate, string[]>>;
  /** In the order in which they were created. */
  readonly patients: Patient[];
  /** In the order in which they were created. */
  readonly appointments: Appointment[];
}

export interface Location {
  readonly locationGuid: string;
  readonly name: string;
  readonly code: string;
  /** Windows zone id, as GetLocations gives it. */
  readonly windowsZone: string;
  /** The IANA zone behind it. */
  readonly zone: string;
  readonly printedName: string;
  readonly address: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}

/** A day sheet of one location. */
export interface ScheduleView {
  readonly viewGuid: string;
  readonly locationGuid: string;
  readonly description: string;
  readonly startTime: WallClockTime;
  readonly endTime: WallClockTime;
}

/** A chair in a view; its GUID is what gets booked. */
export interface ScheduleColumn {
  readonly columnGuid: string;
  readonly viewGuid: string;
  readonly description: string;
  readonly svcOrder: number;
}

/** What a template block is painted for, and which appointment types may be booked into it. */
export interface AppointmentClass {
  readonly classGuid: string;
  readonly description: string;
  readonly typeGuids: readonly string[];
}

export interface AppointmentType {
  readonly typeGuid: string;
  readonly code: string;
  readonly description: string;
  readonly minutes: number;
  readonly online: boolean;
  readonly deleted: boolean;
}

export interface Provider {
  readonly providerGuid: string;
  readonly code: string;
  readonly name: string;
}

export interface DayTemplate {
  readonly name: string;
  readonly blocks: readonly TemplateBlock[];
}

export interface TemplateBlock {
  readonly start: WallClockTime;
  readonly minutes: number;
  readonly classGuid: string;
}

export interface PatientStatus {
  readonly statusGuid: string;
  readonly code: string;
  readonly description: string;
}

export interface Address {
  readonly addressGuid: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}

export interface Phone {
  /** `Home`, `Cell`, `Work`. */
  readonly description: string;
  readonly number: string;
}

export interface Responsible {
  readonly relationshipGuid: string;
  readonly personGuid: string;
  readonly lastName: string;
  readonly firstName: string;
  readonly middleName: string;
  readonly greeting: string;
}

export interface Patient {
  readonly patientGuid: string;
  readonly personGuid: string;
  /** Opaque number text, as staff sees it. */
  readonly patientId: string;
  firstName: string;
  readonly middleName: string;
  lastName: string;
  readonly title: string;
  readonly suffix: string;
  readonly greeting: string;
  readonly gender: string;
  birthDate: PracticeDate | null;
  readonly school: string;
  readonly addresses: readonly Address[];
  readonly phones: readonly Phone[];
  readonly email: string;
  readonly providerGuid: string;
  readonly locationGuid: string;
  readonly status: PatientStatus;
  readonly inactive: boolean;
  readonly responsible: Responsible | null;
  readonly statusStartAtMs: number;
  readonly entryAtMs: number;
  modifiedAtMs: number;
  /** Account balances in cents. */
  readonly balance: { readonly current: number; readonly pastDue: number; readonly dueNow: number };
  /** Cannot be read back over the wire (cloud9.md 3.4); the admin door shows them. */
  readonly comments: string[];
}

export const appointmentStatuses = [
  'Scheduled',
  'Seated',
  'Dismissed',
  'Re-Scheduled',
  'Cancelled',
  'No-Show',
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

export interface Appointment {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly start: PracticeTime;
  readonly minutes: number;
  readonly viewGuid: string;
  readonly columnGuid: string;
  readonly locationGuid: string;
  readonly typeGuid: string;
  readonly providerGuid: string;
  status: AppointmentStatus;
  /** Text of a confirmation, empty when not confirmed. */
  confirmation: string;
  readonly note: string;
  readonly createdAtMs: number;
}

/** Who may call: one static user per integration, each for some databases (cloud9.md 1.2). */
export interface IntegrationUser {
  readonly userName: string;
  readonly password: string;
  readonly clientIds: readonly string[];
}
