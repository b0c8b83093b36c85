import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { markerOf, withMarker } from '../../domain/flows/deploy-marker.js';
import { resourceClashes } from '../../domain/flows/exclusive-resources.js';
import { expectedLive } from '../../domain/flows/expected-live.js';
import { closureOf, tabIdsOf } from '../../domain/flows/flow-closure.js';
import { isRecord, type FlowNode } from '../../domain/flows/flow-node.js';
import { mergeFlows } from '../../domain/flows/merge-flows.js';
import { remapIds } from '../../domain/flows/remap-ids.js';
import { restartedNodes, type DeploymentType } from '../../domain/flows/restarted-nodes.js';
import { predictRevision, storedForm } from '../../domain/flows/revision.js';
import { withoutEmptyCredentials } from '../../domain/flows/validate-credentials.js';
import { freePort } from '../kit/child.js';
import { generatedFlows, nodeId, tabId } from '../kit/generated-flows.js';
import { NodeRedApi } from '../kit/node-red-api.js';
import { startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { realFlow, realFlowNames, realFlows } from '../kit/real-flows.js';
import { sha256Hex } from '../kit/sha256.js';

let server: NodeRedServer;
let nodeRed: NodeRedApi;
beforeAll(async () => {
  server = await startNodeRed({
    stubTypes: Object.values(realFlows).flatMap(({ stubTypes }) => [...stubTypes]),
  });
  nodeRed = new NodeRedApi(server.url);
});
afterAll(() => server.remove());
beforeEach(async () => {
  expect((await nodeRed.post([], { type: 'full' })).status).toBe(200);
});

const rev = (flows: readonly FlowNode[]) => predictRevision(flows, sha256Hex);
const tab: FlowNode = { id: 't', type: 'tab', label: 'T' };
const at = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'comment',
  z: 't',
  x: 1,
  y: 1,
  wires: [],
  ...more,
});

