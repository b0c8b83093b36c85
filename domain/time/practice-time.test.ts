import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageInYears,
  daysBetween,
  formatDay,
  formatTime,
  isPracticeDate,
  isPracticeTime,
  minutesBetween,
  practiceDateOf,
  toPracticeTime,
  toUtcMs,
  weekdayName,
  weekdayOf,
} from './practice-time.js';

const utc = (iso: string): number => Date.parse(iso);

describe('practice time', () => {
  it('knows the calendar: 31 April and 29 February of a common year are no days', () => {
    expect(['2030-04-31', '2027-02-29', '2030-13-01', '2030-1-1', ''].map(isPracticeDate)).not.toContain(
      true,
    );
    expect(isPracticeDate('2028-02-29')).toBe(true);
    expect(isPracticeTime('2030-03-05T24:00')).toBe(false);
  });

  it('reads 9:00 in each zone as its own instant, in winter and in summer', () => {
    expect(toUtcMs('2030-01-15T09:00', 'America/New_York')).toEqual({
      kind: 'exact',
      utcMs: utc('2030-01-15T14:00Z'),
    });
    expect(toUtcMs('2030-07-15T09:00', 'America/New_York')).toEqual({
      kind: 'exact',
      utcMs: utc('2030-07-15T13:00Z'),
    });
    expect(toUtcMs('2030-07-15T09:00', 'America/Denver')).toEqual({
      kind: 'exact',
      utcMs: utc('2030-07-15T15:00Z'),
    });
    expect(toUtcMs('2030-07-15T09:00', 'America/Phoenix')).toEqual({
      kind: 'exact',
      utcMs: utc('2030-07-15T16:00Z'),
    });
  });

  it('names the hour that comes twice and the hour that does not come', () => {
    expect(toUtcMs('2030-11-03T01:30', 'America/Chicago')).toEqual({
      kind: 'ambiguous',
      utcMs: utc('2030-11-03T06:30Z'),
      laterUtcMs: utc('2030-11-03T07:30Z'),
    });
    const skipped = toUtcMs('2030-03-10T02:30', 'America/New_York');
    expect(skipped.kind).toBe('nonexistent');
    expect(toPracticeTime(skipped.utcMs, 'America/New_York')).toBe('2030-03-10T03:30');
  });

  it.each([
    ['America/New_York', '2030-03-10T07:00Z', '2030-11-03T06:00Z'],
    ['America/Chicago', '2030-03-10T08:00Z', '2030-11-03T07:00Z'],
    ['America/Denver', '2030-03-10T09:00Z', '2030-11-03T08:00Z'],
  ])('skips an hour of %s in spring and repeats one in autumn, to the minute', (zone, spring, autumn) => {
    expect(toUtcMs('2030-03-10T01:59', zone)).toEqual({ kind: 'exact', utcMs: utc(spring) - 60_000 });
    expect(toUtcMs('2030-03-10T02:00', zone)).toEqual({ kind: 'nonexistent', utcMs: utc(spring) });
    expect(toUtcMs('2030-03-10T02:59', zone).kind).toBe('nonexistent');
    expect(toUtcMs('2030-03-10T03:00', zone)).toEqual({ kind: 'exact', utcMs: utc(spring) });

    expect(toUtcMs('2030-11-03T00:59', zone).kind).toBe('exact');
    expect(toUtcMs('2030-11-03T01:00', zone)).toEqual({
      kind: 'ambiguous',
      utcMs: utc(autumn) - 3_600_000,
      laterUtcMs: utc(autumn),
    });
    expect(toUtcMs('2030-11-03T02:00', zone)).toEqual({ kind: 'exact', utcMs: utc(autumn) + 3_600_000 });
  });

  it('changes no clock in Phoenix', () => {
    for (const day of ['2030-03-10', '2030-11-03']) {
      for (const time of ['00:30', '01:30', '02:30', '03:30']) {
        expect(toUtcMs(`${day}T${time}`, 'America/Phoenix')).toEqual({
          kind: 'exact',
          utcMs: utc(`${day}T${time}Z`) + 7 * 3_600_000,
        });
      }
    }
  });

  it('gives the day of the location, not of UTC', () => {
    expect(practiceDateOf(utc('2030-03-06T04:59Z'), 'America/New_York')).toBe('2030-03-05');
    expect(practiceDateOf(utc('2030-03-06T05:00Z'), 'America/New_York')).toBe('2030-03-06');
  });

  it('comes back to the same instant through every zone', () => {
    const zones = [
      'America/New_York',
      'America/Chicago',
      'America/Denver',
      'America/Phoenix',
      'America/Anchorage',
      'Pacific/Honolulu',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 60 * 24 * 3_650 }), (zone, minute) => {
        const ms = utc('2026-01-01T00:00Z') + minute * 60_000;
        const back = toUtcMs(toPracticeTime(ms, zone), zone);
        expect(back.kind === 'ambiguous' ? [back.utcMs, back.laterUtcMs] : [back.utcMs]).toContain(ms);
      }),
    );
  });

  it('counts days and ages by the calendar', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(weekdayOf('2030-03-05')).toBe(2);
    expect([weekdayOf('2030-03-10'), weekdayName('2030-03-10', 'es')]).toEqual([7, 'domingo']);
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    // Clocks change on 10 March: days and wall-clock minutes do not care.
    expect(daysBetween('2030-03-09', '2030-03-11')).toBe(2);
    expect(minutesBetween('2030-03-10T01:30', '2030-03-10T03:30')).toBe(120);
    expect(minutesBetween('2030-03-05T09:40', '2030-03-05T09:00')).toBe(-40);
    expect([ageInYears('2016-02-29', '2029-02-28'), ageInYears('2016-02-29', '2029-03-01')]).toEqual([
      12, 13,
    ]);
    expect(ageInYears('2018-03-06', '2030-03-05')).toBe(11);
    expect(ageInYears('2018-03-05', '2030-03-05')).toBe(12);
  });

  it('moves a day forth and back to itself', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60_000 }),
        fc.integer({ min: -2_000, max: 2_000 }),
        (day, step) => {
          const date = addDays('1950-01-01', day);
          expect(isPracticeDate(date)).toBe(true);
          expect(addDays(addDays(date, step), -step)).toBe(date);
          expect(daysBetween(date, addDays(date, step))).toBe(step);
          expect(weekdayOf(addDays(date, 7))).toBe(weekdayOf(date));
        },
      ),
    );
  });

  it('says days and times as people do', () => {
    expect(formatDay('2030-03-05', 'en')).toBe('Tuesday, March 5');
    expect(formatDay('2030-03-05', 'es')).toBe('martes, 5 de marzo');
    expect(['2030-03-05T00:05', '2030-03-05T12:00', '2030-03-05T14:20'].map(formatTime)).toEqual([
      '12:05 AM',
      '12:00 PM',
      '2:20 PM',
    ]);
  });
});
