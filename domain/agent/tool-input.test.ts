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
  const input = { ...search, to: undefined, from: '2030-04-31', patients: 'P1', extra: 1 };
  Reflect.deleteProperty(input, 'to');
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

const parse = (name: string, input: unknown) => parseToolCall({ id: 'x', name, input }, practice);

it('knows its own tools only, not what every object has', () => {
  for (const name of ['book', 'constructor', '__proto__', 'toString', '']) {
    expect(parse(name, {})).toMatchObject({ ok: false, code: 'unknown_tool' });
  }
});

it('refuses what is too long or too many, and takes an empty text for nothing', () => {
  const cancel = { appointment: 'a1', reason: 'a'.repeat(500), caller_said: '' };
  expect(parse('cancel', cancel)).toMatchObject({ ok: true, call: { input: { appointment: 'A1' } } });
  expect(parse('cancel', { ...cancel, reason: 'a'.repeat(501) }).ok).toBe(false);
  expect(parse('find_slots', { ...search, patients: Array(9).fill('P1') }).ok).toBe(false);
  expect(parse('hold_slots', { visits: [{ patient: 'P1', slot: 'S1', extra: 1 }] }).ok).toBe(false);
  const person = { first_name: 'A', last_name: 'B', birth_date: '2014-05-06', second_factor: ' ' };
  expect(parse('identify_patient', person)).toMatchObject({ call: { input: { second_factor: null } } });
});

it('takes no keys from a prototype', () => {
  const input: unknown = JSON.parse('{"__proto__": {"hold": "H1"}, "caller_said": "yes"}');
  expect(parse('confirm_booking', input).ok).toBe(false);
});
