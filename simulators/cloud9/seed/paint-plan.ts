import type { PracticeDate } from '../../../domain/time/practice-time.js';
import { addDays, addMinutes } from '../calendar.js';
import type { DayTemplate, PracticeDatabase } from '../practice-database.js';
import { paintTemplate } from '../slots.js';
import { guid } from './guids.js';

/** Which template stands on which column on which weekdays (1 = Monday). */
export interface Brush {
  readonly column: number;
  readonly template: string;
  readonly weekdays: readonly number[];
}

/** Blocks of one length from one time to another, back to back. */
export function blocks(from: string, to: string, minutes: number, slotClass: number): DayTemplate['blocks'] {
  const list: { start: string; minutes: number; classGuid: string }[] = [];
  const day = '2000-01-03';
  for (
    let start = `${day}T${from}`;
    addMinutes(start, minutes) <= `${day}T${to}`;
    start = addMinutes(start, minutes)
  ) {
    list.push({ start: start.slice(11), minutes, classGuid: guid('slotClass', slotClass) });
  }
  return list;
}

/** Paints so many weeks from this Monday; what is painted already stays as it is. */
export function paintWeeks(
  database: PracticeDatabase,
  brushes: readonly Brush[],
  monday: PracticeDate,
  weeks: number,
): void {
  for (let week = 0; week < weeks; week += 1) {
    for (const brush of brushes) {
      for (const weekday of brush.weekdays) {
        paintTemplate(
          database,
          guid('column', brush.column),
          addDays(monday, week * 7 + weekday - 1),
          brush.template,
        );
      }
    }
  }
}
