import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedFlows, nodeId, sharedConfigId, tabId } from '../../test/kit/generated-flows.js';
import { realFlow, realFlowNames, realFlows } from '../../test/kit/real-flows.js';
import { sha256Hex } from '../../test/kit/sha256.js';
import { expectedLive } from './expected-live.js';
import { closureOf, tabIdsOf } from './flow-closure.js';
import { containerOf, linksOf, nodesById, without, type FlowNode } from './flow-node.js';
import { remapIds, remappedId, type CopyRules } from './remap-ids.js';

const rules: CopyRules = { targetScope: 'river-ortho/main', sha256Hex };
const copyOf = (flows: readonly FlowNode[], given: Partial<CopyRules> = {}) =>
  remapIds(closureOf(flows, tabIdsOf(flows)), { ...rules, ...given });

it('gives the same ids for the same source and target, and others for another target', () => {
  const flows = generatedFlows();
  expect(JSON.stringify(copyOf(flows))).toBe(JSON.stringify(copyOf(flows)));
  const other = new Set(copyOf(flows, { targetScope: 'bright-smiles/main' }).flows.map(({ id }) => id));
  expect(copyOf(flows).flows.some(({ id }) => other.has(id))).toBe(false);
});

it.each(realFlowNames)('leaves no id of the original in a copy of %s, and as many nodes live', (name) => {
  const flows = realFlow(name);
  const { flows: copy } = copyOf(flows);
  const originals = new Set(flows.map(({ id }) => id));
  const texts = JSON.stringify(copy.map((node) => without(['name', 'func', 'info'], node)));
  for (const id of originals) expect(texts).not.toContain(`"${id}"`);
  expect(expectedLive(copy).length).toBeLessThanOrEqual(realFlows[name].live);
  expect(expectedLive(copy)).toHaveLength(expectedLive(closureOf(flows, tabIdsOf(flows)).nodes).length);
});

it('is a shape-keeping renaming of any generated flows', () => {
  const plans = fc.record({
    tabs: fc.integer({ min: 1, max: 4 }),
    nodesPerTab: fc.integer({ min: 1, max: 6 }),
    groupDepth: fc.integer({ min: 0, max: 4 }),
    subflowDepth: fc.integer({ min: 0, max: 4 }),
    sharedConfig: fc.boolean(),
  });
  fc.assert(
    fc.property(plans, (plan) => {
      const source = closureOf(generatedFlows(plan), tabIdsOf(generatedFlows(plan)));
      const { flows, idMap } = remapIds(source, rules);
      const back = new Map(Object.entries(idMap).map(([from, to]) => [to, from]));
      expect(back.size).toBe(source.nodes.length);
      let text = JSON.stringify(flows);
      for (const [to, from] of back) text = text.replaceAll(to, from);
      const plain = source.nodes.map((node) => without(['credentials'], node));
      // Config nodes that moved into a tab aside, renaming back gives the source.
      const inPlace = (JSON.parse(text) as FlowNode[]).filter(({ type }) => type !== 'tls-config');
      expect(inPlace).toEqual(plain.filter(({ type }) => type !== 'tls-config'));
    }),
    { numRuns: 60 },
  );
});

it('leaves a name alone that equals the id, and everything else that people write', () => {
  const copy = nodesById(copyOf(generatedFlows()).flows);
  const id = nodeId('a', 0, 0);
  expect(copy.get(remappedId(rules.targetScope, id, sha256Hex))).toMatchObject({ name: id });
});

it('does not take a plain word for the id that it equals', () => {
  const flows = [
    { id: 't', type: 'tab' },
    { id: 'payload', type: 'debug', z: 't', x: 1, y: 1, complete: 'payload', wires: [] },
    { id: 'n', type: 'inject', z: 't', x: 1, y: 1, property: 'payload', wires: [['payload']] },
  ];
  const { flows: copy, idMap } = copyOf(flows);
  expect(copy[2]).toMatchObject({ property: 'payload', wires: [[idMap['payload']]] });
});

describe('config nodes', () => {
  it('move into the one tab that uses them, and stay global when several do', () => {
    const config = remappedId(rules.targetScope, sharedConfigId('a'), sha256Hex);
    const one = nodesById(copyOf(generatedFlows({ tabs: 1 })).flows).get(config);
    expect(containerOf(one!)).toBe(remappedId(rules.targetScope, tabId('a', 0), sha256Hex));
    expect(containerOf(nodesById(copyOf(generatedFlows({ tabs: 2 })).flows).get(config)!)).toBeUndefined();
  });
});

it('cuts a link to what is not copied and says so, since it would reach the original', () => {
  const flows = realFlow('core-link-across-tabs');
  const [first] = tabIdsOf(flows);
  const { flows: copy, warnings } = remapIds(closureOf(flows, [first!]), rules);
  const ids = new Set(copy.map(({ id }) => id));
  expect(copy.flatMap(linksOf).every((id) => ids.has(id))).toBe(true);
  expect(warnings.map(({ rule }) => rule)).toContain('linkCut');
});

it('carries no credentials and warns of ids in code', () => {
  const flows = [
    { id: '0123456789abcdef', type: 'tab' },
    {
      id: 'f',
      type: 'function',
      z: '0123456789abcdef',
      x: 1,
      y: 1,
      func: 'flow.get("0123456789abcdef")',
      credentials: { a: 'b' },
    },
  ];
  const { flows: copy, warnings } = copyOf(flows);
  expect(copy.some((node) => Object.hasOwn(node, 'credentials'))).toBe(false);
  expect(warnings).toMatchObject([{ rule: 'idInCode', nodeId: 'f', property: 'func' }]);
});
