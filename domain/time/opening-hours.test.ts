import { expect, it } from 'vitest';
import { somebodyIsThere } from './opening-hours.js';

const office = (timeZone: string) => ({ timeZone, hours: { '2': { opens: '08:00', closes: '17:00' } } });

it.each([
  ['2030-03-05T13:00:00Z', true], // Tuesday 8:00 in New York
  ['2030-03-05T12:59:00Z', false],
  ['2030-03-05T22:00:00Z', false], // closes at 17:00
  ['2030-03-06T15:00:00Z', false], // Wednesday
  ['2030-11-05T12:30:00Z', false], // after the clock change 7:30
])('knows whether an office is open at %s', (at, open) => {
  expect(somebodyIsThere([office('America/New_York')], Date.parse(at))).toBe(open);
});

it('is true while any office is open', () => {
  const offices = [office('America/New_York'), office('America/Los_Angeles')];
  expect(somebodyIsThere(offices, Date.parse('2030-03-05T23:00:00Z'))).toBe(true);
});
