import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  definitionId,
  generatedFlows,
  nodeId,
  sharedConfigId,
  tabId,
} from '../../test/kit/generated-flows.js';
import { realFlow, realFlowNames } from '../../test/kit/real-flows.js';
import { expectedLive } from './expected-live.js';
import { containerOf, strings, type FlowNode } from './flow-node.js';
import { restartedNodes, type DeploymentType } from './restarted-nodes.js';
import { withoutEmptyCredentials } from './validate-credentials.js';

/** Node-RED's own comparison, which decides what it stops: our rule is measured against it. */
interface Oracle {
  parseConfig(flows: unknown): object;
  diffConfigs(
    before: object,
    after: object,
  ): Record<'added' | 'changed' | 'removed' | 'rewired' | 'linked' | 'flowChanged', string[]> & {
    globalConfigChanged: boolean;
  };
}
const fromNodeRed = createRequire(createRequire(import.meta.url).resolve('node-red'));
const oracle = fromNodeRed('@node-red/runtime/lib/flows/util') as Oracle;

function restartedByNodeRed(
  before: readonly FlowNode[],
  after: readonly FlowNode[],
  type: DeploymentType,
): ReadonlySet<string> {
  const diff = oracle.diffConfigs(
    oracle.parseConfig(structuredClone(before)),
    oracle.parseConfig(structuredClone(after)),
  );
  const stopped = new Set([
    ...diff.changed,
    ...diff.removed,
    ...(type === 'flows' ? [...diff.linked, ...diff.rewired] : []),
  ]);
  const wholeTabs = new Set([...diff.flowChanged, ...diff.added, ...diff.removed]);
  const liveAfter = new Set(expectedLive(after));
  const live = new Set(expectedLive(before));
  const restarted = after
    .filter(({ id }) => live.has(id))
    .filter(({ id }) => liveAfter.has(id))
    .filter(
      (node) => diff.globalConfigChanged || stopped.has(node.id) || wholeTabs.has(containerOf(node) ?? ''),
    );
  return new Set(restarted.map(({ id }) => id));
}

const flows = withoutEmptyCredentials([
  ...generatedFlows({ tabs: 3, nodesPerTab: 5, groupDepth: 3, subflowDepth: 3, prefix: 'a' }),
  { id: 'gc', type: 'global-config', env: [{ name: 'A', type: 'str', value: '1' }] },
]);
const change = (id: string, more: object): readonly FlowNode[] =>
  flows.map((node) => (node.id === id ? { ...node, ...more } : node));
const runs = (nodes: readonly FlowNode[]) =>
  new Set(expectedLive(flows).filter((id) => nodes.some((node) => node.id === id)));

describe('restarts nothing under flows', () => {
  it.each([
    ['a move', change(nodeId('a', 0, 0), { x: 999, y: 999 })],
    ['another order of nodes', [...flows].reverse()],
    [
      'another order of keys',
      flows.map((node) => Object.fromEntries(Object.entries(node).reverse()) as FlowNode),
    ],
    ['a label of a tab', change(tabId('a', 0), { label: 'new' })],
    ['the text of a tab', change(tabId('a', 0), { info: 'new' })],
    ['a new config node that nobody uses', [...flows, { id: 'new', type: 'tls-config' }]],
  ])('%s', (_, after) => {
    expect(restartedNodes(flows, after, 'flows')).toEqual(new Set());
  });
});

