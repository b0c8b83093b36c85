import { expect, test } from 'vitest';
import {
  readBit,
  readDateTime,
  readGuid,
  wireDateTime,
  wireMoney,
  wirePaddedDate,
  wireSpacePaddedDateTime,
  wireTimeOnly,
} from './wire-format.js';
import { isWellFormed } from './well-formed.js';
import { wallClock } from './zones.js';

test('times are written without padding, midnight for bare dates, noon as 12 PM', () => {
  expect(wireDateTime('2030-11-05T08:30')).toBe('11/5/2030 8:30:00 AM');
  expect(wireDateTime('2018-01-02')).toBe('1/2/2018 12:00:00 AM');
  expect(wireDateTime('2030-03-12T12:05:09')).toBe('3/12/2030 12:05:09 PM');
  expect(wirePaddedDate('2018-01-02')).toBe('01/02/2018');
  expect(wireSpacePaddedDateTime('2030-12-01T13:44:10')).toBe('Dec  1 2030  1:44PM');
  expect(wireTimeOnly('17:00')).toBe('1/1/1900 5:00:00 PM');
});

test('money is cents with three digits at least', () => {
  expect([0, 5, 4_025, -219, -5].map(wireMoney)).toEqual(['000', '005', '4025', '-219', '-005']);
});

test('requests may spell a time in four ways, and impossible days are refused', () => {
  expect(readDateTime('03/12/2030 02:20:00 PM')).toEqual(readDateTime('3/12/2030 2:20:00 PM'));
  expect(readDateTime('3/12/2030 12:00:00 AM')?.time).toBe('2030-03-12T00:00:00');
  expect(readDateTime('2018-01-02T00:00:00')).toMatchObject({ date: '2018-01-02', hasTime: true });
  expect(readDateTime('3/5/2030')).toMatchObject({ date: '2030-03-05', hasTime: false });
  for (const wrong of [
    '2/30/2030',
    '13/1/2030',
    '3/5/2030 13:00:00 PM',
    'tomorrow',
    '2030-02-30',
    '3/5/30',
  ]) {
    expect(readDateTime(wrong)).toBeUndefined();
  }
});

test('bits and GUIDs are read in every form that callers send', () => {
  expect(['1', 'True', 'true'].map(readBit)).toEqual([true, true, true]);
  expect(['0', 'False', 'false', 'no'].map(readBit)).toEqual([false, false, false, undefined]);
  expect(readGuid('FFFF0000-0000-4000-8000-000000000001')).toBe('ffff0000-0000-4000-8000-000000000001');
  expect(readGuid('{ffff0000-0000-4000-8000-000000000001}')).toBeUndefined();
});

test('only one balanced element with escaped text is well-formed', () => {
  const good = ['<a/>', '<?xml version="1.0"?>\n<a x="1"><b>t &amp; &#252;</b><!-- c --></a>\n'];
  const bad = ['', 'text', '<a>', '<a></b>', '<a/><b/>', '<a>A & B</a>', '<a><b></a></b>', '<a x=1/>'];
  expect(good.map(isWellFormed)).toEqual([true, true]);
  expect(bad.map(isWellFormed)).toEqual(bad.map(() => false));
});

test('zones follow daylight saving', () => {
  expect(wallClock(Date.parse('2030-03-10T06:59:59Z'), 'America/New_York')).toBe('2030-03-10T01:59:59');
  expect(wallClock(Date.parse('2030-03-10T07:00:00Z'), 'America/New_York')).toBe('2030-03-10T03:00:00');
  expect(wallClock(Date.parse('2030-07-01T00:00:00Z'), 'America/Denver')).toBe('2030-06-30T18:00:00');
});
