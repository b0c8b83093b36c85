import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentAnswer } from './answer.js';
import { checkAnswer } from './claim-check.js';
import type { ClaimFacts } from './claim-facts.js';

const facts: ClaimFacts = {
  ledger: [{ kind: 'booked', ref: 'A1' }],
  holds: ['H1'],
  tasks: ['T1'],
  times: ['2030-03-05T09:00', '2030-03-05T09:40', '2030-03-05T14:20', '2030-03-06T14:20'],
  callerTexts: ['Could we come on Friday at 4pm?'],
  practiceFacts: [
    'Bright Smiles: phone (555) 555-0100.',
    'Downtown: 1 Sample Street, Testville, GA 30301.',
    'Downtown opening hours: Monday 8:00 AM to 5:00 PM, Tuesday 8:00 AM to 5:00 PM, Wednesday 8:00 AM to 5:00 PM, Thursday 8:00 AM to 5:00 PM, Friday 8:00 AM to 5:00 PM, Saturday closed, Sunday closed.',
  ],
  today: '2030-03-04',
};
const answer = (say: string, claims: AgentAnswer['claims'] = []): AgentAnswer => ({
  claims,
  needs_human: false,
  language: 'en',
  say,
});
const kinds = (say: string, claims: AgentAnswer['claims'] = [], known = facts): string[] => {
  const checked = checkAnswer(answer(say, claims), known);
  return checked.ok ? [] : checked.violations.map((violation) => violation.kind);
};

const nobodyAsked: ClaimFacts = { ...facts, ledger: [], tasks: [] };

it('lets a hand-over be told when the answer itself asks for a person', () => {
  const told = { ...answer('A colleague will call you back.'), needs_human: true };
  expect(checkAnswer(told, nobodyAsked)).toEqual({ ok: true });
});

describe('a claim', () => {
  const all: ClaimFacts = {
    ...facts,
    ledger: [
      { kind: 'booked', ref: 'A1', start: '2030-03-05T09:00' },
      { kind: 'booked', ref: 'A2', start: '2030-03-05T09:40' },
      { kind: 'moved', ref: 'A3', start: '2030-03-06T14:20' },
      { kind: 'cancelled', ref: 'A4', start: '2030-03-05T14:20' },
    ],
  };
  const booked = { kind: 'booked', ref: 'A1' } as const;
  const bookedToo = { kind: 'booked', ref: 'A2' } as const;
  const moved = { kind: 'moved', ref: 'A3' } as const;
  const cancelled = { kind: 'cancelled', ref: 'A4' } as const;
  const held = { kind: 'held', ref: 'H1' } as const;

  it.each([
    ['You are booked for Tuesday, March 5 at 9:00 AM.', [booked]],
    ['Ben is booked for Tuesday at 9:00 AM and Cara is booked for Tuesday at 9:40 AM.', [booked, bookedToo]],
    ['Both are booked, at 9:00 and 9:40.', [booked, bookedToo]],
    ['I have moved your visit to Wednesday at 2:20 PM.', [moved]],
    ['I cancelled the old one and booked Wednesday, March 6 at 2:20 PM.', [moved]],
    ['You are booked for Wednesday at 2:20 PM, moved from Tuesday at 9:00 AM.', [moved]],
    ['Your appointment is cancelled.', [cancelled]],
    ['All done!', [cancelled]],
    ['I am holding Tuesday, March 5 at 9:00 AM. Shall I book it?', [held]],
    ['I have reserved Tuesday at 9:00 AM for you. Shall I book it?', [held]],
    ['Su cita está reservada para el martes a las 9:00.', [booked]],
  ])('%j stands with what it tells', (say, claims) => expect(kinds(say, claims, all)).toEqual([]));

  it.each([
    ["You're booked!", [held]],
    ['Your appointment is reserved for Tuesday at 9:00 AM.', [held]],
    ['I have cancelled your appointment.', [booked]],
    ['I have booked it.', [cancelled]],
    ['Your visit has been moved to Wednesday at 2:20 PM.', [booked]],
    ['Your cancellation is confirmed.', [booked]],
    ['Both children are booked.', [booked]],
    ['All three are booked.', [booked, bookedToo]],
  ])('%j does not stand with a claim of another kind, or too few', (say, claims) => {
    expect(kinds(say, claims, all)).toContain('unclaimedBookingWords');
  });

  it.each([
    ['You are booked for Wednesday at 2:20 PM.', [booked]],
    ['Ben is booked for Tuesday at 9:00 AM and Cara is booked for 9:40 AM.', [booked]],
    ['Tuesday at 2:20 PM is booked for you.', [booked]],
  ])('%j does not stand with the time of another entry', (say, claims) => {
    expect(kinds(say, claims, all)).toContain('claimWithoutLedger');
  });
});

