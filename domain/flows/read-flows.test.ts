import { expect, it } from 'vitest';
import { realFlow, realFlowNames, realFlows, realFlowText } from '../../test/kit/real-flows.js';
import { expectedLive } from './expected-live.js';
import { errorsOf } from './flow-problem.js';
import { readFlows, readFlowsValue } from './read-flows.js';

const node = { id: 'a', type: 'inject', z: 't', x: 1, y: 2, wires: [] };
const tab = { id: 't', type: 'tab', label: 'T' };

it('reads an array and an object with a rev alike', () => {
  expect(readFlows(JSON.stringify([tab, node]))).toEqual({
    kind: 'flows',
    flows: [tab, node],
    rev: null,
    warnings: [],
  });
  expect(readFlows(`\uFEFF${JSON.stringify({ flows: [tab, node], rev: 'r1' })}`)).toMatchObject({
    flows: [tab, node],
    rev: 'r1',
  });
});

it.each([
  ['not json', '{', 'not valid JSON'],
  ['another shape', '{"nodes":[]}', 'JSON array of nodes'],
  ['a text', '"flows"', 'JSON array of nodes'],
  ['a credentials map', '{"flows":[],"credentials":{"$":"blob"}}', 'secrets come from the credential store'],
])('refuses %s and says why', (_, text, reason) => {
  expect(readFlows(text)).toMatchObject({
    kind: 'unreadable',
    problems: [{ reason: expect.stringContaining(reason) as string }],
  });
});

it('names the element, the tab and the property of each node that is none', () => {
  const text = JSON.stringify([tab, null, 'x', { type: 'inject', z: 't' }, { id: 'b', z: 't', type: '' }]);
  const read = readFlows(text);
  expect(read.kind === 'unreadable' && read.problems).toMatchObject([
    { property: '1', reason: 'Element 1 is not a node but null.' },
    { property: '2', reason: 'Element 2 is not a node but a string.' },
    {
      nodeId: null,
      tabId: 't',
      property: 'id',
      reason: 'Element 3 has no id: nothing where a text is needed.',
    },
    { nodeId: 'b', tabId: 't', property: 'type' },
  ]);
});

it('adds the tab that an export of selected nodes lacks, but nothing to what an instance holds', () => {
  const text = JSON.stringify([node]);
  expect(readFlows(text)).toMatchObject({
    flows: [{ id: 't', type: 'tab' }, node],
    warnings: [{ rule: 'missingTab', severity: 'warning', nodeId: 't' }],
  });
  expect(readFlowsValue(JSON.parse(text))).toMatchObject({ flows: [node], warnings: [] });
});

it.each(realFlowNames)('reads the real export %s and expects its nodes to live', (name) => {
  const read = readFlowsValue(JSON.parse(realFlowText(name)));
  expect(read.kind === 'flows' && errorsOf(read.warnings)).toEqual([]);
  expect(expectedLive(realFlow(name))).toHaveLength(realFlows[name].live);
});
