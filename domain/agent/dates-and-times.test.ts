import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, formatDay, formatTime, weekdayOf } from '../time/practice-time.js';
import { mentionsIn, namedTimes, possibleHours } from './dates-and-times.js';

const today = '2030-03-04';
const times = (text: string) => namedTimes(text, today).times;
const days = (text: string) => namedTimes(text, today).days;
const weekdays = (text: string) => namedTimes(text, today).weekdays;

describe('times of day', () => {
  it.each([
    ['at 9:00 AM', '09:00'],
    ['9 am', '09:00'],
    ['9am', '09:00'],
    ['9:00 a. m.', '09:00'],
    ['2:20 p.m.', '14:20'],
    ['12 pm', '12:00'],
    ['12:05 AM', '00:05'],
    ['14:20', '14:20'],
    ['How about 2:20?', '02:20'],
    ['at 9', '09:00'],
    ['at 9 on Tuesday', '09:00'],
    ['a las 9', '09:00'],
    ['a las 9 de la mañana', '09:00'],
    ["nine o'clock", '09:00'],
    ["9 o'clock", '09:00'],
    ['nine thirty', '09:30'],
    ['two-thirty', ''],
    ['two thirty pm', '14:30'],
    ['at nine.', '09:00'],
    ['half past two', '02:30'],
    ['quarter to three', '02:45'],
    ['noon', '12:00'],
    ['a las nueve y media', '09:30'],
    ['a las dos', '02:00'],
    ['al mediodía', '12:00'],
  ])('%j is %s', (text, time) => expect(times(text)[0] ?? '').toBe(time));

  it.each([
    'at 2 Example Avenue',
    'at one of our offices',
    'Two of them',
    'phone (555) 555-0100',
    'GA 30301',
    'I have 3 times',
    'once it is booked',
    'for 40 minutes',
    'am I right?',
  ])('%j names none', (text) => expect(times(text)).toEqual([]));
});

describe('days', () => {
  it.each([
    'March 5',
    'Mar 5th',
    'March the 5th',
    '5 March',
    '5th of March',
    '3/5',
    '03/05',
    '3/5/30',
    '3/5/2030',
    '2030-03-05',
    '5 de marzo',
    'tomorrow',
    'mañana',
    'March 5, 2030',
  ])('%j is 5 March', (text) => expect(days(text)).toEqual(['03-05']));

  it('resolves today and the day after tomorrow', () => {
    expect(days('today or the day after tomorrow')).toEqual(['03-04', '03-06']);
    expect(days('hoy o pasado mañana')).toEqual(['03-04', '03-06']);
  });

  it.each([
    'por la mañana',
    'de la mañana',
    'born May 6, 2014',
    '5/6/2014',
    '5/6/14',
    '2014-05-06',
    'March 40',
    '4/31',
    'May I help you?',
    'March at 10:30',
    '24/7',
  ])('%j names none', (text) => expect(days(text)).toEqual([]));

  it('knows a lone day of the month, but not a choice', () => {
    const lone = (text: string) =>
      mentionsIn(text, today).flatMap((found) => (found.kind === 'dayOfMonth' ? [found.dayOfMonth] : []));
    expect(lone('on the 12th at 9:00 AM')).toEqual(['12']);
    expect(lone('el día 12')).toEqual(['12']);
    expect(lone('el 12 de marzo')).toEqual([]);
    expect(lone('the 2nd one, on the 3rd floor')).toEqual([]);
  });
});

describe('weekdays', () => {
  it('knows full names, plurals and, before a date, abbreviations', () => {
    expect(weekdays('Tuesdays, el jueves o el miércoles')).toEqual([2, 4, 3]);
    expect(weekdays('el sabado')).toEqual([6]);
    expect(weekdays('Tue, Mar 5; Thurs at 9')).toEqual([2, 4]);
    expect(weekdays('She sat in the sun')).toEqual([]);
  });
});

it('reads back whatever we format, in both languages', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 700 }),
      fc.integer({ min: 0, max: 1_439 }),
      fc.constantFrom('en' as const, 'es' as const),
      (day, minute, language) => {
        const date = addDays(today, day);
        const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const said = `${formatDay(date, language)} ${language === 'en' ? 'at' : 'a las'} ${formatTime(`${date}T${time}`)}`;
        expect(namedTimes(said, today)).toEqual({
          times: [time],
          days: [date.slice(5)],
          weekdays: [weekdayOf(date)],
        });
      },
    ),
  );
});

it('takes a lone figure of a caller for an hour', () => {
  expect(possibleHours('can we do 4 or maybe nine')).toEqual(['04:00', '09:00']);
  expect(possibleHours('$5, 5555550100, 3/5')).toEqual([]);
});
