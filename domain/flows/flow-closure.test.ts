import { expect, it } from 'vitest';
import { definitionId, generatedFlows, sharedConfigId, tabId } from '../../test/kit/generated-flows.js';
import { realFlow } from '../../test/kit/real-flows.js';
import { closureOf, tabIdsOf } from './flow-closure.js';
import { containerOf } from './flow-node.js';

it('takes a tab with its groups, the subflows it uses, those that they use, and the config node that it shares', () => {
  const flows = generatedFlows({ subflowDepth: 3, tabs: 3 });
  const closure = closureOf(flows, [tabId('a', 1)]);
  expect(closure).toMatchObject({
    tabIds: [tabId('a', 1)],
    subflowIds: [0, 1, 2].map((level) => definitionId('a', level)),
    sharedConfigIds: [sharedConfigId('a')],
    crossTabLinks: [],
    missingTabIds: [],
  });
  const left = [tabId('a', 0), tabId('a', 2)];
  expect(closure.nodes).toEqual(
    flows.filter((node) => !left.includes(node.id) && !left.includes(containerOf(node) ?? '')),
  );
});

it('is everything for all tabs, and nothing for a tab that is not there', () => {
  const flows = realFlow('balena-iot-gateway');
  const unused = ['ui_tab', 'ui_group', 'config'];
  const { nodes } = closureOf(flows, tabIdsOf(flows));
  expect(flows.filter((node) => !nodes.includes(node)).every(({ type }) => unused.includes(type))).toBe(true);
  expect(closureOf(flows, ['nowhere'])).toMatchObject({ nodes: [], missingTabIds: ['nowhere'] });
});

it('reports links that cross its border, dangling ones too', () => {
  const flows = realFlow('core-link-across-tabs');
  const [first] = tabIdsOf(flows);
  const { crossTabLinks } = closureOf(flows, [first!]);
  expect(crossTabLinks.length).toBeGreaterThan(0);
  expect(crossTabLinks.every((link) => link.tabId === first && link.otherTabId !== first)).toBe(true);
  expect(closureOf(flows, tabIdsOf(flows)).crossTabLinks.every(({ otherExists }) => !otherExists)).toBe(true);
});

it('never takes global-config, which belongs to the instance', () => {
  const flows = [
    { id: 't', type: 'tab' },
    { id: 'n', type: 'inject', z: 't', x: 1, y: 1, about: 'gc' },
    { id: 'gc', type: 'global-config', env: [] },
  ];
  expect(closureOf(flows, ['t']).nodes.map(({ id }) => id)).toEqual(['t', 'n']);
});
