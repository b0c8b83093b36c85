import { describe, expect, it } from 'vitest';
import type { ConversationStart } from './messages.js';
import { overBudget } from './budget.js';
import * as memory from './state.js';

const start: ConversationStart = {
  tenantId: 'sample-ortho',
  environment: 'sandbox',
  conversationId: 'c1',
  channel: 'chat',
  language: 'en',
  isTest: true,
};
const practice: memory.ConversationState['practice'] = {
  practiceName: 'Sample Orthodontics',
  phone: '555-555-0100',
  timeZone: 'America/Chicago',
  languages: ['en'],
  locations: [],
  visitTypes: [],
  booking: {
    siblings: 'keepBooked',
    siblingWindowMinutes: 60,
    minLeadMinutes: 60,
    maxAheadDays: 60,
    holdMinutes: { chat: 10, voice: 3 },
  },
  budget: { callerTurns: 60, modelCalls: 120, weightedTokens: 150_000, costUsd: 0.75 },
  settleMs: 10_000,
  facts: [],
};
const fresh = memory.begin(start, { promptBundle: 'b'.repeat(64), practice }, 0);
const newcomer = {
  firstName: 'Ann',
  birthDate: '2014-05-06',
  person: {
    kind: 'new',
    firstName: 'Ann',
    lastName: 'Sample',
    birthDate: '2014-05-06',
    phone: '5555550142',
    email: null,
  },
  verified: false,
} as const;
const proven = {
  firstName: 'Ben',
  birthDate: '2012-01-02',
  person: { kind: 'existing', patientGuid: 'aaaa0000-0000-4000-8000-0000000000f1' },
  verified: true,
} as const;

describe('the identity level', () => {
  it('stays L1 for somebody booked as new whose record turns out to exist', () => {
    const { state, ref } = memory.knowPatient(fresh, newcomer);
    const adopted = {
      ...state,
      patients: state.patients.map((known) =>
        known.ref === ref ? { ...known, person: proven.person } : known,
      ),
    };
    expect(memory.identityLevel(adopted)).toBe('L1');
    const verified = memory.knowPatient(adopted, proven);
    expect(verified.ref).toBe(ref);
    expect(memory.identityLevel(verified.state)).toBe('L2');
  });

  it('lists the same newcomer once, however the name is written', () => {
    const first = memory.knowPatient(fresh, newcomer);
    const again = memory.knowPatient(first.state, {
      ...newcomer,
      person: { ...newcomer.person, firstName: ' ANN' },
    });
    expect(again.ref).toBe(first.ref);
    expect(again.state.patients).toHaveLength(1);
  });
});

describe('what is carried into the next run', () => {
  it('stays far below the payload limit after 60 turns of long answers', () => {
    let state = fresh;
    const text = 'x'.repeat(1_500);
    for (let turn = 1; turn <= 60; turn++) {
      state = memory.remember(state, [
        {
          messageId: `m${turn}`,
          turn,
          entryId: `t${turn}.s1.model`,
          text,
          language: 'en',
          status: 'open',
          outcome: 'unknown',
          promptBundle: state.promptBundle,
        },
      ]);
      for (let hold = 1; hold <= 6; hold++)
        state = memory.settleHold(state, `H${turn * 6 + hold}`, { ok: true, data: { text } });
      state = memory.notice(state, text);
    }
    expect(JSON.stringify(state).length).toBeLessThan(200_000);
    expect(state.replies.at(-1)?.messageId).toBe('m60');
    expect(Object.keys(state.settledHolds)).toContain('H366');
  });

  it('is the same after a trip through JSON', () => {
    const { state } = memory.knowPatient(fresh, newcomer);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });
});

describe('a staff task', () => {
  it('makes a conversation without deeds transferred, and leaves the outcome of one with deeds', () => {
    expect(memory.enterTask(fresh, 'T1').outcome).toBe('transferred');
    const booked = memory.enterLedger(fresh, {
      kind: 'booked',
      appointmentRef: 'A1',
      appointmentGuid: 'g',
      start: '2030-03-05T09:00',
      locationKey: 'north',
    });
    expect(memory.enterTask(booked, 'T1').outcome).toBe('booked');
  });
});

describe('the budget', () => {
  const spent = (change: Partial<memory.ConversationState['spend']>): memory.ConversationState => ({
    ...fresh,
    spend: { ...fresh.spend, ...change },
  });
  const voice = { ...fresh, start: { ...start, channel: 'voice' as const } };

  it.each([
    ['60 turns', { ...fresh, turn: 60 }, 0],
    ['120 calls of a chat', spent({ modelCalls: 120 }), 0],
    ['40 calls of a phone call', { ...voice, spend: { ...fresh.spend, modelCalls: 40 } }, 0],
    ['75 cents', spent({ costPicoUsd: 0.75e12 }), 0],
    ['150,000 weighted tokens', spent({ weightedTokens: 150_000 }), 0],
    ['30 minutes of a phone call', voice, 30 * 60_000],
    ['14 days of a chat', fresh, 14 * 24 * 3_600_000],
  ])('is used up after %s', (_what, state, nowMs) => {
    expect(overBudget(state, nowMs)).toBe(true);
  });

  it('is not used up just before', () => {
    const state = { ...spent({ modelCalls: 119, weightedTokens: 149_999, costPicoUsd: 0.74e12 }), turn: 59 };
    expect(overBudget(state, 14 * 24 * 3_600_000 - 1)).toBe(false);
  });
});
