import { describe, expect, it } from 'vitest';
import { normalisePhone, secondFactorMatches } from './second-factor.js';

const onFile = { phone: '5555550101', postalCode: '30301-1234' };

describe('the second factor', () => {
  it.each(['5555550101', '(555) 555-0101', '+1 555.555.0101', '30301', '30301-1234'])('takes %s', (given) => {
    expect(secondFactorMatches(given, onFile)).toBe(true);
  });

  it.each(['5555550102', '555010', '30302', '', 'unknown', '0101'])('refuses %j', (given) => {
    expect(secondFactorMatches(given, onFile)).toBe(false);
  });

  it('never matches a record that has neither', () => {
    for (const given of ['', '5555550101', '30301']) {
      expect(secondFactorMatches(given, { phone: '', postalCode: '' })).toBe(false);
    }
  });

  it('refuses phone numbers of another length', () => {
    expect(normalisePhone('25555550101')).toBeNull();
    expect(normalisePhone('555555010')).toBeNull();
  });
});
