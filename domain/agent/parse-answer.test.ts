import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAnswer } from './parse-answer.js';

const answer = {
  claims: [{ kind: 'booked', ref: 'A1' }],
  needs_human: false,
  language: 'en',
  say: 'Booked.',
};
const parse = (change: object) => parseAnswer(JSON.stringify({ ...answer, ...change }));

it('reads the agreed JSON and ignores unknown keys', () => {
  expect(parse({ thoughts: 'none' })).toEqual(answer);
});

it('gives kinds, languages and references their canonical spelling', () => {
  expect(parse({ claims: [{ kind: 'HELD', ref: ' h1 ' }], language: 'ES' })).toMatchObject({
    claims: [{ kind: 'held', ref: 'H1' }],
    language: 'es',
  });
});

it.each([
  ['no text', { say: ' ' }],
  ['a text that is too long', { say: 'a'.repeat(2_001) }],
  ['a text that is none', { say: 5 }],
  ['an unknown kind of claim', { claims: [{ kind: 'promised', ref: 'A1' }] }],
  ['a claim without a reference', { claims: [{ kind: 'booked' }] }],
  ['claims that are no list', { claims: {} }],
  ['too many claims', { claims: Array.from({ length: 11 }, () => answer.claims[0]) }],
  ['another language', { language: 'fr' }],
  ['a wish for a person that is no yes or no', { needs_human: 'yes' }],
])('takes no answer with %s', (_what, change) => expect(parse(change)).toBeNull());

it('takes 2,000 characters and 10 claims', () => {
  expect(
    parse({ say: 'a'.repeat(2_000), claims: Array.from({ length: 10 }, () => answer.claims[0]) }),
  ).not.toBeNull();
});

it('never throws, whatever a model writes', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseAnswer(text) === null));
  expect(parseAnswer('```json\n{}\n```')).toBeNull();
});
