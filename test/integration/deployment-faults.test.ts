import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeRedTargetWorkflowId, taskQueue } from '../../workflows/ids.js';
import {
  nodeRedTargetType,
  type DeploymentTimings,
  type NodeRedTargetStart,
} from '../../workflows/node-red-target/messages.js';
import { openDesk } from '../kit/desk.js';
import { deployerOf, type Deployer } from '../kit/deployments.js';
import { startFaultProxy, type FaultProxy } from '../kit/fault-proxy.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../kit/node-red-admin.js';
import { startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { answeringTab, countingTab, stuckTab } from '../kit/sample-flows.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
let server: NodeRedServer;
let proxy: FaultProxy;
let admin: NodeRedAdmin;
let deployer: Deployer;
const foreign = countingTab('foreign');
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  server = await startNodeRed({ settings: { nodeCloseTimeout: 3_000 } });
  proxy = await startFaultProxy(server.url);
  admin = nodeRedAdmin(server.url);
  deployer = deployerOf(await openDesk(stack));
});
afterAll(async () => {
  await proxy.close();
  await server.remove();
});
beforeEach(async () => {
  await admin.deploy([]);
  await admin.deploy([...foreign, ...answeringTab('ours', '/hello', 'old')]);
});

/** A target behind the proxy, whose workflow has timings that a test can wait for. */
async function target(timings: Partial<DeploymentTimings> = {}): Promise<string> {
  const targetId = await deployer.target([{ name: 'main', url: proxy.url, nodeUrl: server.nodeUrl }]);
  const start: NodeRedTargetStart = { tenantId: 'bright-smiles', environment: 'sandbox', targetId, timings };
  await stack.client.workflow.start(nodeRedTargetType, {
    workflowId: nodeRedTargetWorkflowId('bright-smiles', targetId),
    taskQueue,
    args: [start],
  });
  return targetId;
}
const newFlows = () => deployer.artifact(answeringTab('ours', '/hello', 'new'));
const hello = async () => (await fetch(`${server.nodeUrl}/hello`)).text();
const contents = async () => (await admin.flows()).flows.filter(({ id }) => id !== 'chairside-deploy');
const old = [...foreign, ...answeringTab('ours', '/hello', 'old')];

/** The instance holds the new flows once, the foreign tab was never restarted, and the revision is the one that was predicted. */
async function expectNew(deploymentId: string, before: object): Promise<void> {
  const done = await deployer.ended(deploymentId);
  expect(done).toMatchObject({ outcome: 'deployed' });
  const now = await admin.flows();
  expect(now.rev).toBe(done.plans[0]!.expectedRev);
  expect(now.flows.slice(0, foreign.length)).toEqual(foreign);
  expect(await admin.counters()).toEqual(before);
  expect(await hello()).toBe('new');
}

async function expectOld(before: object): Promise<void> {
  expect(await contents()).toEqual(old);
  expect(await admin.counters()).toEqual(before);
  expect(await hello()).toBe('old');
}

describe('the answer to a deploy', () => {
  it.each([
    ['is dropped after it was carried out', 'drop'],
    ['is the page of a gateway', 'badGateway'],
    ['ends in the middle', 'cut'],
  ] as const)('%s: the new flows are there exactly once', async (_what, fault) => {
    const targetId = await target();
    const before = await admin.counters();
    proxy.failDeploys(fault, 2);
    const seen = proxy.deploys.length;
    const id = await deployer.request(targetId, { artifact: await newFlows() });
    await expectNew(id, before);
    expect(proxy.deploys.slice(seen).map(({ status }) => status)).toEqual([200, 409, 409]);
  });
});

