import { describe, expect, it } from 'vitest';
import { normaliseName, samePerson } from './person-name.js';

const testa = { firstName: 'Testa', lastName: "O'Fake-Ünit", birthDate: '2018-01-02' };

describe('the same person', () => {
  it('is found whatever case, accents, apostrophes and padding a spelling has', () => {
    expect(
      samePerson(testa, { firstName: ' TESTA ', lastName: 'O’Fake Unit', birthDate: '2018-01-02' }),
    ).toBe(true);
  });

  it('is not somebody with another birth date, or without one', () => {
    expect(samePerson(testa, { ...testa, birthDate: '2018-02-01' })).toBe(false);
    expect(samePerson({ ...testa, birthDate: null }, { ...testa, birthDate: null })).toBe(false);
  });

  it('is not somebody whose name merely begins alike', () => {
    expect(samePerson(testa, { ...testa, firstName: 'Test' })).toBe(false);
  });

  it('is nobody when a name has no letters', () => {
    expect(samePerson({ ...testa, lastName: '--' }, { ...testa, lastName: "''" })).toBe(false);
  });

  it('keeps letters of other scripts', () => {
    expect(normaliseName('Łucja Ñandú')).toBe('łucjanandu');
  });
});
