import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseToolCall } from './tool-input.js';
import { toolEffect } from './tools.js';

const practice = { visitTypes: ['exam'], locations: ['downtown'] };
const search = {
  visit_type: 'EXAM',
  location: ' Downtown ',
  from: '2030-03-05',
  to: '2030-03-06',
  part_of_day: 'any',
  patients: ['p1'],
};

it('gives enum values and references their canonical spelling', () => {
  const parsed = parseToolCall({ id: 'x', name: 'find_slots', input: search }, practice);
  expect(parsed).toMatchObject({
    ok: true,
    call: { input: { visit_type: 'exam', location: 'downtown', patients: ['P1'] } },
  });
});

it('names every problem: a day that does not exist, a missing and an unknown key, a wrong type', () => {
  const { to: _, ...input } = { ...search, from: '2030-04-31', patients: 'P1', extra: 1 };
  const parsed = parseToolCall({ id: 'x', name: 'find_slots', input }, practice);
  expect(parsed.ok ? [] : parsed.problems).toHaveLength(4);
});

it('takes null only where a value may be absent', () => {
  const person = { first_name: 'A', last_name: 'B', birth_date: '2014-05-06', second_factor: null };
  expect(parseToolCall({ id: 'x', name: 'identify_patient', input: person }, practice).ok).toBe(true);
  expect(
    parseToolCall({ id: 'x', name: 'identify_patient', input: { ...person, last_name: null } }, practice).ok,
  ).toBe(false);
});

it('never throws and never lets an unchecked shape through, whatever the model sends', () => {
  const names = fc.oneof(fc.constantFrom(...Object.keys(toolEffect)), fc.string());
  fc.assert(
    fc.property(names, fc.jsonValue(), (name, input) => {
      const parsed = parseToolCall({ id: 'x', name, input }, practice);
      if (parsed.ok) expect(typeof parsed.call.input).toBe('object');
    }),
  );
});
