import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentAnswer } from './answer.js';
import { checkAnswer, type ClaimFacts } from './claim-check.js';

const facts: ClaimFacts = {
  ledger: [{ kind: 'booked', ref: 'A1' }],
  holds: ['H1'],
  tasks: ['T1'],
  times: ['2030-03-05T09:00', '2030-03-05T14:20'],
  callerTexts: ['Could we come on Friday at 4pm?'],
  practiceFacts: ['Downtown opening hours: Monday 8:00 AM to 5:00 PM, Sunday closed.'],
  today: '2030-03-04',
};
const answer = (say: string, claims: AgentAnswer['claims'] = []): AgentAnswer => ({
  claims,
  needs_human: false,
  language: 'en',
  say,
});
const kinds = (say: string, claims: AgentAnswer['claims'] = []): string[] => {
  const checked = checkAnswer(answer(say, claims), facts);
  return checked.ok ? [] : checked.violations.map((violation) => violation.kind);
};

describe.each([
  'You are booked for Tuesday at 9:00 AM.',
  "You're all set!",
  'Great, I have booked it.',
  "I've just scheduled Ben for Tuesday, March 5.",
  'Your appointment is confirmed.',
  'Your appointment is on Tuesday at 9 AM.',
  'All done, it has been booked.',
  'We look forward to seeing you on Tuesday!',
  'Nothing to worry about, you are booked.',
  'Booked!',
  'I cancelled your appointment.',
  'Your visit has been moved to 2:20 PM.',
  'Su cita está confirmada.',
  'Ya está reservada para el martes.',
  'He reservado su cita.',
])('"%s" without a claim', (say) => {
  it('is not spoken', () => expect(kinds(say)).toContain('unclaimedBookingWords'));
});

describe.each([
  'Would you like me to book Tuesday, March 5 at 9:00 AM?',
  'Shall I book it?',
  'Nothing has been booked yet.',
  'Once it is booked, you will get a message.',
  'It is not booked yet. May I book it?',
  'Before I book, which office do you prefer?',
  'I can book 9:00 AM or 2:20 PM on Tuesday.',
  'That time can be booked online.',
  'How can I help you today?',
  'You asked for Friday at 4 PM; I have Tuesday at 2:20.',
  'We are open Monday from 8:00 AM to 5:00 PM.',
  'The booking is being checked by a colleague.',
  '¿Quiere que reserve el martes a las 9:00?',
  'Todavía no hay nada reservado.',
])('"%s"', (say) => {
  it('may be spoken without a claim', () => expect(kinds(say)).toEqual([]));
});

it('compares each claim with ledger, holds and tasks', () => {
  expect(kinds('Booked.', [{ kind: 'booked', ref: 'A1' }])).toEqual([]);
  expect(kinds('Booked.', [{ kind: 'booked', ref: 'A2' }])).toContain('claimWithoutLedger');
  expect(kinds('Cancelled.', [{ kind: 'cancelled', ref: 'A1' }])).toContain('claimWithoutLedger');
  expect(kinds('Held.', [{ kind: 'held', ref: 'H1' }])).toEqual([]);
  expect(kinds('A colleague calls.', [{ kind: 'handed_off', ref: 'T2' }])).toContain('claimWithoutLedger');
});

it('stops times, days, doctors, prices and references that nobody gave', () => {
  expect(kinds('I have 9:30 AM.')).toEqual(['unknownTime']);
  expect(kinds('I have March 12.')).toEqual(['unknownDate']);
  expect(kinds('I have something on Thursday.')).toEqual(['unknownDate']);
  expect(kinds('You will see Dr. Smith.')).toEqual(['unknownDoctor']);
  expect(kinds('It costs $250.')).toEqual(['unknownPrice']);
  expect(kinds('I hold S1 for you?')).toEqual(['rawIdentifier']);
});

it('knows one day in all its spellings', () => {
  for (const day of [
    'March 5',
    'Mar 5th',
    '5 March',
    '3/5',
    '3/5/2030',
    '2030-03-05',
    '5 de marzo',
    'tomorrow',
  ]) {
    expect(kinds(`How about ${day} at 9:00 AM?`)).toEqual([]);
  }
  expect(kinds('How about 14:20, or 9 am, or 2:20 p.m.?')).toEqual([]);
});

it('never lets an assertion through that has no claim, whatever stands around it', () => {
  const noise = fc.constantFrom('', 'Hello. ', 'Thank you! ', 'Great, ', 'As you wished, ', 'No problem. ');
  const assertion = fc.constantFrom(
    'you are booked.',
    'I have booked it.',
    'it has been cancelled.',
    'your appointment is confirmed.',
  );
  fc.assert(
    fc.property(noise, assertion, noise, (before, told, after) => {
      expect(kinds(`${before}${told} ${after}`)).toContain('unclaimedBookingWords');
    }),
  );
});
