import { expect, it } from 'vitest';
import { rewriteProperties, type PropertyRewrite } from './rewrite-properties.js';

const broker = { id: 'b', type: 'mqtt-broker', name: 'main', broker: 'staging.invalid', port: 1883 };
const change = {
  id: 'c',
  type: 'change',
  name: 'sets',
  z: 't',
  rules: [
    { t: 'set', p: 'a/b', to: 'old' },
    { t: 'delete', p: 'x' },
  ],
  'odd/na~me': 'old',
};
const flows = [broker, change];
const by = (pointer: string, value: PropertyRewrite['value'], node: PropertyRewrite['node']) => ({
  node,
  pointer,
  value,
});

it('puts a value in the place that a pointer names, by id or by type and name, and leaves the rest as the same object', () => {
  const { flows: rewritten, problems } = rewriteProperties(flows, [
    by('/rules/0/to', 'new', { id: 'c' }),
    by('/odd~1na~0me', 'new', { type: 'change', name: 'sets' }),
  ]);
  expect(problems).toEqual([]);
  expect(rewritten[0]).toBe(broker);
  expect(rewritten[1]).toEqual({
    ...change,
    rules: [{ t: 'set', p: 'a/b', to: 'new' }, change.rules[1]],
    'odd/na~me': 'new',
  });
});

it.each<[string, PropertyRewrite]>([
  ['no node', by('/port', 1, { id: 'nobody' })],
  ['no node of that name', by('/port', 1, { type: 'mqtt-broker', name: 'other' })],
  ['no property', by('/portt', 1, { id: 'b' })],
  ['no inherited one', by('/__proto__', 1, { id: 'b' })],
  ['no element', by('/rules/2/to', 'x', { id: 'c' })],
  ['more than a single value', by('/rules/0', 'x', { id: 'c' })],
  ['what the node is', by('/type', 'exec', { id: 'b' })],
  ['its connections', by('/wires/0/0', 'x', { id: 'c' })],
  ['its secrets', by('/credentials/password', 'x', { id: 'b' })],
])('refuses a rule that names %s', (_, rule) => {
  const { flows: same, problems } = rewriteProperties(flows, [rule]);
  expect(problems).toMatchObject([{ rule: 'badRewrite', severity: 'error' }]);
  expect(same).toEqual(flows);
});