describe('the revision', () => {
  it.each(realFlowNames)(
    'of %s is known before it is sent; it comes back as it was, and its nodes live',
    async (name) => {
      const flows = realFlow(name);
      expect(await nodeRed.post(flows)).toEqual({ status: 200, body: { rev: rev(flows) } });
      expect(await nodeRed.flows()).toEqual({ flows, rev: rev(flows) });
      const live = expectedLive(flows);
      expect(live).toHaveLength(realFlows[name].live);
      await nodeRed.untilLive(live);
      const dead = flows.map(({ id }) => id).filter((id) => !live.includes(id));
      expect(await nodeRed.live(dead)).toEqual([]);
    },
  );

  it.each([
    '{"n":1e21,"m":-0,"big":12345678901234567890}',
    '{"b":1,"2":2,"1":1}',
    '{"__proto__":{"x":1},"deep":[{"__proto__":1,"y":2}]}',
    '{"credentials":{}}',
    '{"credentials":{"password":"p"}}',
    '{"credentials":null}',
    '{"credentials":""}',
    '{"text":"é\\u2028\\ud800"}',
  ])('of %s is what we predict', async (json) => {
    const flows = JSON.parse(
      JSON.stringify([tab, at('a')]).replace('"id":"a"', `"id":"a",${json.slice(1, -1)}`),
    ) as FlowNode[];
    expect((await nodeRed.post(flows)).body.rev).toBe(rev(flows));
    expect((await nodeRed.flows()).flows).toEqual(storedForm(flows));
  });

  it('is checked whenever it is sent, even when it is null', async () => {
    const mismatch = { status: 409, body: { code: 'version_mismatch', message: 'Error' } };
    for (const wrong of ['x', null, '']) expect(await nodeRed.post([tab], { rev: wrong })).toEqual(mismatch);
    const { rev: base } = await nodeRed.flows();
    const answers = await Promise.all([
      nodeRed.post([tab], { rev: base }),
      nodeRed.post([tab, at('a')], { rev: base }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('comes back with old content, unless a marker is in it', async () => {
    await nodeRed.post([tab]);
    await nodeRed.post([tab, at('a')]);
    expect((await nodeRed.post([tab])).body.rev).toBe(rev([tab]));
    const marked = withMarker([tab], { deploymentId: 'd', sequence: 2 });
    expect((await nodeRed.post(marked)).body.rev).not.toBe(rev([tab]));
    expect(markerOf((await nodeRed.flows()).flows)).toEqual({ deploymentId: 'd', sequence: 2 });
  });
});

it('refuses a tab that goes while its nodes stay, and changes nothing', async () => {
  await nodeRed.post([tab, at('a')]);
  expect(await nodeRed.post([at('a')])).toMatchObject({ status: 400, body: { code: 'unexpected_error' } });
  expect((await nodeRed.flows()).rev).toBe(rev([tab, at('a')]));
});

it('says start although an unknown type keeps everything down; only the liveness probe tells', async () => {
  const flows = [tab, at('a'), { ...tab, id: 'off', disabled: true }, at('b', { z: 'off', type: 'nope' })];
  expect((await nodeRed.post(flows, { type: 'full' })).status).toBe(200);
  expect(await nodeRed.get('/flows/state')).toMatchObject({ state: 'start' });
  expect(await nodeRed.live(['a'])).toEqual([]);
});

describe('what restarts', () => {
  /** Counts its starts and stops in the global context. */
  const counter = (id: string, z: string, wires: readonly string[] = [], more: object = {}): FlowNode => ({
    id,
    type: 'function',
    z,
    func: 'return msg;',
    outputs: 1,
    initialize: `global.set("started_${id}", (global.get("started_${id}") ?? 0) + 1);`,
    finalize: '',
    libs: [],
    x: 1,
    y: 1,
    wires: [wires],
    ...more,
  });
  const other: FlowNode = { id: 'u', type: 'tab', label: 'U' };
  const base: readonly FlowNode[] = [
    tab,
    other,
    { id: 'c', type: 'tls-config', name: 'shared', cert: '', key: '', ca: '' },
    counter('a', 't', ['b']),
    counter('b', 't'),
    counter('lone', 't', [], { tls: 'c' }),
    counter('far', 'u', [], { tls: 'c' }),
    counter('calm', 'u'),
  ];
  const change = (id: string, more: object) =>
    base.map((node) => (node.id === id ? { ...node, ...more } : node));
  const started = async (): Promise<Readonly<Record<string, number>>> => {
    const stores = (await nodeRed.get('/context/global')) as { memory?: Record<string, { msg: string }> };
    return Object.fromEntries(
      Object.entries(stores.memory ?? {}).map(([key, { msg }]) => [key.replace('started_', ''), Number(msg)]),
    );
  };

  it.each<[string, readonly FlowNode[], DeploymentType]>([
    ['a changed node and what is wired to it', change('b', { func: 'return null;' }), 'flows'],
    ['a changed node alone under nodes', change('b', { func: 'return null;' }), 'nodes'],
    ['the users of a shared config node', change('c', { servername: 'x' }), 'flows'],
    ['a tab whose env changed', change('t', { env: [{ name: 'A', value: '1', type: 'str' }] }), 'flows'],
    [
      'nothing for a move, a label, info and another order',
      [
        ...change('a', { x: 99 }).map((node) =>
          node.id === 't' ? { ...node, label: 'L', info: 'I' } : node,
        ),
      ].reverse(),
      'flows',
    ],
    ['nothing for our marker', withMarker(base, { deploymentId: 'd', sequence: 1 }), 'flows'],
    ['a node with empty credentials', change('calm', { credentials: {} }), 'flows'],
    ['everything under full', base, 'full'],
  ])('%s: exactly the nodes that we predict', async (_, after, type) => {
    await nodeRed.post(base, { type: 'full' });
    await nodeRed.untilLive(expectedLive(base));
    const before = await started();
    // A node that is new in each deploy is live when the start phase is over: nodes start in order, tab after tab.
    const done: readonly FlowNode[] = [{ id: 'z', type: 'tab' }, at('done', { z: 'z' })];
    await nodeRed.post([...after, ...done], { type });
    await nodeRed.untilLive(['done', ...expectedLive(base)]);
    const now = await started();
    const counted = base.filter(({ id }) => (now[id] ?? 0) > (before[id] ?? 0)).map(({ id }) => id);
    const predicted = restartedNodes(base, after, type);
    expect(counted).toEqual(
      base.filter(({ id, type: kind }) => predicted.has(id) && kind === 'function').map(({ id }) => id),
    );
  });
});

describe('credentials', () => {
  const broker: FlowNode = { id: 'secret', type: 'modbus-client', z: 't', x: 1, y: 1, wires: [] };
  const withSecret = [tab, { ...broker, credentials: { username: 'u', password: 'p' } }];
  const present = async (id: string) => {
    const answer = await nodeRed.get(`/credentials/modbus-client/${id}`);
    return isRecord(answer) && answer['has_password'] === true;
  };

  it('stay when they are absent, go with their id, and do not come back with it', async () => {
    await nodeRed.post(withSecret);
    await nodeRed.post([tab, broker]);
    expect(await present('secret')).toBe(true);
    await nodeRed.post([tab]);
    await nodeRed.post([tab, broker]);
    expect(await present('secret')).toBe(false);
  });

  it('stay while their node is parked', async () => {
    await nodeRed.post(withSecret);
    const parked = mergeFlows({
      base: [tab, broker],
      incoming: [tab],
      owned: new Set(),
      withCredentials: new Set(['secret']),
    });
    expect((await nodeRed.post(parked.flows)).body.rev).toBe(rev(parked.flows));
    expect(await nodeRed.live(['secret'])).toEqual([]);
    await nodeRed.post([tab, broker]);
    expect(await present('secret')).toBe(true);
    await nodeRed.untilLive(['secret']);
  });
});

describe('a copy beside its original', () => {
  it.each(realFlowNames)(
    'of %s lives, does not touch the original, and is the same the second time',
    async (name) => {
      const original = realFlow(name);
      await nodeRed.post(original);
      const copyRules = { targetScope: 'copy', sha256Hex };
      const { flows: incoming } = remapIds(closureOf(original, tabIdsOf(original)), copyRules);
      const { flows } = await nodeRed.flows();
      const merged = mergeFlows({ base: flows, incoming, owned: new Set(), withCredentials: new Set() });
      expect(merged.problems).toEqual([]);
      expect((await nodeRed.post(merged.flows)).body.rev).toBe(rev(merged.flows));
      await nodeRed.untilLive(expectedLive(merged.flows));
      expect(restartedNodes(flows, merged.flows, 'flows')).toEqual(new Set());
      const { flows: both } = await nodeRed.flows();
      expect(both.slice(0, original.length)).toEqual(original);
      const again = mergeFlows({
        base: both,
        incoming,
        owned: new Set(incoming.map(({ id }) => id)),
        withCredentials: new Set(),
      });
      expect(rev(again.flows)).toBe(rev(both));
    },
  );

  it('lives with nested groups, subflows in subflows, a shared config node and a node named like its id', async () => {
    const original = withoutEmptyCredentials(generatedFlows({ tabs: 4, groupDepth: 4, subflowDepth: 4 }));
    await nodeRed.post(original);
    const { flows } = remapIds(closureOf(original, [tabId('a', 1)]), {
      targetScope: 'copy',
      sha256Hex,
    });
    await nodeRed.post([...original, ...flows]);
    await nodeRed.untilLive([...expectedLive(original), ...expectedLive(flows)]);
    expect(flows.some((node) => node['name'] === nodeId('a', 1, 0))).toBe(true);
  });
});

describe('what only one node may have', () => {
  const errorsOf = (id: string): readonly string[] =>
    server
      .output()
      .split('\n')
      .filter((line) => line.includes('[error]') && line.includes(`:${id}]`));

  it('a TCP port, named by the environment of each tab, and a WebSocket path go to the first; the second is told to be in error', async () => {
    const env = [{ name: 'PORT', value: String(await freePort()), type: 'str' }];
    const listener = {
      type: 'tcp in',
      server: 'server',
      port: '${PORT}',
      datamode: 'stream',
      datatype: 'utf8',
    };
    const flows: FlowNode[] = [
      { ...tab, env },
      { ...tab, id: 'u', env },
      at('port-1', listener),
      at('port-2', { ...listener, z: 'u' }),
      { id: 'socket-1', type: 'websocket-listener', path: '/taken', wholemsg: 'false' },
      { id: 'socket-2', type: 'websocket-listener', path: 'taken', wholemsg: 'false' },
    ];
    const late = resourceClashes(flows, new Set(flows.map(({ id }) => id)));
    expect(late.map(({ nodeId: id }) => id)).toEqual(['port-2', 'socket-2']);
    await nodeRed.post(flows);
    await expect.poll(() => [errorsOf('port-2').length, errorsOf('socket-2').length]).toEqual([1, 1]);
    expect([...errorsOf('port-1'), ...errorsOf('socket-1')]).toEqual([]);
  });

  it('a name of a link that is called from another tab fails when a second tab has it', async () => {
    const call = { type: 'link call', linkType: 'dynamic', links: [], timeout: '5' };
    const inject = { type: 'inject', props: [{ p: 'target', v: 'book', vt: 'str' }], wires: [['calls']] };
    const flows: FlowNode[] = [
      tab,
      { ...tab, id: 'u' },
      { ...tab, id: 'v' },
      at('link-1', { type: 'link in', name: 'book', links: [] }),
      at('link-2', { type: 'link in', name: 'book', links: [], z: 'u' }),
      at('starts', { ...inject, z: 'v' }),
      at('calls', { ...call, z: 'v', wires: [[]] }),
    ];
    expect(resourceClashes(flows, new Set(['link-2']))).toMatchObject([{ rule: 'linkNameClash' }]);
    await nodeRed.post(flows);
    await nodeRed.untilLive(['starts', 'calls']);
    await fetch(`${server.url}/inject/starts`, { method: 'POST' });
    await expect.poll(() => errorsOf('calls').join()).toContain("Multiple link-in nodes named 'book'");
  });
});

it('takes 5,000 nodes with the revision that we predict', async () => {
  const flows = withoutEmptyCredentials(generatedFlows({ tabs: 50, nodesPerTab: 100 }));
  const from = performance.now();
  expect((await nodeRed.post(flows)).body.rev).toBe(rev(flows));
  process.stdout.write(`${flows.length} nodes saved in ${(performance.now() - from).toFixed(0)} ms\n`);
});
