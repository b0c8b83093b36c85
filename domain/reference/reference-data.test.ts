import { describe, expect, it } from 'vitest';
import { referenceChanges, suspicionOf, type ReferenceItem } from './reference-data.js';

const item = (key: string, name = key): ReferenceItem => ({ key, value: { name, minutes: 20 } });

describe('changes of reference data', () => {
  it('name what was added, changed and removed, with what it was before', () => {
    const known = [item('a'), item('b'), item('c')];
    const read = [item('d'), item('c'), item('b', 'renamed')];
    expect(referenceChanges(known, read)).toEqual([
      { key: 'a', change: 'removed', before: item('a').value, after: null },
      { key: 'b', change: 'changed', before: item('b').value, after: item('b', 'renamed').value },
      { key: 'd', change: 'added', before: null, after: item('d').value },
    ]);
  });

  it('are none when only the order of records or of their fields differs', () => {
    const turned = { key: 'a', value: { minutes: 20, name: 'a' } };
    expect(referenceChanges([item('a'), item('b')], [item('b'), turned])).toEqual([]);
  });
});

describe('an answer of reference data', () => {
  const known = ['a', 'b', 'c', 'd'].map((key) => item(key));

  it.each([
    ['is suspicious when it is empty, the first one too', [], [], 'empty'],
    ['is suspicious when it is empty and we knew some', known, [], 'empty'],
    [
      'is suspicious when most of what we knew is gone',
      known,
      [item('a'), item('x'), item('y')],
      'mostlyGone',
    ],
    ['is taken when half is gone', known, [item('a'), item('b')], null],
    ['is taken when it grows', known, [...known, item('e')], null],
    ['is taken when the only one is replaced', [item('a')], [item('b')], null],
  ] as const)('%s', (_name, before, read, suspicion) => {
    expect(suspicionOf(before, read)).toBe(suspicion);
  });
});
