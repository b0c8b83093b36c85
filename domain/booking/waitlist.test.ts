import { expect, it } from 'vitest';
import { suits, type FreedPlace, type WaitlistWish } from './waitlist.js';

const visitType = (key: string, guid: string, minutes: number, slotClasses: readonly string[]) => ({
  key,
  name: key,
  appointmentTypeGuid: guid,
  minutes,
  slotClasses,
  minAgeYears: null,
  maxAgeYears: null,
});
const visitTypes = [
  visitType('exam', 'dddd-1', 40, ['Exams']),
  visitType('adjustment', 'dddd-2', 20, ['Adjustments']),
  visitType('short-exam', 'dddd-3', 20, ['Exams']),
];
const wish: WaitlistWish = {
  visitTypeKey: 'exam',
  locationKey: 'downtown',
  from: '2030-03-04',
  to: '2030-03-08',
  partOfDay: 'any',
};
const place: FreedPlace = {
  appointmentTypeGuid: 'DDDD-1',
  locationKey: 'downtown',
  start: '2030-03-05T09:00',
  minutes: 40,
};

it.each<[string, boolean, Partial<WaitlistWish>, Partial<FreedPlace>]>([
  ['the same visit', true, {}, {}],
  ['the first day', true, { from: '2030-03-05' }, {}],
  ['the last day', true, { to: '2030-03-05' }, {}],
  ['a shorter visit in the same kind of slot', true, { visitTypeKey: 'short-exam' }, {}],
  ['the wished part of day', true, { partOfDay: 'morning' }, {}],
  ['noon for the afternoon', true, { partOfDay: 'afternoon' }, { start: '2030-03-05T12:00' }],
  ['another office', false, { locationKey: 'lakeside' }, {}],
  ['a day before', false, { from: '2030-03-06' }, {}],
  ['a day after', false, { to: '2030-03-04' }, {}],
  ['another part of day', false, { partOfDay: 'afternoon' }, {}],
  ['a place that is too short', false, {}, { minutes: 20 }],
  ['another kind of slot', false, { visitTypeKey: 'adjustment' }, {}],
  ['a visit that the practice no longer offers', false, { visitTypeKey: 'retainer' }, {}],
  ['a place of an unknown kind', false, {}, { appointmentTypeGuid: 'dddd-9' }],
])('%s: %j', (_, expected, wished, freed) => {
  expect(suits({ ...wish, ...wished }, { ...place, ...freed }, visitTypes)).toBe(expected);
});
