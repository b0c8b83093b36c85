import { expect, it } from 'vitest';
import { generatedFlows, nodeId, sharedConfigId, tabId } from '../../test/kit/generated-flows.js';
import { withMarker } from './deploy-marker.js';
import { diffFlows, wordsOf, type DiffRules } from './diff-flows.js';
import { containerOf, type FlowNode } from './flow-node.js';
import { withoutEmptyCredentials } from './validate-credentials.js';

const before = withoutEmptyCredentials(generatedFlows());
const rules: DiffRules = { type: 'flows', deployed: new Set([tabId('a', 0)]), presence: {} };
const change = (id: string, more: object): readonly FlowNode[] =>
  before.map((node) => (node.id === id ? { ...node, ...more } : node));

it('sees nothing that matters in a move, in written-out defaults and in our marker', () => {
  const after = withMarker(change(nodeId('a', 0, 0), { x: 500, d: false }), {
    deploymentId: 'd',
    sequence: 1,
  });
  const diff = diffFlows(before, after, { ...rules, type: 'nodes' });
  expect(diff).toMatchObject({
    added: [],
    changed: [],
    removed: [],
    movedOnly: [{ nodeId: nodeId('a', 0, 0) }],
    otherTabs: [],
  });
  expect(wordsOf({ ...diff, restarted: [] })).toEqual([
    'Moved on the canvas only: 1 node; nothing restarts for that.',
    'Nothing that matters changes.',
  ]);
});

it('tells a changed node by property, with its code as text', () => {
  const diff = diffFlows(before, change(nodeId('a', 0, 3), { func: 'return null;' }), rules);
  expect(diff.changed).toMatchObject([
    {
      nodeId: nodeId('a', 0, 3),
      tabId: tabId('a', 0),
      properties: [{ property: 'func', before: 'return msg;', after: 'return null;' }],
    },
  ]);
  expect(diff.restarted.every((node) => node.tabId === tabId('a', 0))).toBe(true);
  expect(diff.otherTabs).toEqual([]);
});

it('tells the other tabs that restart when a shared config node changes', () => {
  const diff = diffFlows(before, change(sharedConfigId('a'), { servername: 'new' }), rules);
  expect(diff.otherTabs).toContainEqual({
    tabId: tabId('a', 1),
    title: `"Tab 1" (tab ${tabId('a', 1)})`,
    restarted: 4,
  });
  expect(wordsOf(diff)).toContain(
    `Also restarts 4 nodes on "Tab 1" (tab ${tabId('a', 1)}), which is not part of this deployment.`,
  );
});

it('tells what is added and removed, the credentials it needs and the routes that clash', () => {
  const z = tabId('a', 0);
  const hook = (id: string) => ({
    id,
    type: 'http in',
    z,
    x: 1,
    y: 1,
    method: 'post',
    url: '/hook',
    wires: [],
  });
  const request = { id: 'r', type: 'http request', z, x: 1, y: 1, authType: 'bearer', wires: [[]] };
  const removed = nodeId('a', 1, 3);
  const after = [...before.filter(({ id }) => id !== removed), hook('mine'), request];
  const diff = diffFlows([...before, hook('theirs')], [...after, hook('theirs')], rules);
  expect(diff).toMatchObject({
    added: [{ nodeId: 'mine' }, { nodeId: 'r' }],
    removed: [{ nodeId: removed }],
    credentialsNeeded: [{ nodeId: 'r', field: 'password' }],
    routeClashes: [{ route: 'POST /hook', ours: { nodeId: 'mine' }, other: { nodeId: 'theirs' } }],
  });
  expect(diffFlows(before, after, { ...rules, presence: { r: ['password'] } }).credentialsNeeded).toEqual([]);
  const words = wordsOf(diff).join('\n');
  expect(words).toContain('Needs the credential password of http request r.');
  expect(words).toContain('POST /hook of http in mine is already served by http in theirs');
});

it('never shows a secret that a contributed node keeps in a plain property', () => {
  const after = change(nodeId('a', 0, 3), { apiKey: 'hunter2', options: { password: 'hunter3' } });
  expect(JSON.stringify(diffFlows(before, after, rules))).not.toContain('hunter');
});

it('takes less than three seconds for 5,000 nodes', () => {
  const large = withoutEmptyCredentials(generatedFlows({ tabs: 50, nodesPerTab: 100 }));
  const changed = large.map((node) =>
    containerOf(node) === tabId('a', 7) ? { ...node, name: 'new' } : node,
  );
  const from = performance.now();
  const diff = diffFlows(large, changed, rules);
  const tookMs = performance.now() - from;
  process.stdout.write(`compared ${large.length} nodes in ${tookMs.toFixed(0)} ms\n`);
  expect(diff.changed.length).toBeGreaterThan(100);
  expect(tookMs).toBeLessThan(3_000);
});
