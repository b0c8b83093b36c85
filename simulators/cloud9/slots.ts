import type { PracticeDate, PracticeTime } from '../../domain/time/practice-time.js';
import { addDays, addMinutes, at, overlaps } from './calendar.js';
import type {
  Appointment,
  AppointmentClass,
  PracticeDatabase,
  ScheduleColumn,
  ScheduleView,
} from './practice-database.js';

/** A painted block on one chair on one day. */
export interface PaintedBlock {
  readonly view: ScheduleView;
  readonly column: ScheduleColumn;
  readonly start: PracticeTime;
  readonly end: PracticeTime;
  readonly minutes: number;
  readonly templateName: string;
  readonly slotClass: AppointmentClass;
}

/** Blocks painted on a column on one day, ascending. */
export function blocksOf(
  database: PracticeDatabase,
  columnGuid: string,
  date: PracticeDate,
): readonly PaintedBlock[] {
  const names = database.painted[columnGuid]?.[date];
  if (names === undefined) return [];
  const column = database.columns.find((candidate) => candidate.columnGuid === columnGuid);
  const view = database.views.find((candidate) => candidate.viewGuid === column?.viewGuid);
  if (column === undefined || view === undefined) return [];
  const blocks: PaintedBlock[] = [];
  for (const name of names) {
    for (const block of database.templates.find((template) => template.name === name)?.blocks ?? []) {
      const slotClass = database.classes.find(({ classGuid }) => classGuid === block.classGuid);
      if (slotClass === undefined) continue;
      const start = at(date, block.start);
      const end = addMinutes(start, block.minutes);
      blocks.push({ view, column, start, end, minutes: block.minutes, templateName: name, slotClass });
    }
  }
  return blocks.sort((one, other) => (one.start < other.start ? -1 : one.start > other.start ? 1 : 0));
}

/** First and last day, both included. */
export interface DayRange {
  readonly from: PracticeDate;
  readonly to: PracticeDate;
}

/**
 * Free slots of all locations: painted blocks that no appointment meets, cancelled ones aside (cloud9.md 7.1, quirk 6).
 * By view and column in schedule order, ascending by start within a column. Days in the past are answered too.
 */
export function freeSlots(
  database: PracticeDatabase,
  appointments: readonly Appointment[],
  range: DayRange,
  viewGuids?: ReadonlySet<string>,
): readonly PaintedBlock[] {
  const taken = takenByColumnDay(appointments);
  const slots: PaintedBlock[] = [];
  for (const view of database.views) {
    if (viewGuids !== undefined && !viewGuids.has(view.viewGuid)) continue;
    const columns = database.columns
      .filter((column) => column.viewGuid === view.viewGuid)
      .sort((one, other) => one.svcOrder - other.svcOrder);
    for (const { columnGuid } of columns) {
      for (let date = range.from; date <= range.to; date = addDays(date, 1)) {
        const meetings = taken.get(`${columnGuid} ${date}`) ?? [];
        for (const block of blocksOf(database, columnGuid, date)) {
          if (!meetings.some((appointment) => overlaps(appointment, block))) slots.push(block);
        }
      }
    }
  }
  return slots;
}

function takenByColumnDay(appointments: readonly Appointment[]): ReadonlyMap<string, readonly Appointment[]> {
  const taken = new Map<string, Appointment[]>();
  for (const appointment of appointments) {
    if (appointment.status === 'Cancelled') continue;
    const key = `${appointment.columnGuid} ${appointment.start.slice(0, 10)}`;
    const list = taken.get(key);
    if (list === undefined) taken.set(key, [appointment]);
    else list.push(appointment);
  }
  return taken;
}

/** The appointment that already stands on this place of a column, if any. */
export function appointmentInTheWay(
  appointments: readonly Appointment[],
  place: { readonly columnGuid: string; readonly start: PracticeTime; readonly minutes: number },
): Appointment | undefined {
  return appointments.find(
    (appointment) =>
      appointment.status !== 'Cancelled' &&
      appointment.columnGuid === place.columnGuid &&
      overlaps(appointment, place),
  );
}

/** Paints one block; the template of an admin's block carries its shape as its name. */
export function paintBlock(
  database: PracticeDatabase,
  block: {
    readonly columnGuid: string;
    readonly classGuid: string;
    readonly date: PracticeDate;
    readonly start: string;
    readonly minutes: number;
  },
): void {
  const name = `Painted ${block.start} ${block.minutes} min ${block.classGuid.slice(-4)}`;
  if (!database.templates.some((template) => template.name === name)) {
    const { start, minutes, classGuid } = block;
    database.templates.push({ name, blocks: [{ start, minutes, classGuid }] });
  }
  paintTemplate(database, block.columnGuid, block.date, name);
}

/** Paints a day template on a column for one day; painting it twice changes nothing. */
export function paintTemplate(
  database: PracticeDatabase,
  columnGuid: string,
  date: PracticeDate,
  templateName: string,
): void {
  const days = (database.painted[columnGuid] ??= {});
  const names = (days[date] ??= []);
  if (!names.includes(templateName)) names.push(templateName);
}
