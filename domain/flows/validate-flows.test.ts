import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { generatedFlows } from '../../test/kit/generated-flows.js';
import { realFlow, realFlowNames } from '../../test/kit/real-flows.js';
import type { FlowNode } from './flow-node.js';
import { errorsOf } from './flow-problem.js';
import { secretsInArtifact, withoutEmptyCredentials } from './validate-credentials.js';
import { defaultMaxBytes, validateFlows, type ValidationRules } from './validate-flows.js';

const syntaxErrorOf = (code: string): string | null => {
  try {
    new Script(code);
    return null;
  } catch (error) {
    return String(error);
  }
};
const rules: ValidationRules = {
  palette: new Set(['inject', 'debug', 'function', 'link in', 'link out', 'mqtt-broker', 'http in', 'catch']),
  base: [],
  forbiddenTypes: new Set(['exec']),
  allowedModules: new Set(['dayjs']),
  syntaxErrorOf,
  maxBytes: defaultMaxBytes,
};
const check = (flows: readonly FlowNode[], given: Partial<ValidationRules> = {}) =>
  validateFlows(flows, { ...rules, ...given });

const tab: FlowNode = { id: 't', type: 'tab', label: 'T' };
const other: FlowNode = { id: 'u', type: 'tab', label: 'U' };
const at = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'inject',
  z: 't',
  x: 1,
  y: 1,
  wires: [],
  ...more,
});
const group = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'group',
  z: 't',
  nodes: [],
  x: 1,
  y: 1,
  w: 1,
  h: 1,
  ...more,
});
const subflow = (id: string): FlowNode => ({ id, type: 'subflow', name: id, in: [], out: [] });
const config = (id: string, more: object = {}): FlowNode => ({ id, type: 'mqtt-broker', ...more });

type Row = [
  name: string,
  flows: readonly FlowNode[],
  problem: { rule: string; nodeId: string | null; tabId: string | null; property: string | null },
];

const poison: Row[] = [
  [
    'an unknown type',
    [tab, at('a', { type: 'nope' })],
    { rule: 'unknownType', nodeId: 'a', tabId: 't', property: 'type' },
  ],
  [
    'an unknown type on a disabled tab',
    [{ ...tab, disabled: true }, at('a', { type: 'nope', d: true })],
    { rule: 'unknownType', nodeId: 'a', tabId: 't', property: 'type' },
  ],
  [
    'an instance without its definition',
    [tab, at('a', { type: 'subflow:s' })],
    { rule: 'missingSubflow', nodeId: 'a', tabId: 't', property: 'type' },
  ],
  [
    'a group in a missing group',
    [tab, group('g', { g: 'nowhere' })],
    { rule: 'brokenGroup', nodeId: 'g', tabId: 't', property: 'g' },
  ],
  [
    'a group in a group of another tab',
    [tab, other, group('g', { g: 'h' }), group('h', { z: 'u', nodes: ['g'] })],
    { rule: 'brokenGroup', nodeId: 'g', tabId: 't', property: 'g' },
  ],
  [
    'a group in something else',
    [tab, at('a'), group('g', { g: 'a' })],
    { rule: 'brokenGroup', nodeId: 'g', tabId: 't', property: 'g' },
  ],
  [
    'groups in each other',
    [tab, group('g', { g: 'h', nodes: ['h'] }), group('h', { g: 'g', nodes: ['g'] })],
    { rule: 'groupCycle', nodeId: 'g', tabId: 't', property: 'g' },
  ],
  [
    'a subflow in itself',
    [subflow('s'), at('a', { z: 's', type: 'subflow:s' })],
    { rule: 'recursiveSubflow', nodeId: 's', tabId: 's', property: 'type' },
  ],
  [
    'a subflow in itself via another',
    [
      subflow('s'),
      subflow('r'),
      at('a', { z: 's', type: 'subflow:r' }),
      at('b', { z: 'r', type: 'subflow:s' }),
    ],
    { rule: 'recursiveSubflow', nodeId: 's', tabId: 's', property: 'type' },
  ],
  [
    'a null credential',
    [tab, at('a', { credentials: { password: null } })],
    { rule: 'badCredentials', nodeId: 'a', tabId: 't', property: 'credentials.password' },
  ],
  [
    'credentials that are a text',
    [tab, at('a', { credentials: 'x' })],
    { rule: 'badCredentials', nodeId: 'a', tabId: 't', property: 'credentials' },
  ],
  [
    'an encrypted blob',
    [tab, at('a', { credentials: { $: 'blob' } })],
    { rule: 'badCredentials', nodeId: 'a', tabId: 't', property: 'credentials.$' },
  ],
  [
    'a config node named like its id',
    [config('c', { name: 'c' })],
    { rule: 'configCycle', nodeId: 'c', tabId: null, property: 'name' },
  ],
  [
    'config nodes that wait for each other',
    [config('c', { tls: 'd' }), config('d', { tls: 'c' })],
    { rule: 'configCycle', nodeId: 'c', tabId: null, property: null },
  ],
];