describe('the worker dies', () => {
  /** Nobody here plans thousands of nodes, so that a dead worker can be noticed early. */
  const noticed = { heartbeatMs: 3_000 };

  it.each([
    ['while the deploy is on its way', 'before'],
    ['after the deploy was carried out, before the answer came', 'after'],
  ] as const)('%s: the new flows are there exactly once', async (_what, when) => {
    const targetId = await target(noticed);
    const artifact = await newFlows();
    const before = await admin.counters();
    if (when === 'before') {
      const held = proxy.holdNextDeploy();
      const id = await deployer.request(targetId, { artifact });
      const release = await held;
      await stack.worker.kill();
      release();
      await stack.worker.start();
      await expectNew(id, before);
      return;
    }
    proxy.failDeploys('hold');
    const applied = proxy.nextDeployApplied();
    const id = await deployer.request(targetId, { artifact });
    await applied;
    await stack.worker.kill();
    await stack.worker.start();
    await expectNew(id, before);
  });

  it.each(['source', 'inspect', 'backup', 'plan', 'deploy', 'prove', 'smoke', 'commit'])(
    'at the step %s: the new flows are there exactly once',
    async (step) => {
      const targetId = await target(noticed);
      const artifact = await newFlows();
      const before = await admin.counters();
      const smoke = [{ kind: 'http', path: '/hello', contains: 'new' }];
      const id = await deployer.request(targetId, { artifact }, { smoke });
      await deployer.until(id, ({ events }) => events.some((event) => event.step === step));
      await stack.worker.kill();
      await stack.worker.start();
      await expectNew(id, before);
    },
  );
});

it('is deployed when Node-RED is killed while it stops the old nodes', async () => {
  await admin.deploy([...foreign, ...stuckTab('ours')]);
  const targetId = await target();
  const artifact = await newFlows();
  const sent = proxy.holdNextDeploy();
  const id = await deployer.request(targetId, { artifact });
  (await sent)();
  const { plans } = await deployer.until(id, (now) => now.plans.length > 0);
  // The revision is new as soon as the flows are saved; the answer waits for the stuck node.
  while ((await admin.flows()).rev !== plans[0]!.expectedRev)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await server.kill();
  await server.start();
  expect(await deployer.ended(id)).toMatchObject({ outcome: 'deployed' });
  expect((await admin.flows()).rev).toBe(plans[0]!.expectedRev);
  expect(await hello()).toBe('new');
});

describe('a cancel', () => {
  it('while a deploy may still arrive puts a revision of its own in the way', async () => {
    const targetId = await target();
    const before = await admin.counters();
    const held = proxy.holdNextDeploy();
    const id = await deployer.request(targetId, { artifact: await newFlows() });
    const release = await held;
    expect((await deployer.decide(id, 'cancel')).status).toBe(202);
    expect(await deployer.ended(id)).toMatchObject({ outcome: 'cancelled' });
    const seen = proxy.deploys.length;
    const late = proxy.nextDeployApplied();
    release();
    await late;
    expect(proxy.deploys.slice(seen)).toEqual([{ status: 409 }]);
    await expectOld(before);
  });

  it('after the deploy was carried out takes it back', async () => {
    const targetId = await target();
    proxy.failDeploys('hold');
    const applied = proxy.nextDeployApplied();
    const id = await deployer.request(targetId, { artifact: await newFlows() });
    await applied;
    expect((await deployer.decide(id, 'cancel')).status).toBe(202);
    expect(await deployer.ended(id)).toMatchObject({ outcome: 'cancelled' });
    expect(await contents()).toEqual(old);
    expect(await hello()).toBe('old');
  });
});

it('locks the target when it cannot be put back, until a person has looked', async () => {
  const targetId = await target({ writeMs: 4_000, restoreMs: 4_000, proofMs: 2_000 });
  const desk = await openDesk(stack);
  const artifact = await newFlows();
  proxy.failDeploys('hold');
  const applied = proxy.nextDeployApplied();
  const id = await deployer.request(targetId, { artifact });
  await applied;
  await server.kill();
  const done = await deployer.ended(id);
  expect(done).toMatchObject({
    outcome: 'needs_attention',
    detail: expect.stringContaining('--safe') as unknown,
  });
  const refused = await desk.call('POST', '/api/deployments', { targetId, artifact, reason: 'again' });
  expect(refused).toMatchObject({ status: 409, body: { type: 'urn:chairside:problem:TargetLocked' } });
  await server.start();
  const looked = await desk.call('POST', `/api/flow-targets/${targetId}/acknowledge`, {
    reason: 'looked at it',
  });
  expect(looked).toMatchObject({ status: 200, body: { lock: null } });
  const { backupId } = done.plans[0]!;
  expect(await deployer.deploy(targetId, { backup: backupId })).toMatchObject({ outcome: 'deployed' });
  expect(await contents()).toEqual(old);
});
