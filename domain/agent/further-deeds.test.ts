import { describe, expect, it } from 'vitest';
import type { AgentAnswer } from './answer.js';
import { checkAnswer } from './claim-check.js';
import type { ClaimFacts } from './claim-facts.js';

// What is done besides booking: attendance confirmed, joined the waiting list, insurance noted.

const known: ClaimFacts = {
  ledger: [
    { kind: 'confirmed', ref: 'A1', start: '2030-03-05T09:00' },
    { kind: 'waitlisted', ref: 'W1' },
    { kind: 'noted', ref: 'N1' },
  ],
  holds: [],
  tasks: [],
  times: ['2030-03-05T09:00'],
  appointments: ['2030-03-05T09:00'],
  callerTexts: [],
  practiceFacts: [],
  today: '2030-03-04',
};
const isSpeakable = (say: string, claims: AgentAnswer['claims'], facts = known): boolean =>
  checkAnswer({ claims, needs_human: false, language: 'en', say }, facts).ok;

const confirmed = { kind: 'confirmed', ref: 'A1' } as const;
const waitlisted = { kind: 'waitlisted', ref: 'W1' } as const;
const noted = { kind: 'noted', ref: 'N1' } as const;

describe.each([
  ['Your visit on Tuesday, March 5 at 9:00 AM is confirmed.', confirmed],
  ['I have confirmed that you are coming on Tuesday.', confirmed],
  ['Su cita del martes 5 de marzo está confirmada.', confirmed],
  ['You are on the waiting list now.', waitlisted],
  ['I have put Ben on our waitlist.', waitlisted],
  ['Ben has been added to the waiting list.', waitlisted],
  ['Ben está en la lista de espera.', waitlisted],
  ['Anoté a Ben en la lista de espera.', waitlisted],
  ['I have noted your insurance.', noted],
  ['Your insurance has been saved.', noted],
  ['Anoté los datos de su seguro.', noted],
] as const)('%j', (say, claim) => {
  it('may be said with its claim', () => expect(isSpeakable(say, [claim])).toBe(true));
  it('may not be said without one', () => expect(isSpeakable(say, [])).toBe(false));
  it('may not be said of what was not done', () =>
    expect(isSpeakable(say, [claim], { ...known, ledger: [] })).toBe(false));
});

it.each([
  'I can put you on the waiting list. Would you like that?',
  'Shall I add Ben to the waiting list?',
  'Which insurance do you have?',
  'You are not on the waiting list yet.',
  '¿Quiere que le anote en la lista de espera?',
  'I can tell the practice that you are coming. Is that right?',
])('%j needs no claim', (say) => expect(isSpeakable(say, [])).toBe(true));

it('does not let a place on the waiting list stand for a booking', () => {
  const offered = { ...known, appointments: [] };
  for (const say of [
    'You are booked for Tuesday, March 5 at 9:00 AM.',
    'You are booked for Tuesday from the waiting list.',
  ])
    expect(isSpeakable(say, [waitlisted], offered)).toBe(false);
});
