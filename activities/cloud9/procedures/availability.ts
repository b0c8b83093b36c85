import type { PracticeDate, PracticeTime } from '../../../domain/time/practice-time.js';
import { wireBit, wireDate } from '../values.js';
import { eachRecord, type Procedure } from './procedure.js';

/** A free place as its record gave it. The record's type fields are always empty, so they are not here (cloud9.md 3.3). */
export interface SlotRecord {
  readonly start: PracticeTime;
  readonly end: PracticeTime | null;
  readonly minutes: number;
  readonly viewGuid: string;
  readonly viewName: string;
  readonly columnGuid: string;
  readonly columnName: string;
  readonly locationGuid: string;
  readonly templateName: string;
  readonly className: string;
  readonly classGuid: string | null;
}

/**
 * Free places of all locations between two days. It has no location filter, answers for the past, and takes 5-15 s (cloud9.md 3.3, 4.4).
 * The clock times and the two `True` are what running clients send.
 */
export const getOnlineReservations: Procedure<
  {
    readonly from: PracticeDate;
    readonly to: PracticeDate;
    /** One only: the separator of a list is unknown (cloud9.md 2.1). */
    readonly viewGuid: string | null;
    readonly appointmentTypeGuid: string | null;
  },
  readonly SlotRecord[]
> = {
  name: 'GetOnlineReservations',
  effect: 'read',
  timeoutMs: 60_000,
  minGapMs: 10_000,
  parameters: ({ from, to, viewGuid, appointmentTypeGuid }) => [
    ['startDate', wireDate(from, '7:00:00 AM')],
    ['endDate', wireDate(to, '5:00:00 PM')],
    ['morning', wireBit(true)],
    ['afternoon', wireBit(true)],
    ['schdvwGUIDs', viewGuid],
    ['appttypGUIDs', appointmentTypeGuid],
  ],
  parse: eachRecord('GetOnlineReservations', (fields) => ({
    start: fields.time('StartTime'),
    end: fields.timeOrNull('EndTime'),
    minutes: fields.integer('Minutes'),
    viewGuid: fields.guid('ScheduleViewGUID'),
    viewName: fields.text('ScheduleViewDescription'),
    columnGuid: fields.guid('ScheduleColumnGUID'),
    columnName: fields.text('ScheduleColumnDescription'),
    locationGuid: fields.guid('LocationGUID'),
    templateName: fields.text('ScheduleTemplateName'),
    className: fields.text('AppointmentClassDescription'),
    classGuid: fields.guidOrNull('AppointmentClassGUID'),
  })),
};