const refused: Row[] = [
  ['one id twice', [tab, at('a'), at('a')], { rule: 'duplicateId', nodeId: 'a', tabId: 't', property: 'id' }],
  [
    'a place without a tab',
    [at('a', { z: undefined })],
    { rule: 'missingZ', nodeId: 'a', tabId: null, property: 'z' },
  ],
  ['a tab that does not exist', [at('a')], { rule: 'unknownZ', nodeId: 'a', tabId: 't', property: 'z' }],
  [
    'a node as container',
    [tab, at('a'), at('b', { z: 'a' })],
    { rule: 'unknownZ', nodeId: 'b', tabId: 'a', property: 'z' },
  ],
  [
    'wires that are a text',
    [tab, at('a', { wires: 'x' })],
    { rule: 'badWires', nodeId: 'a', tabId: 't', property: 'wires' },
  ],
  [
    'a wire that is null',
    [tab, at('a', { wires: [[null]] })],
    { rule: 'badWires', nodeId: 'a', tabId: 't', property: 'wires.0.0' },
  ],
  [
    'a port that is null',
    [tab, at('a', { wires: [null] })],
    { rule: 'badWires', nodeId: 'a', tabId: 't', property: 'wires.0' },
  ],
  [
    'a wire to another tab',
    [tab, other, at('a', { wires: [['b']] }), at('b', { z: 'u' })],
    { rule: 'wireAcrossTabs', nodeId: 'a', tabId: 't', property: 'wires.0.0' },
  ],
  [
    'links that are a text',
    [tab, at('a', { type: 'link out', links: 'x' })],
    { rule: 'badLinks', nodeId: 'a', tabId: 't', property: 'links' },
  ],
  [
    'a blank credential',
    [tab, at('a', { credentials: { password: ' ' } })],
    { rule: 'blankCredential', nodeId: 'a', tabId: 't', property: 'credentials.password' },
  ],
  [
    "the editor's placeholder",
    [tab, at('a', { credentials: { password: '__PWRD__' } })],
    { rule: 'placeholderCredential', nodeId: 'a', tabId: 't', property: 'credentials.password' },
  ],
  [
    'code that does not compile',
    [tab, at('a', { type: 'function', func: 'return (' })],
    { rule: 'badCode', nodeId: 'a', tabId: 't', property: 'func' },
  ],
  [
    'a type that policy forbids',
    [tab, at('a', { type: 'exec' })],
    { rule: 'forbiddenType', nodeId: 'a', tabId: 't', property: 'type' },
  ],
  [
    'a package that is not on the list',
    [tab, at('a', { type: 'function', func: '', libs: [{ var: 'x', module: 'left-pad' }] })],
    { rule: 'forbiddenModule', nodeId: 'a', tabId: 't', property: 'libs.0' },
  ],
  [
    'one route twice',
    [
      tab,
      at('a', { type: 'http in', method: 'get', url: '/x' }),
      at('b', { type: 'http in', method: 'get', url: '/x' }),
    ],
    { rule: 'routeClash', nodeId: 'b', tabId: 't', property: 'url' },
  ],
];

