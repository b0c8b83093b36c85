import { expect, it } from 'vitest';
import { contradictions } from './verdict.js';

const now = new Date(2030, 10, 26);
const line = (kind: 'booked' | 'moved', appointmentGuid: string, start: string) => ({
  kind,
  appointmentGuid,
  start,
  appointmentRef: 'A1',
  locationKey: 'downtown',
});
const held = (appointmentGuid: string, firstName: string, start: string, status = 'Scheduled') => ({
  appointmentGuid,
  firstName,
  start,
  status,
});
const agreed = {
  now,
  children: ['Mia', 'Ben'],
  told: [
    'Mia is booked for Monday, December 2 at 9:00 AM, Downtown. Ben is booked for Monday, December 2 at 9:40 AM, Downtown.',
    'Ben is moved to Tuesday, December 3 at 1:00 PM, Downtown.',
  ],
  ledger: [
    line('booked', 'a', '2030-12-02T09:00'),
    line('booked', 'b', '2030-12-02T09:40'),
    line('moved', 'c', '2030-12-03T13:00'),
  ],
  held: [
    held('A', 'Mia', '2030-12-02T09:00'),
    held('b', 'Ben', '2030-12-02T09:40', 'Cancelled'),
    held('c', 'Ben', '2030-12-03T13:00'),
  ],
};

it('finds nothing when transcript, ledger and practice system agree', () => {
  expect(contradictions(agreed)).toEqual([]);
});

it.each([
  [
    'a moved visit whose old place was kept',
    { held: agreed.held.map((one) => ({ ...one, status: 'Scheduled' })) },
    /Ben has 2/,
  ],
  ['a child without an appointment', { held: agreed.held.slice(1) }, /Mia has 0/],
  ['an appointment that the ledger lacks', { ledger: agreed.ledger.slice(1) }, /ledger knows nothing of Mia/],
  ['a time that the caller was not told', { told: agreed.told.slice(0, 1) }, /told 2030-12-02T09:40 for Ben/],
  [
    'a cancelled appointment that nobody moved',
    { held: [...agreed.held, held('d', 'Mia', '2030-12-05T09:00', 'Cancelled')] },
    /2 appointments are cancelled/,
  ],
])('reports %s', (_what, change, problem) => {
  expect(contradictions({ ...agreed, ...change }).join('\n')).toMatch(problem);
});
