import { describe, expect, it } from 'vitest';
import { practiceFactsOf } from '../../domain/agent/practice-facts.js';
import { sampleTenant } from '../../test/kit/claude-scene.js';
import { deedLines, enterDeed, isTheirs, mayWriteRecord, nextDeedRef, sameDeed } from './deeds.js';
import { begin, type ConversationState, type KnownAppointment } from './state.js';

const start = {
  tenantId: 'sample-ortho',
  environment: 'sandbox',
  conversationId: 'c1',
  channel: 'chat',
  language: 'en',
  isTest: true,
} as const;
const fresh = begin(start, { promptBundle: 'b', practice: practiceFactsOf(sampleTenant, 0) }, 0);

const appointment: KnownAppointment = {
  ref: 'A1',
  appointmentGuid: 'g1',
  patientGuid: 'p1',
  patientRef: 'P1',
  start: '2030-03-05T09:00',
  minutes: 40,
  locationKey: 'north',
  visitType: 'New Patient Exam',
  status: 'scheduled',
};
const knowing = (verified: boolean, bookedHere: boolean): ConversationState => ({
  ...fresh,
  patients: [
    {
      ref: 'P1',
      firstName: 'Ada',
      birthDate: '2015-01-01',
      person: { kind: 'existing', patientGuid: 'p1' },
      verified,
    },
  ],
  appointments: [appointment],
  ledger: bookedHere
    ? [
        {
          kind: 'booked',
          appointmentRef: 'A1',
          appointmentGuid: 'g1',
          start: '2030-03-05T09:00',
          locationKey: 'north',
        },
      ]
    : [],
});

describe('the identity gate', () => {
  it.each([
    ['a verified patient', true, false, true],
    ['what this conversation booked', false, true, true],
    ['somebody who is only said to be new', false, false, false],
  ])('%s: %j', (_, verified, bookedHere, opens) => {
    const state = knowing(verified, bookedHere);
    expect(isTheirs(state, appointment)).toBe(opens);
    expect(mayWriteRecord(state, { ref: 'P1', verified })).toBe(opens);
  });

  it('does not open the record of another patient by a booking for the first', () => {
    expect(mayWriteRecord(knowing(false, true), { ref: 'P2', verified: false })).toBe(false);
  });
});

describe('deeds', () => {
  it('are counted by kind, known again by what was asked, and told in words', () => {
    let state = knowing(true, false);
    expect([nextDeedRef(state, 'waitlisted'), nextDeedRef(state, 'noted')]).toEqual(['W1', 'N1']);
    state = enterDeed(state, { kind: 'waitlisted', ref: 'W1', patientRef: 'P1', request: 'x' });
    state = enterDeed(state, { kind: 'confirmed', ref: 'A1', patientRef: 'P1', request: 'A1' });
    expect([nextDeedRef(state, 'waitlisted'), nextDeedRef(state, 'noted')]).toEqual(['W2', 'N1']);
    expect(sameDeed(state, 'waitlisted', 'x')?.ref).toBe('W1');
    expect(sameDeed(state, 'noted', 'x')).toBeUndefined();
    expect(state.outcome).toBe('information');
    expect(deedLines(state)).toMatchObject([
      { kind: 'waitlisted', firstName: 'Ada' },
      { kind: 'confirmed', firstName: 'Ada', day: 'Tuesday, March 5', time: '9:00 AM' },
    ]);
  });
});
