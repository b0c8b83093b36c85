import { describe, expect, it } from 'vitest';
import { doubtfulDates, readsBack } from './read-back.js';

const today = '2030-03-07'; // a Thursday
const friday = '2030-03-15T09:00';

describe('a read-back', () => {
  it.each([
    'I am holding Friday, March 15 at 9:00 AM for Ada. Shall I book it?',
    'Ada: viernes, 15 de marzo a las 9:00 AM, Downtown. ¿Lo reservo?',
    'That is Friday the 15th of March, 9 a.m. Is that right?',
  ])('"%s" names the slot', (text) => expect(readsBack(text, [friday], today)).toBe(true));

  it.each([
    'Next Friday at 9:00 AM. Shall I book it?',
    'Friday at 9:00 AM, right?',
    'March 15 at 9:00 AM, right?',
    'Friday, 03/15 at 9:00 AM, right?',
    'Friday, March 15 at 9, right?',
    'Friday, March 15. Shall I book it?',
    'Friday, March 8 at 9:00 AM, right?',
    'Thursday, March 15 at 9:00 AM, right?',
    'Friday, March 15 at 9:00 PM, right?',
    'Shall I book it?',
    '',
  ])('"%s" does not', (text) => expect(readsBack(text, [friday], today)).toBe(false));

  it('names every slot of a family', () => {
    const both = [friday, '2030-03-15T09:40'];
    expect(readsBack('Friday, March 15 at 9:00 AM and 9:40 AM. Shall I?', both, today)).toBe(true);
    expect(readsBack('Friday, March 15 at 9:00 AM. Shall I?', both, today)).toBe(false);
  });

  it("reads practice-local time: nine in the caller's own zone is another time", () => {
    expect(readsBack('Friday, March 15 at 12:00 PM your time', [friday], today)).toBe(false);
  });
});

describe('dates that a caller leaves in doubt', () => {
  it.each([
    ['31 April please', 'noSuchDay'],
    ['April 31st at nine', 'noSuchDay'],
    ['el 31 de abril', 'noSuchDay'],
    ['February 30', 'noSuchDay'],
    ['el 30 de febrero', 'noSuchDay'],
    ['02/03 works', 'dayOrMonth'],
    ['¿puede ser el 02/03?', 'dayOrMonth'],
    ['next Friday', 'thisOrNextWeek'],
    ['el próximo viernes', 'thisOrNextWeek'],
    ['el viernes que viene', 'thisOrNextWeek'],
  ])('"%s" is %s', (text, why) => {
    expect(doubtfulDates(text, today).map((doubt) => doubt.why)).toEqual([why]);
  });

  it.each([
    '30 April',
    '31 March',
    '03/15',
    '15/03',
    '03/03',
    'this Friday',
    'Friday',
    'born 02/03/2014',
    'el viernes',
  ])('"%s" is in no doubt', (text) => expect(doubtfulDates(text, today)).toEqual([]));
});