describe('restarts', () => {
  it.each<[string, readonly FlowNode[], DeploymentType, ReadonlySet<string>]>([
    ['everything under full', flows, 'full', runs(flows)],
    ['everything when global-config changes', change('gc', { env: [] }), 'flows', runs(flows)],
    [
      'the whole tab when its env changes',
      change(tabId('a', 0), { env: [{ name: 'A' }] }),
      'flows',
      runs(flows.filter(({ z }) => z === tabId('a', 0))),
    ],
    [
      'what changed and all that is wired to it',
      change(nodeId('a', 0, 4), { func: 'new' }),
      'flows',
      runs(flows.filter(({ z }) => z === tabId('a', 0))),
    ],
    [
      'only what changed under nodes',
      change(nodeId('a', 0, 4), { func: 'new' }),
      'nodes',
      new Set([nodeId('a', 0, 4)]),
    ],
    [
      'the users of a shared config node on every tab',
      change(sharedConfigId('a'), { servername: 'new' }),
      'nodes',
      new Set([sharedConfigId('a'), ...[0, 1, 2].map((tab) => nodeId('a', tab, 1))]),
    ],
    [
      'all instances when the innermost definition changes',
      flows.map((node) => (node['z'] === definitionId('a', 0) ? { ...node, func: 'new' } : node)),
      'nodes',
      new Set([0, 1, 2].map((tab) => nodeId('a', tab, 2))),
    ],
    [
      'a node that is sent with credentials',
      change(nodeId('a', 0, 4), { credentials: {} }),
      'nodes',
      new Set([nodeId('a', 0, 4)]),
    ],
  ])('%s', (_, after, type, expected) => {
    expect(restartedNodes(flows, after, type)).toEqual(expected);
    if (type !== 'full') expect(restartedByNodeRed(flows, after, type)).toEqual(expected);
  });
});

const seeds = [flows, ...realFlowNames.map(realFlow)];

it('is what Node-RED itself works out, whatever is changed', () => {
  const edit = fc.record({
    at: fc.nat(),
    other: fc.nat(),
    kind: fc.constantFrom(
      'func',
      'wires',
      'remove',
      'add',
      'group',
      'container',
      'disable',
      'env',
      'link',
      'scope',
      'property',
      'credentials',
      'type',
    ),
  });
  const cases = fc.record({
    seed: fc.nat(seeds.length - 1),
    edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
    type: fc.constantFrom('flows' as const, 'nodes' as const),
  });
  fc.assert(
    fc.property(cases, ({ seed, edits, type }) => {
      const before = seeds[seed]!;
      const after = edits.reduce<readonly FlowNode[]>((now, { at, other, kind }) => {
        const node = now[at % now.length]!;
        const second = now[other % now.length]!;
        const put = (more: object) => now.map((item) => (item === node ? { ...node, ...more } : item));
        switch (kind) {
          case 'func':
            return put({ func: `return ${other};` });
          case 'wires':
            return put({ wires: [[second.id]] });
          case 'remove':
            return now.length > 1 ? now.filter((item) => item !== node) : now;
          case 'add':
            return [...now, { ...node, id: `new${other}` }];
          case 'group':
            return put({ g: second.id });
          case 'container':
            return node.type === 'tab' || node.type === 'subflow' ? now : put({ z: second.id });
          case 'disable':
            return put(node.type === 'tab' ? { disabled: !node['disabled'] } : { d: true });
          case 'env':
            return put({ env: [{ name: 'A', value: String(other) }] });
          case 'link':
            return put({ links: other % 2 === 0 ? [second.id] : [second.id, node.id] });
          case 'scope':
            return put({ scope: [second.id], nodes: strings(node['nodes']).slice(1) });
          case 'property':
            return put({ server: second.id });
          case 'credentials':
            return put({ credentials: { password: 'p' } });
          case 'type':
            return node.type === 'tab' || node.type === 'subflow' ? now : put({ type: 'debug' });
        }
      }, before);
      // It refuses (400, TypeError) a tab that goes while its nodes stay; so does our validator.
      const present = new Set(after.map(({ id }) => id));
      fc.pre(
        !before.some(
          ({ id, type: kind }) =>
            kind === 'tab' && !present.has(id) && after.some((node) => containerOf(node) === id),
        ),
      );
      expect(restartedNodes(before, after, type)).toEqual(restartedByNodeRed(before, after, type));
    }),
    { numRuns: 400 },
  );
});
