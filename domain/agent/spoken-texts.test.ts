import { describe, expect, it } from 'vitest';
import { checkAnswer } from './claim-check.js';
import { spoken } from './spoken-texts.js';

const line = {
  kind: 'booked',
  firstName: 'Ben',
  day: 'Tuesday, March 5',
  time: '9:00 AM',
  location: 'Downtown',
} as const;

const nothingKnown = {
  ledger: [],
  holds: [],
  tasks: [],
  times: [],
  callerTexts: [],
  practiceFacts: [],
  today: '2030-03-04',
};

describe.each(['en', 'es'] as const)('in %s', (language) => {
  it('says what is done, entry by entry', () => {
    const text = spoken(language, 'ledgerSummary', {
      lines: [line, { ...line, kind: 'cancelled', firstName: 'Cara', time: '9:40 AM' }],
    });
    for (const part of [
      'Ben',
      'Cara',
      '9:00 AM',
      '9:40 AM',
      'Downtown',
      language === 'en' ? 'cancelled' : 'cancelada',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('leaves out a name that is not known', () => {
    expect(spoken(language, 'ledgerSummary', { lines: [{ ...line, firstName: '' }] })).not.toContain(': ,');
  });

  it('says that nothing is booked when nothing is, in words that the claim check lets through', () => {
    const say = spoken(language, 'ledgerSummary', { lines: [] });
    expect(checkAnswer({ claims: [], needs_human: false, language, say }, nothingKnown)).toEqual({
      ok: true,
    });
  });

  it.each(['modelAway', 'budgetReached', 'turnFailed', 'beingChecked', 'closedIdle', 'emptyAnswer'] as const)(
    'claims no booking with %s',
    (key) => {
      const say = spoken(language, key, {});
      // These leave a task for the staff wherever they promise a call.
      expect(checkAnswer({ claims: [], needs_human: true, language, say }, nothingKnown)).toEqual({
        ok: true,
      });
    },
  );
});
