import { daysBetween } from '../calendar.js';
import type { Knobs } from '../knobs.js';
import type { AppointmentClass } from '../practice-database.js';
import { freeSlots } from '../slots.js';
import { fill } from '../texts.js';
import { wireDateTime } from '../wire-format.js';
import { invalidParameter, recordsAnswer, refused, type Procedure } from './procedure.js';

/** Which appointment types a class takes, after the knob `classTypes`. */
export const typesOf = (slotClass: AppointmentClass, knobs: Knobs): readonly string[] =>
  knobs.classTypes[slotClass.classGuid] ?? slotClass.typeGuids;

/** Free painted blocks of all locations, the past included; the type fields are always empty (cloud9.md 3.3). */
export const getOnlineReservations: Procedure = {
  name: 'GetOnlineReservations',
  kind: 'read',
  required: ['startDate', 'endDate', 'morning', 'afternoon'],
  optional: ['schdvwGUIDs', 'appttypGUIDs'],
  guids: [],
  run: ({ records: { database }, seen, parameters, knobs }) => {
    const start = parameters.dateTime('startDate');
    const end = parameters.dateTime('endDate');
    const morning = !parameters.has('morning') || parameters.bit('morning');
    const afternoon = !parameters.has('afternoon') || parameters.bit('afternoon');
    if (daysBetween(start.date, end.date) > knobs.maxRangeDays) {
      if (knobs.rangeError === 'code3') return invalidParameter(knobs, 'endDate');
      if (knobs.rangeError === 'zeroRecords') return recordsAnswer([]);
      return refused(fill(knobs.texts.rangeTooLong, { days: String(knobs.maxRangeDays) }));
    }
    const views = parameters.has('schdvwGUIDs')
      ? parameters.guids('schdvwGUIDs', knobs.guidListSeparator)
      : undefined;
    const wanted = parameters.has('appttypGUIDs')
      ? parameters.guids('appttypGUIDs', knobs.guidListSeparator)
      : undefined;
    const online = new Set(
      database.types.filter((type) => type.online && !type.deleted).map(({ typeGuid }) => typeGuid),
    );
    if (wanted !== undefined && ![...wanted].some((typeGuid) => online.has(typeGuid))) {
      return knobs.nonOnlineTypeFilter === 'result'
        ? refused(knobs.texts.typeFilterNotOnline)
        : recordsAnswer([]);
    }
    const allowed = (slotClass: AppointmentClass): boolean =>
      wanted === undefined ||
      !knobs.enforceClass ||
      typesOf(slotClass, knobs).some((typeGuid) => online.has(typeGuid) && wanted.has(typeGuid));
    // Callers send 7:00 AM of the first day and 5:00 PM of the last; a bare end date means that whole day.
    const from = start.time.slice(0, 16);
    const to = end.hasTime ? end.time.slice(0, 16) : `${end.date}T23:59`;
    return recordsAnswer(
      freeSlots(database, seen.appointments, { from: start.date, to: end.date }, views)
        .filter((slot) => slot.start >= from && slot.start <= to)
        .filter((slot) => (slot.start.slice(11) < '12:00' ? morning : afternoon))
        .filter((slot) => allowed(slot.slotClass))
        .map((slot) => [
          ['StartTime', wireDateTime(slot.start)],
          ['EndTime', wireDateTime(slot.end)],
          ['ScheduleColumnDescription', slot.column.description],
          ['ScheduleTemplateName', slot.templateName],
          ['AppointmentClassDescription', slot.slotClass.description],
          ['AppointmentClassGUID', slot.slotClass.classGuid],
          ['AppointmentTypeDescription', null],
          ['AppointmentTypeGUID', null],
          ['ScheduleViewDescription', slot.view.description],
          ['ScheduleColumnGUID', slot.column.columnGuid],
          ['ScheduleViewGUID', slot.view.viewGuid],
          ['Minutes', String(slot.minutes)],
          ['LocationGUID', slot.view.locationGuid],
        ]),
    );
  },
};
