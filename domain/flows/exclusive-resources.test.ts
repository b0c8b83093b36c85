import { expect, it } from 'vitest';
import { realFlow, realFlowNames } from '../../test/kit/real-flows.js';
import { resourceClashes, sharedClientIds } from './exclusive-resources.js';
import type { FlowNode } from './flow-node.js';

const tab = (id: string, env: object = {}): FlowNode => ({
  id,
  type: 'tab',
  env: Object.entries(env).map(([name, value]) => ({ name, value: value as string, type: 'str' })),
});
const at = (z: string, id: string, type: string, more: object = {}): FlowNode => ({
  id,
  type,
  z,
  x: 1,
  y: 1,
  wires: [],
  ...more,
});
const broker = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'mqtt-broker',
  broker: 'mqtt.invalid',
  port: '1883',
  clientid: 'desk',
  ...more,
});
const listener = { server: 'server', port: '4000' };
const clashesOf = (flows: readonly FlowNode[], ...ours: readonly string[]) =>
  resourceClashes(flows, new Set(ours)).map(({ nodeId, rule, severity }) => `${nodeId} ${rule} ${severity}`);

it.each<[string, FlowNode, FlowNode, string]>([
  [
    'a listening TCP port',
    at('t', 'a', 'tcp in', listener),
    at('u', 'b', 'tcp out', { beserver: 'server', port: 4000 }),
    'error',
  ],
  ['a UDP port', at('t', 'a', 'udp in', { port: '5' }), at('u', 'b', 'udp in', { port: '5' }), 'warning'],
  [
    'a WebSocket path',
    { id: 'a', type: 'websocket-listener', path: '/ws' },
    { id: 'b', type: 'websocket-listener', path: 'ws' },
    'error',
  ],
  ['an MQTT client id', broker('a'), broker('b', { broker: 'MQTT.invalid', port: 1883 }), 'error'],
  [
    'a file',
    at('t', 'a', 'file', { filename: '/data/log' }),
    at('u', 'b', 'file', { filename: '/data/log', filenameType: 'str' }),
    'warning',
  ],
])('tells of two nodes that want %s, and not of others who do', (_, theirs, ours, severity) => {
  const flows = [ours, tab('t'), tab('u'), theirs];
  expect(clashesOf(flows, 'b')).toEqual([`b resourceClash ${severity}`]);
  expect(clashesOf(flows)).toEqual([]);
});

it('is silent where nothing is shared: a client, another port, another broker, a name from a message, a disabled tab', () => {
  const flows = [
    tab('t'),
    tab('u'),
    { ...tab('off'), disabled: true },
    at('t', 'a', 'tcp in', listener),
    at('u', 'b', 'tcp in', { ...listener, server: 'client' }),
    at('u', 'c', 'tcp in', { ...listener, port: '4001' }),
    at('off', 'd', 'tcp in', listener),
    broker('e'),
    broker('f', { broker: 'other.invalid' }),
    broker('g', { clientid: '' }),
    at('t', 'h', 'file', { filename: 'payload.name', filenameType: 'msg' }),
    at('u', 'i', 'file', { filename: 'payload.name', filenameType: 'msg' }),
  ];
  expect(clashesOf(flows, ...flows.map(({ id }) => id))).toEqual([]);
});

it('reads values as the running node does: from the environment of its group, its tab, or the whole instance', () => {
  const flows = [
    tab('t', { PORT: '4000' }),
    tab('u', { PORT: '4001' }),
    { id: 'everywhere', type: 'global-config', env: [{ name: 'BASE', value: '4001', type: 'str' }] },
    { ...at('u', 'g', 'group', { nodes: ['c'] }), env: [{ name: 'PORT', value: '4000', type: 'num' }] },
    at('t', 'a', 'tcp in', { ...listener, port: '${PORT}' }),
    at('u', 'b', 'tcp in', { ...listener, port: '${PORT}' }),
    at('u', 'c', 'tcp in', { ...listener, port: '${PORT}', g: 'g' }),
    at('t', 'd', 'tcp in', { ...listener, port: '${BASE}' }),
  ];
  expect(clashesOf(flows, 'b')).toEqual(['b resourceClash error']);
  expect(clashesOf(flows, 'c')).toEqual(['c resourceClash error']);
  expect(
    clashesOf(
      flows.filter(({ id }) => id !== 'd'),
      'b',
    ),
  ).toEqual([]);
});

it('warns when a second link of one name would break callers elsewhere, and not when callers have their own', () => {
  const call = (z: string, id: string) => at(z, id, 'link call', { linkType: 'dynamic', links: [] });
  const target = (z: string, id: string) => at(z, id, 'link in', { name: 'book', links: [] });
  const flows = [tab('t'), tab('u'), tab('v'), target('t', 'a'), target('u', 'b'), call('t', 'c')];
  expect(clashesOf(flows, 'b')).toEqual([]);
  expect(clashesOf([...flows, call('v', 'd')], 'b')).toEqual(['b linkNameClash warning']);
});

it('tells of MQTT client ids that a copy shares with its original on another instance', () => {
  const copies = [broker('x'), broker('y', { clientid: 'another' })];
  expect(sharedClientIds([broker('a'), broker('b')], copies)).toMatchObject([
    { rule: 'clientIdShared', nodeId: 'x' },
  ]);
});

it.each(realFlowNames)('finds nothing in the real export %s', (name) => {
  const flows = realFlow(name);
  expect(clashesOf(flows, ...flows.map(({ id }) => id))).toEqual([]);
});
