import { randomUUID } from 'node:crypto';
import type { PracticeTime } from '../../../domain/time/practice-time.js';
import { addMinutes } from '../calendar.js';
import type { Appointment } from '../practice-database.js';
import { appointmentInTheWay, blocksOf, type PaintedBlock } from '../slots.js';
import { fill } from '../texts.js';
import { serverZone, wallClock } from '../zones.js';
import { typesOf } from './availability.js';
import {
  done,
  invalidParameter,
  refused,
  type Answer,
  type Procedure,
  type ProcedureCall,
} from './procedure.js';

/** Whether a place lies in the past, by the clock that the knob `pastClock` names. */
function isPast(
  { clock, knobs, records }: ProcedureCall,
  start: PracticeTime,
  locationGuid: string,
): boolean {
  const location = records.database.locations.find((candidate) => candidate.locationGuid === locationGuid);
  const zone = { location: location?.zone ?? serverZone, eastern: serverZone, utc: 'UTC' }[knobs.pastClock];
  return `${start}:00` < wallClock(clock.nowMs(), zone);
}

/**
 * Books without any hold and without an idempotency key. Checks in the order of cloud9.md 7.1: patient, type, view, column in view, past,
 * painted block whose class allows the type, overlap; then it inserts.
 */
export const setAppointment: Procedure = {
  name: 'SetAppointment',
  kind: 'write',
  required: [
    'PatientGUID',
    'StartTime',
    'ScheduleViewGUID',
    'ScheduleColumnGUID',
    'AppointmentTypeGUID',
    'Minutes',
    'VendorUserName',
  ],
  optional: [],
  guids: ['PatientGUID', 'ScheduleViewGUID', 'ScheduleColumnGUID', 'AppointmentTypeGUID'],
  run: (call) => {
    const { records, parameters, knobs, clock } = call;
    const { database } = records;
    const start = parameters.dateTime('StartTime').time.slice(0, 16);
    const minutes = parameters.positiveInteger('Minutes');
    const patient = records.patient(parameters.guid('PatientGUID'));
    if (patient === undefined) return refused(knobs.texts.patientUnknown);
    const typeGuid = parameters.guid('AppointmentTypeGUID');
    const type = database.types.find((candidate) => candidate.typeGuid === typeGuid && !candidate.deleted);
    if (type === undefined) return refused(knobs.texts.typeUnknown);
    if (!type.online) return refused(knobs.texts.typeNotOnline);
    const viewGuid = parameters.guid('ScheduleViewGUID');
    const view = database.views.find((candidate) => candidate.viewGuid === viewGuid);
    if (view === undefined) return refused(knobs.texts.viewUnknown);
    const columnGuid = parameters.guid('ScheduleColumnGUID');
    if (
      !database.columns.some((column) => column.columnGuid === columnGuid && column.viewGuid === viewGuid)
    ) {
      return refused(knobs.texts.columnUnknown);
    }
    if (isPast(call, start, view.locationGuid)) return refused(knobs.texts.appointmentInThePast);
    const place = { columnGuid, start, minutes };
    const allowed = blocksOf(database, columnGuid, start.slice(0, 10)).some(
      (block) =>
        blockFits(call, block, place) &&
        (!knobs.enforceClass || typesOf(block.slotClass, knobs).includes(typeGuid)),
    );
    if (!allowed || appointmentInTheWay(database.appointments, place) !== undefined) {
      return refused(knobs.texts.slotTaken);
    }
    const appointmentGuid = randomUUID();
    records.addAppointment({
      appointmentGuid,
      patientGuid: patient.patientGuid,
      start,
      minutes,
      viewGuid,
      columnGuid,
      locationGuid: view.locationGuid,
      typeGuid,
      providerGuid: patient.providerGuid,
      status: 'Scheduled',
      confirmation: '',
      note: '',
      createdAtMs: clock.nowMs(),
    });
    const shown = knobs.setAppointmentGuidCase === 'upper' ? appointmentGuid.toUpperCase() : appointmentGuid;
    return done(`Appointment GUID Added: ${shown}`, appointmentGuid);
  },
};

function blockFits(
  { knobs }: ProcedureCall,
  block: PaintedBlock,
  place: { readonly start: PracticeTime; readonly minutes: number },
): boolean {
  switch (knobs.blockRule) {
    case 'exactStart':
      return block.start === place.start;
    case 'coversMinutes':
      return block.start <= place.start && addMinutes(place.start, place.minutes) <= block.end;
    case 'containsStart':
      return block.start <= place.start && place.start < block.end;
  }
}

/** Sets a confirmation text and leaves the status (cloud9.md 3.4). */
export const setAppointmentStatusConfirmed: Procedure = {
  name: 'SetAppointmentStatusConfirmed',
  kind: 'write',
  required: ['apptGUID'],
  optional: [],
  guids: ['apptGUID'],
  run: (call) =>
    withAppointment(call, (appointment) => {
      const { records, knobs } = call;
      if (appointment.status !== 'Scheduled') {
        return refused(fill(knobs.texts.cannotConfirm, { status: appointment.status }));
      }
      records.changeAppointment(appointment, { confirmation: 'Vendor Provided Confirmation' });
      return done(knobs.texts.confirmed, appointment.appointmentGuid);
    }),
};

/** Cancels and frees the place; refuses a second time and the past (cloud9.md 3.4). */
export const setAppointmentStatusCanceled: Procedure = {
  name: 'SetAppointmentStatusCanceled',
  kind: 'write',
  required: ['apptGUID'],
  optional: [],
  guids: ['apptGUID'],
  run: (call) =>
    withAppointment(call, (appointment) => {
      const { records, knobs } = call;
      if (appointment.status === 'Cancelled') {
        return refused(fill(knobs.texts.cannotCancel, { status: appointment.status }));
      }
      if (isPast(call, appointment.start, appointment.locationGuid))
        return refused(knobs.texts.cancelInThePast);
      if (appointment.status !== 'Scheduled') {
        return refused(fill(knobs.texts.cannotCancel, { status: appointment.status }));
      }
      records.changeAppointment(appointment, { status: 'Cancelled' });
      return done(knobs.texts.cancelled, appointment.appointmentGuid);
    }),
};

function withAppointment(call: ProcedureCall, run: (appointment: Appointment) => Answer): Answer {
  const { records, parameters, knobs } = call;
  const appointment = records.appointment(parameters.guid('apptGUID'));
  if (appointment !== undefined) return run(appointment);
  return knobs.unknownAppointment === 'code3'
    ? invalidParameter(knobs, 'apptGUID')
    : refused(knobs.texts.appointmentUnknown);
}