const warned: Row[] = [
  [
    'a wire to nothing',
    [tab, at('a', { wires: [['nowhere']] })],
    { rule: 'danglingWire', nodeId: 'a', tabId: 't', property: 'wires.0.0' },
  ],
  [
    'a link to nothing',
    [tab, at('a', { type: 'link out', links: ['nowhere'] })],
    { rule: 'danglingLink', nodeId: 'a', tabId: 't', property: 'links.0' },
  ],
  [
    'a scope of nothing',
    [tab, at('a', { type: 'catch', scope: ['nowhere'] })],
    { rule: 'danglingScope', nodeId: 'a', tabId: 't', property: 'scope.0' },
  ],
  [
    'a node in a missing group',
    [tab, at('a', { g: 'nowhere' })],
    { rule: 'unknownGroup', nodeId: 'a', tabId: 't', property: 'g' },
  ],
  [
    'a group that lists a stranger',
    [tab, at('a'), group('g', { nodes: ['a'] })],
    { rule: 'groupMembers', nodeId: 'g', tabId: 't', property: 'nodes.0' },
  ],
  [
    'empty credentials',
    [tab, at('a', { credentials: {} })],
    { rule: 'emptyCredentials', nodeId: 'a', tabId: 't', property: 'credentials' },
  ],
  [
    'a variable that nothing defines',
    [tab, at('a', { url: '${BASE}' })],
    { rule: 'undefinedVariable', nodeId: 'a', tabId: 't', property: 'url' },
  ],
];

describe('refuses, wherever it comes from', () => {
  it.each(poison)('%s', (_, flows, problem) => {
    expect(errorsOf(check(flows, { palette: rules.palette }))).toContainEqual(
      expect.objectContaining(problem),
    );
    expect(errorsOf(check(flows, { base: flows })), 'on the target already').toContainEqual(
      expect.objectContaining(problem),
    );
  });
});

describe('refuses, unless the target has it already', () => {
  it.each(refused)('%s', (_, flows, problem) => {
    expect(errorsOf(check(flows))).toContainEqual(expect.objectContaining(problem));
    if (problem.rule === 'forbiddenType') return;
    expect(errorsOf(check(flows, { base: flows }))).toEqual([]);
  });
});

describe('warns of', () => {
  it.each(warned)('%s', (_, flows, problem) => {
    expect(check(flows)).toMatchObject([{ ...problem, severity: 'warning' }]);
  });
});

it('tells node, tab, property and reason in words', () => {
  expect(check([tab, at('a', { type: 'nope', name: 'Ask' })])[0]?.reason).toBe(
    'The target has no node of the type nope ("Ask" (nope a)): its whole Node-RED would not start.',
  );
});

it.each(realFlowNames)('finds no error in the real export %s', (name) => {
  expect(errorsOf(check(realFlow(name), { palette: null }))).toEqual([]);
});

it('finds nothing in generated flows once empty credentials are taken away', () => {
  const flows = generatedFlows({ groupDepth: 4, subflowDepth: 4 });
  expect(new Set(check(flows, { palette: null }).map(({ rule }) => rule))).toEqual(
    new Set(['emptyCredentials']),
  );
  expect(check(withoutEmptyCredentials(flows), { palette: null })).toEqual([]);
});

it('knows variables of tabs, groups, subflows, the instance and Node-RED itself', () => {
  const env = (name: string) => [{ name, type: 'str', value: '' }];
  const flows = [
    { ...tab, env: env('OF_TAB') },
    group('g', { env: env('OF_GROUP'), nodes: ['a'] }),
    { id: 'gc', type: 'global-config', env: env('OF_ALL') },
    at('a', {
      g: 'g',
      p: '${OF_TAB}',
      q: ['${OF_GROUP}', { r: '${OF_ALL}' }],
      s: '${NR_FLOW_ID}',
      t: '${NO}/path',
    }),
  ];
  expect(check(flows, { palette: null })).toEqual([]);
});

it('refuses flows that the target would not take', () => {
  expect(check([tab, at('a', { info: 'é'.repeat(100) })], { maxBytes: 200 })).toMatchObject([
    { rule: 'tooLarge' },
  ]);
});

it('finds the secrets that a file carries', () => {
  expect(
    secretsInArtifact([at('a', { credentials: { password: 'p' } }), at('b', { credentials: {} })]),
  ).toMatchObject([{ nodeId: 'a', property: 'credentials' }]);
});

it('takes less than a second for 5,000 nodes', () => {
  const flows = withoutEmptyCredentials(generatedFlows({ tabs: 50, nodesPerTab: 100 }));
  const from = performance.now();
  expect(errorsOf(check(flows, { palette: null, base: flows.slice(0, 2_000) }))).toEqual([]);
  const tookMs = performance.now() - from;
  process.stdout.write(`validated ${flows.length} nodes in ${tookMs.toFixed(0)} ms\n`);
  expect(tookMs).toBeLessThan(3_000);
});
