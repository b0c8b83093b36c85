import { wireBit } from '../values.js';
import { commonGapMs, eachRecord, readTimeoutMs, type Procedure } from './procedure.js';

export interface LocationRecord {
  readonly locationGuid: string;
  readonly name: string;
  readonly code: string;
  /** Windows zone id; `domain/time/windows-zone.ts` maps it. */
  readonly windowsZone: string;
  readonly printedName: string;
  readonly address: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
}

/** All offices of the database. */
export const getLocations: Procedure<null, readonly LocationRecord[]> = {
  name: 'GetLocations',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: () => [],
  parse: eachRecord('GetLocations', (fields) => ({
    locationGuid: fields.guid('LocationGUID'),
    name: fields.text('LocationName'),
    code: fields.text('LocationCode'),
    windowsZone: fields.text('TimeZone'),
    printedName: fields.text('LocationPrintedName'),
    address: fields.text('LocationAddress'),
    city: fields.text('LocationCity'),
    state: fields.text('LocationState'),
    postalCode: fields.text('LocationPostalCode'),
  })),
};

export interface ChairRecord {
  readonly locationGuid: string;
  readonly locationName: string;
  readonly viewGuid: string;
  readonly viewName: string;
  readonly opens: string | null;
  readonly closes: string | null;
  readonly columnGuid: string;
  readonly columnName: string;
  /** Position of the chair in its view; `Chair` of GetAppointmentsByDate is this number. */
  readonly order: number;
}

/** One record per view and column. Chair names repeat in every view: key by GUID only (cloud9.md 5). */
export const getChairSchedules: Procedure<null, readonly ChairRecord[]> = {
  name: 'GetChairSchedules',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: () => [],
  parse: eachRecord('GetChairSchedules', (fields) => ({
    locationGuid: fields.guid('locGUID'),
    locationName: fields.text('locName'),
    viewGuid: fields.guid('schdvwGUID'),
    viewName: fields.text('schdvwDescription'),
    opens: fields.timeOfDayOrNull('schdvwStartTime'),
    closes: fields.timeOfDayOrNull('schdvwEndTime'),
    columnGuid: fields.guid('schdcolGUID'),
    columnName: fields.text('schdcolDescription'),
    order: fields.integer('svcOrder'),
  })),
};

export interface AppointmentTypeRecord {
  readonly appointmentTypeGuid: string;
  readonly code: string;
  readonly description: string;
  readonly minutes: number;
  readonly deleted: boolean;
  readonly online: boolean;
}

/** Kinds of appointments; few are online (cloud9.md 3.1). */
export const getAppointmentTypes: Procedure<
  { readonly showDeleted: boolean },
  readonly AppointmentTypeRecord[]
> = {
  name: 'GetAppointmentTypes',
  effect: 'read',
  timeoutMs: readTimeoutMs,
  minGapMs: commonGapMs,
  parameters: ({ showDeleted }) => [['showDeleted', wireBit(showDeleted)]],
  parse: eachRecord('GetAppointmentTypes', (fields) => ({
    appointmentTypeGuid: fields.guid('AppointmentTypeGUID'),
    code: fields.text('AppointmentTypeCode'),
    description: fields.text('AppointmentTypeDescription'),
    minutes: fields.integer('AppointmentTypeMinutes'),
    deleted: fields.bit('AppointmentTypeDeleted'),
    online: fields.bit('AppointmentTypeAllowOnlineScheduling'),
  })),
};
