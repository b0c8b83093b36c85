import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedFlows, nodeId, sharedConfigId, tabId } from '../../test/kit/generated-flows.js';
import { realFlow, realFlowNames } from '../../test/kit/real-flows.js';
import { containerOf, nodesById, type FlowNode } from './flow-node.js';
import { mergeFlows, withoutParked, type Merge } from './merge-flows.js';
import { withoutEmptyCredentials } from './validate-credentials.js';

const foreign = withoutEmptyCredentials(generatedFlows({ prefix: 'foreign' }));
const ours = withoutEmptyCredentials(generatedFlows({ prefix: 'ours' }));
const merge = (given: Partial<Merge>) =>
  mergeFlows({ base: foreign, incoming: ours, owned: new Set(), withCredentials: new Set(), ...given });
const ids = (flows: readonly FlowNode[]): readonly string[] => flows.map(({ id }) => id);

it('appends what is new and keeps everything else the same object in the same order', () => {
  const { flows, added, changed, removed, problems } = merge({});
  expect(flows.slice(0, foreign.length).every((node, index) => node === foreign[index])).toBe(true);
  expect(added).toEqual(ids(ours));
  expect([changed, removed, problems]).toEqual([[], [], []]);
});

it('changes nothing when it is done again', () => {
  const { flows } = merge({});
  expect(merge({ base: flows, owned: new Set(ids(ours)) })).toEqual({
    flows,
    added: [],
    changed: [],
    removed: [],
    parked: [],
    problems: [],
  });
});

it.each(realFlowNames)('puts %s beside others and takes it away again without a trace', (name) => {
  const incoming = realFlow(name);
  const { flows } = merge({ incoming });
  const again = mergeFlows({
    base: flows,
    incoming: [],
    owned: new Set(ids(incoming)),
    withCredentials: new Set(),
  });
  expect(JSON.stringify(again.flows)).toBe(JSON.stringify(foreign));
});

it('never touches a node of others, whatever of ours was changed, added or removed', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ours]), fc.infiniteStream(fc.boolean()), (subset, choose) => {
      const incoming = subset.map((node) => (choose.next().value ? { ...node, info: 'changed' } : node));
      const { flows } = merge({ base: merge({}).flows, incoming, owned: new Set(ids(ours)) });
      expect(flows.filter((node) => foreign.includes(node))).toEqual(foreign);
      const now = nodesById(flows);
      for (const node of incoming) expect(now.get(node.id)).toEqual(node);
      expect(flows).toHaveLength(foreign.length + incoming.length);
    }),
    { numRuns: 50 },
  );
});

it('replaces in place and removes what is on our tab and not in the source, whoever put it there', () => {
  const { flows: base } = merge({});
  const theirs = { id: 'hand-made', type: 'comment', z: tabId('ours', 0), x: 1, y: 1, wires: [] };
  const changedId = nodeId('ours', 0, 3);
  const incoming = ours.map((node) => (node.id === changedId ? { ...node, func: 'return null;' } : node));
  const { flows, changed, removed } = merge({ base: [...base, theirs], incoming });
  expect(changed).toEqual([changedId]);
  expect(removed).toEqual(['hand-made']);
  expect(ids(flows)).toEqual(ids(base));
});

describe('an id of somebody else', () => {
  it.each([
    [
      'of another type',
      { id: nodeId('foreign', 0, 3), type: 'debug', z: tabId('ours', 0), x: 1, y: 1, wires: [] },
    ],
    ['on another tab', { ...foreign.find(({ id }) => id === nodeId('foreign', 0, 3))!, z: tabId('ours', 0) }],
  ])('%s is refused', (_, node) => {
    const { problems, flows } = merge({ incoming: [...ours, node] });
    expect(problems).toMatchObject([{ rule: 'idTaken', severity: 'error', nodeId: node.id }]);
    expect(flows.filter((item) => foreign.includes(item))).toEqual(foreign);
  });
});

describe('a config node', () => {
  const config = foreign.find(({ id }) => id === sharedConfigId('foreign'))!;
  const user = { ...ours.find(({ type }) => type === 'http request')!, tls: config.id };
  const incoming = [...ours.filter(({ id }) => id !== user.id), user, { ...config, servername: 'other' }];

  it('that others use stays as it is', () => {
    const { flows, problems } = merge({ incoming });
    expect(nodesById(flows).get(config.id)).toBe(config);
    expect(problems).toMatchObject([{ rule: 'sharedConfigKept', severity: 'warning' }]);
  });

  it('that nobody else uses is replaced', () => {
    const { flows, problems } = merge({ base: [config], incoming });
    expect(nodesById(flows).get(config.id)).toMatchObject({ servername: 'other' });
    expect(problems).toEqual([]);
  });

  it('of ours that others use by now stays when we go', () => {
    const their = {
      id: 'their-request',
      type: 'http request',
      z: tabId('foreign', 0),
      x: 1,
      y: 1,
      tls: sharedConfigId('ours'),
      wires: [[]],
    };
    const base = [...merge({}).flows, their];
    const { flows, problems } = merge({ base, incoming: [], owned: new Set(ids(ours)) });
    expect(nodesById(flows).has(sharedConfigId('ours'))).toBe(true);
    expect(problems).toMatchObject([{ rule: 'stillUsed', nodeId: sharedConfigId('ours') }]);
  });

  it('of the whole instance is not deployed', () => {
    const { flows, problems } = merge({ incoming: [...ours, { id: 'gc', type: 'global-config', env: [] }] });
    expect(nodesById(flows).has('gc')).toBe(false);
    expect(problems).toMatchObject([{ rule: 'globalConfigLeft' }]);
  });
});

it('parks removed nodes that have credentials, out of groups and wires, and brings them back by their id', () => {
  const { flows: base } = merge({});
  const request = ours.find(({ type }) => type === 'http request')!;
  const incoming = ours.filter(({ id }) => id !== request.id);
  const parked = merge({ base, incoming, owned: new Set(ids(ours)), withCredentials: new Set([request.id]) });
  expect(parked.parked).toEqual([request.id]);
  const there = nodesById(parked.flows).get(request.id)!;
  expect(there).toMatchObject({ d: true, wires: [], type: request.type });
  expect(there).not.toHaveProperty('g');
  expect(nodesById(parked.flows).get(containerOf(there)!)).toMatchObject({ type: 'tab', disabled: true });

  expect(ids(withoutParked(parked.flows))).toEqual(ids(base).filter((id) => id !== request.id));
  const back = merge({
    base: parked.flows,
    owned: new Set(ids(ours)),
    withCredentials: new Set([request.id]),
  });
  expect(withoutParked(back.flows)).toEqual(base);
});
