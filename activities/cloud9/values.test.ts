import { describe, expect, it } from 'vitest';
import * as values from './values.js';

describe('datetimes of the wire', () => {
  it.each([
    ['11/5/2030 8:30:00 AM', '2030-11-05T08:30'],
    ['1/2/2018 12:00:00 AM', '2018-01-02T00:00'],
    ['03/12/2030 02:20:00 PM', '2030-03-12T14:20'],
    ['3/12/2030 12:05:00 PM', '2030-03-12T12:05'],
    ['01/02/2018', '2018-01-02T00:00'],
    ['Dec  1 2030  1:44PM', '2030-12-01T13:44'],
    ['Dec 11 2030 12:04AM', '2030-12-11T00:04'],
    ['2018-01-02T00:00:00', '2018-01-02T00:00'],
    [' 3/5/2030 9:00:00 AM ', '2030-03-05T09:00'],
  ])('reads %s', (text, expected) => {
    expect(values.parsePracticeTime(text)).toBe(expected);
  });

  it.each([
    '2/30/2030 8:00:00 AM',
    '13/1/2030',
    '3/5/2030 13:00:00 PM',
    '3/5/2030 0:10:00 AM',
    'tomorrow',
    '',
    'Foo 1 2030',
  ])('refuses %j instead of guessing', (text) => {
    expect(values.parsePracticeTime(text)).toBeNull();
  });

  it('writes slot times exactly as slot records spell them', () => {
    expect(values.wireDateTime('2030-03-05T09:00')).toBe('3/5/2030 9:00:00 AM');
    expect(values.wireDateTime('2030-11-15T12:40')).toBe('11/15/2030 12:40:00 PM');
    expect(values.wireDateTime('2030-11-15T00:05')).toBe('11/15/2030 12:05:00 AM');
  });

  it('reads back every minute of a day that it writes', () => {
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      const time = `2030-03-10T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      expect(values.parsePracticeTime(values.wireDateTime(time))).toBe(time);
    }
  });

  it('writes dates in the forms of running clients', () => {
    expect(values.wireDate('2030-03-05', '7:00:00 AM')).toBe('03/05/2030 7:00:00 AM');
    expect(values.wireDate('2030-03-05')).toBe('03/05/2030');
    expect(values.wireIsoDate('2018-01-02')).toBe('2018-01-02T00:00:00');
  });

  it('takes only the time of a time-only value', () => {
    expect(values.parseTimeOfDay('1/1/1900 5:30:00 PM')).toBe('17:30');
  });

  it('reads a stamp of the server as UTC', () => {
    expect(values.parseUtcStampMs('3/4/2030 2:00:05 PM')).toBe(Date.UTC(2030, 2, 4, 14, 0, 5));
  });
});

describe('other values', () => {
  it('reads both spellings of a bit', () => {
    expect(['True', 'False', '1', '0', 'false', 'yes'].map(values.parseBit)).toEqual([
      true,
      false,
      true,
      false,
      false,
      null,
    ]);
  });

  it('brings GUIDs to one spelling and refuses what is none', () => {
    expect(values.parseGuid(' FFFF0000-0000-4000-8000-00000000000A ')).toBe(
      'ffff0000-0000-4000-8000-00000000000a',
    );
    expect(values.parseGuid('{ffff0000-0000-4000-8000-000000000001}')).toBeNull();
    expect(values.parseGuid('not-a-guid')).toBeNull();
  });

  it('reads money as cents', () => {
    expect(['000', '4025', '-219', '4.25', ''].map(values.parseMoneyCents)).toEqual([
      0,
      4025,
      -219,
      null,
      null,
    ]);
  });
});
