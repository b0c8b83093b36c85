import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageInYears,
  formatDay,
  formatTime,
  isPracticeDate,
  isPracticeTime,
  toPracticeTime,
  toUtcMs,
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
    expect(ageInYears('2018-03-06', '2030-03-05')).toBe(11);
    expect(ageInYears('2018-03-05', '2030-03-05')).toBe(12);
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