it('lets the diary be read out: only what stands in it, with its time', () => {
  const listed: ClaimFacts = { ...nobodyAsked, appointments: ['2030-03-05T09:00'] };
  for (const say of [
    'You are scheduled for Tuesday, March 5 at 9:00 AM.',
    'Your appointment is on Tuesday at 9:00 AM.',
    'You have an appointment on Tuesday, March 5.',
    'Su cita es el martes a las 9:00.',
  ]) {
    expect([say, kinds(say, [], listed)]).toEqual([say, []]);
  }
  for (const say of [
    'You are scheduled for Wednesday at 2:20 PM.',
    'You are scheduled.',
    'Your appointment is on Tuesday at 9:40 AM.',
    'I have booked Tuesday, March 5 at 9:00 AM.',
    'I have cancelled Tuesday, March 5 at 9:00 AM.',
  ]) {
    expect([say, kinds(say, [], listed)]).toEqual([say, ['unclaimedBookingWords']]);
  }
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
  expect(kinds('I have something at noon.')).toEqual(['unknownTime']);
  expect(kinds('Tuesday the 12th?')).toEqual(['unknownDate']);
  expect(kinds('Doctor Smith is in.')).toEqual(['unknownDoctor']);
  expect(kinds('The exam is free of charge.')).toEqual(['unknownPrice']);
  expect(kinds('I will use confirm_booking.')).toEqual(['rawIdentifier']);
  expect(kinds('You will see Dr. Smith.')).toEqual(['unknownDoctor']);
  expect(kinds('It costs $250.')).toEqual(['unknownPrice']);
  expect(kinds('I hold S1 for you?')).toEqual(['rawIdentifier']);
});

it('stops a time on a day to which it does not belong, and a weekday that is not the date', () => {
  expect(kinds('I have Wednesday at 9:00 AM.')).toEqual(['unknownTime']);
  expect(kinds('How about 9:40 AM on March 6?')).toEqual(['unknownTime']);
  expect(kinds('I have Wednesday, March 5.')).toEqual(['unknownDate']);
  expect(kinds('Nothing on Friday, but I have 9:00 AM.')).toEqual([]);
});

it('takes opening hours for hours, never for a free time', () => {
  expect(kinds('We are open from 8:00 AM to 5:00 PM on Thursday.')).toEqual([]);
  expect(kinds('I have Tuesday at 5:00 PM.')).toEqual(['unknownTime']);
  expect(kinds('Thursday at 8:00 AM is free.')).toEqual(['unknownDate', 'unknownTime']);
});

it('lets the caller’s own words of this turn be repeated, and prices and doctors that they or the practice named', () => {
  const known: ClaimFacts = {
    ...facts,
    callerTexts: ['can you do around four on the 15th, Dr. Sample said it costs $250'],
  };
  expect(kinds('You asked for 4 PM on the 15th; that is not free.', [], known)).toEqual([]);
  expect(kinds('Dr. Sample said $250, I see.', [], known)).toEqual([]);
  expect(kinds('It costs $25.', [], known)).toEqual(['unknownPrice']);
  expect(kinds('It costs $2.', [], known)).toEqual(['unknownPrice']);
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
  const noise = fc.constantFrom(
    '',
    'Hello. ',
    'Thank you! ',
    'Great, ',
    'As you wished, ',
    'No problem. ',
    'No problem - ',
    'Not to worry, ',
    'Shall I go on? ',
    'Nothing else is open: ',
    'Would you believe it? ',
    'If you like, call us; ',
  );
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
