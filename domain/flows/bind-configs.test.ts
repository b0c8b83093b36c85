import { expect, it } from 'vitest';
import { generatedFlows, sharedConfigId } from '../../test/kit/generated-flows.js';
import { bindConfigs, equalConfigs } from './bind-configs.js';
import { closureOf, tabIdsOf } from './flow-closure.js';

const source = generatedFlows();
const tls = source.find(({ id }) => id === sharedConfigId('a'))!;
const theirs = { ...tls, id: 'their-tls', name: 'of the instance' };

it('lets all nodes use the config node of the target, which stays as it is', () => {
  const { flows, problems } = bindConfigs(source, [theirs], { [tls.id]: theirs.id });
  expect(problems).toEqual([]);
  expect(flows.some(({ type }) => type === 'tls-config')).toBe(false);
  expect(flows.filter(({ type }) => type === 'http request').map((node) => node['tls'])).toEqual([
    theirs.id,
    theirs.id,
  ]);
  expect(flows).toHaveLength(source.length - 1);
});

it('takes along nothing that only the bound one needs', () => {
  const broker = { id: 'broker', type: 'mqtt-broker', tls: tls.id };
  const user = { id: 'in', type: 'mqtt in', z: tabIdsOf(source)[0], x: 1, y: 1, broker: 'broker', wires: [] };
  const small = [source.find(({ id }) => id === user.z)!, user, broker, tls];
  const { flows } = bindConfigs(small, [{ id: 'theirs', type: 'mqtt-broker' }], { broker: 'theirs' });
  expect(closureOf(flows, tabIdsOf(flows)).nodes.map(({ type }) => type)).toEqual(['tab', 'mqtt in']);
});

it.each([
  ['a node that the flows do not have', { nobody: 'their-tls' }],
  ['one that the target does not have', { [tls.id]: 'nobody' }],
  ['another type', { [tls.id]: 'their-broker' }],
  ['what is no config node', { [tabIdsOf(source)[0]!]: 'their-tls' }],
])('refuses a binding of %s', (_, bindings) => {
  const base = [theirs, { id: 'their-broker', type: 'mqtt-broker' }];
  expect(bindConfigs(source, base, bindings).problems).toMatchObject([
    { rule: 'badBinding', severity: 'error' },
  ]);
});

it('tells of an equal config node of the target, until it is bound or there already', () => {
  const told = (flows = source, idIn = (id: string) => `new-${id}`) => equalConfigs(flows, [theirs], idIn);
  expect(told()).toMatchObject([
    { rule: 'configLikeOne', nodeId: tls.id, reason: expect.stringContaining('their-tls') as string },
  ]);
  expect(told(bindConfigs(source, [theirs], { [tls.id]: theirs.id }).flows)).toEqual([]);
  expect(told(source, () => theirs.id)).toEqual([]);
  expect(equalConfigs(source, [{ ...theirs, servername: 'other' }], (id) => id)).toEqual([]);
});
