import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedLive } from '../../domain/flows/expected-live.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { openDesk, type Desk } from '../kit/desk.js';
import { deployerOf, type Deployer } from '../kit/deployments.js';
import { startFaultProxy, type FaultProxy } from '../kit/fault-proxy.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../kit/node-red-admin.js';
import { startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { realFlow, realFlowNames, realFlows } from '../kit/real-flows.js';
import { answeringTab, countingTab } from '../kit/sample-flows.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
let desk: Desk;
let deployer: Deployer;
let servers: NodeRedServer[];
let proxy: FaultProxy;
let first: NodeRedAdmin;
let second: NodeRedAdmin;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  const stubTypes = Object.values(realFlows).flatMap(({ stubTypes: types }) => [...types]);
  servers = await Promise.all([startNodeRed({ stubTypes }), startNodeRed({ stubTypes })]);
  proxy = await startFaultProxy(servers[0]!.url);
  [first, second] = servers.map(({ url }) => nodeRedAdmin(url)) as [NodeRedAdmin, NodeRedAdmin];
  desk = await openDesk(stack);
  deployer = deployerOf(desk);
});
afterAll(async () => {
  await proxy.close();
  await Promise.all(servers.map((server) => server.remove()));
});

const contents = async (of: NodeRedAdmin) =>
  (await of.flows()).flows.filter(({ id }) => id !== 'chairside-deploy');
const liveNow = async (of: NodeRedAdmin): Promise<number> => {
  const expected = expectedLive((await of.flows()).flows);
  const live = await Promise.all(expected.map((id) => of.isLive(id)));
  return live.filter(Boolean).length;
};

describe.each(realFlowNames)('%s', (name) => {
  it('is deployed, copied to another instance, deployed again without a change, and rolled back', async () => {
    const foreign = countingTab('foreign');
    await first.deploy(foreign);
    await second.deploy([]);
    const from = await deployer.target([{ name: 'main', url: proxy.url }]);
    const to = await deployer.target([{ name: 'main', url: servers[1]!.url }]);
    const artifact = await deployer.artifact(realFlow(name), name);
    const deployed = await deployer.deploy(from, { artifact });
    expect(deployed).toMatchObject({ outcome: 'deployed' });
    expect((await first.flows()).rev).toBe(deployed.plans[0]!.expectedRev);
    expect(await liveNow(first)).toBe(realFlows[name].live + 1);

    const tabs = (await contents(first)).filter(({ id, type }) => type === 'tab' && id !== 'foreign');
    const copy = { targetId: from, tabs: tabs.map(({ id }) => id) };
    expect(await deployer.deploy(to, { copy })).toMatchObject({ outcome: 'deployed' });
    expect(await liveNow(second)).toBe(realFlows[name].live);
    const { rev } = await second.flows();
    expect(await deployer.deploy(to, { copy })).toMatchObject({ outcome: 'unchanged' });
    expect(await deployer.deploy(from, { artifact })).toMatchObject({ outcome: 'unchanged' });
    expect((await second.flows()).rev).toBe(rev);

    const back = await deployer.deploy(from, { backup: deployed.plans[0]!.backupId });
    expect(back).toMatchObject({ outcome: 'deployed' });
    expect(await contents(first)).toEqual(foreign);
  });
});

describe('what would harm the instance', () => {
  const tab = answeringTab('bad', '/bad', 'x');
  const node = (more: Partial<FlowNode>): FlowNode => ({
    id: 'n',
    type: 'debug',
    z: 'bad',
    x: 1,
    y: 1,
    wires: [],
    ...more,
  });
  it.each<[string, FlowNode[]]>([
    ['a group in a group that is not there', [...tab, node({ type: 'group', nodes: [], g: 'nowhere' })]],
    [
      'a subflow in itself',
      [...tab, { id: 's', type: 'subflow', name: 's', in: [], out: [] }, node({ z: 's', type: 'subflow:s' })],
    ],
    ['credentials that are null', [...tab, node({ credentials: { password: null } })]],
    ['code that does not compile', [...tab, node({ type: 'function', func: 'return (' })]],
    ['two nodes with one id', [...tab, node({}), node({})]],
  ])('%s is refused on arrival, with node and reason', async (_what, flows) => {
    const { status, body } = await desk.call('POST', '/api/flow-artifacts', { name: 'bad', flows });
    expect({ status, type: body['type'] }).toEqual({
      status: 422,
      type: 'urn:chairside:problem:FlowsInvalid',
    });
    const [error] = body['errors'] as { path: string; message: string }[];
    expect(error!.message.length).toBeGreaterThan(10);
  });

  it('a type that the instance does not have is refused before anything is sent', async () => {
    const from = await deployer.target([{ name: 'main', url: proxy.url }]);
    const artifact = await deployer.artifact([...tab, node({ type: 'not-installed' })]);
    const sent = proxy.deploys.length;
    expect(await deployer.deploy(from, { artifact })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('not-installed') as unknown,
    });
    expect(proxy.deploys).toHaveLength(sent);
  });

  it('a route that another tab serves is refused before anything is sent', async () => {
    await first.deploy(answeringTab('theirs', '/bad', 'theirs'));
    const from = await deployer.target([{ name: 'main', url: proxy.url }]);
    const artifact = await deployer.artifact(tab);
    const sent = proxy.deploys.length;
    expect(await deployer.deploy(from, { artifact })).toMatchObject({
      outcome: 'refused',
      detail: expect.stringContaining('/bad') as unknown,
    });
    expect(proxy.deploys).toHaveLength(sent);
  });
});
