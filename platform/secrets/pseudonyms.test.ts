import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createPseudonyms } from './pseudonyms.js';

const keysOf = (id: string, text: string) => {
  const key = createHash('sha256').update(text).digest();
  return { current: { id, key }, byId: new Map([[id, key]]) };
};
const pseudonyms = createPseudonyms(keysOf('first', 'an invented key'));

it('one number of one practice has one pseudonym, however it is written', () => {
  const written = ['(555) 555-0100', '555.555.0100', '5555550100'];
  expect(new Set(written.map((number) => pseudonyms.ofPhoneNumber('a-practice', number))).size).toBe(1);
});

it('another practice, number or key gives another pseudonym', () => {
  const all = [
    pseudonyms.ofPhoneNumber('a-practice', '5555550100'),
    pseudonyms.ofPhoneNumber('b-practice', '5555550100'),
    pseudonyms.ofPhoneNumber('a-practice', '5555550101'),
    createPseudonyms(keysOf('first', 'another key')).ofPhoneNumber('a-practice', '5555550100'),
  ];
  expect(new Set(all).size).toBe(4);
});

it('cannot be found by hashing every number: neither the number nor a hash without the key is in it', () => {
  const pseudonym = pseudonyms.ofPhoneNumber('a-practice', '5555550100');
  for (const guess of ['5555550100', 'a-practice\n5555550100']) {
    expect(pseudonym).not.toContain(createHash('sha256').update(guess).digest('hex'));
    expect(pseudonym).not.toContain(guess);
  }
  expect(pseudonym).toMatch(/^first\.[0-9a-f]{64}$/);
});
