import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { openServices } from '../../platform/services.js';
import { placeSandboxFlowTargets, sandboxTargetId } from '../../worker/dev-stack/sandbox-flow-targets.js';
import { reconcileNodeRedSchedules } from '../../worker/schedules/node-red-schedules.js';
import { nodeRedScheduleId, nodeRedTargetWorkflowId, taskQueue } from '../../workflows/ids.js';
import {
  nodeRedTargetType,
  type DeploymentTimings,
  type NodeRedTargetStart,
} from '../../workflows/node-red-target/messages.js';
import { deployerOf, type Deployer } from '../kit/deployments.js';
import { openDesk, type Desk } from '../kit/desk.js';
import { startFaultProxy, type FaultProxy } from '../kit/fault-proxy.js';
import { generatedFlows } from '../kit/generated-flows.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../kit/node-red-admin.js';
import { startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { answeringTab, countingTab, tabWith } from '../kit/sample-flows.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
let servers: { readonly main: NodeRedServer; readonly spare: NodeRedServer };
let proxy: FaultProxy;
let main: NodeRedAdmin;
let spare: NodeRedAdmin;
let desk: Desk;
let deployer: Deployer;
let check: Server;
/** What happens when a deployment makes its smoke call, and what that call is answered. */
let onCheck: () => Promise<number>;

const foreign = countingTab('foreign');
const old = [...foreign, ...answeringTab('ours', '/hello', 'old')];

useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  const [first, second] = await Promise.all([startNodeRed(), startNodeRed({ env: { KIT_QUITS: 'true' } })]);
  servers = { main: first, spare: second };
  proxy = await startFaultProxy(first.url);
  main = nodeRedAdmin(first.url);
  spare = nodeRedAdmin(second.url);
  desk = await openDesk(stack);
  deployer = deployerOf(desk);
  check = createServer((_, answer) => void onCheck().then((status) => answer.writeHead(status).end()));
  check.listen(0, '127.0.0.1');
  await once(check, 'listening');
});
afterAll(async () => {
  check.close();
  await proxy.close();
  await Promise.all([servers.main.remove(), servers.spare.remove()]);
});
beforeEach(async () => {
  onCheck = () => Promise.resolve(200);
  await Promise.all([main.deploy([]), spare.deploy([])]);
  await Promise.all([main.deploy(old), spare.deploy(old)]);
});

const checkUrl = (): string => `http://127.0.0.1:${(check.address() as AddressInfo).port}`;
const viaProxy = () => ({ name: 'main', url: proxy.url, nodeUrl: checkUrl() });
const smoke = [{ kind: 'http', path: '/check' }];

/** A target whose workflow has timings that a test can wait for. */
async function target(
  instances: Parameters<Deployer['target']>[0],
  timings: Partial<DeploymentTimings> = {},
): Promise<string> {
  const targetId = await deployer.target(instances);
  const start: NodeRedTargetStart = { tenantId: 'bright-smiles', environment: 'sandbox', targetId, timings };
  await stack.client.workflow.start(nodeRedTargetType, {
    workflowId: nodeRedTargetWorkflowId('bright-smiles', targetId),
    taskQueue,
    args: [start],
  });
  return targetId;
}

const newFlows = () => deployer.artifact(answeringTab('ours', '/hello', 'new'));
const contents = async (of: NodeRedAdmin) =>
  (await of.flows()).flows.filter(({ id }) => id !== 'chairside-deploy');
const hello = async (server = servers.main) => (await fetch(`${server.nodeUrl}/hello`)).text();
const acknowledge = async (targetId: string): Promise<void> => {
  const path = `/api/flow-targets/${targetId}/acknowledge`;
  expect((await desk.call('POST', path, { reason: 'looked at it' })).status).toBe(200);
};

describe('a colleague deploys after us, and then our check fails', () => {
  it('on other tabs: ours goes back, theirs stays and is not restarted', async () => {
    const targetId = await target([viaProxy()]);
    const theirs = countingTab('theirs');
    onCheck = async () => {
      const { flows } = await main.flows();
      await main.deploy([
        ...flows.map((node) => (node.id === 'foreign' ? { ...node, label: 'renamed by a colleague' } : node)),
        ...theirs,
      ]);
      return 500;
    };
    const before = await main.counters();
    const done = await deployer.deploy(targetId, { artifact: await newFlows() }, { smoke });
    expect(done).toMatchObject({ outcome: 'restored', detail: expect.stringContaining('500') as unknown });
    const [tab, ...rest] = old;
    expect(await contents(main)).toEqual([{ ...tab, label: 'renamed by a colleague' }, ...rest, ...theirs]);
    expect(await main.counters()).toEqual({ ...before, n_theirs_starts: 1 });
    expect(await hello()).toBe('old');
  });

  it('on the same node: theirs stays untouched, and a person is called', async () => {
    const targetId = await target([viaProxy()]);
    onCheck = async () => {
      const { flows } = await main.flows();
      await main.deploy(
        flows.map((node) => (node.id === 'ours-t' ? { ...node, template: 'by a colleague' } : node)),
      );
      return 500;
    };
    const artifact = await newFlows();
    const done = await deployer.deploy(targetId, { artifact }, { smoke });
    expect(done).toMatchObject({
      outcome: 'needs_attention',
      detail: expect.stringContaining('ours-t') as unknown,
    });
    expect(await hello()).toBe('by a colleague');
    expect((await main.flows()).flows).toEqual(expect.arrayContaining(foreign));
    const refused = await desk.call('POST', '/api/deployments', { targetId, artifact, reason: 'again' });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:chairside:problem:TargetLocked' } });
  });
});

it('is put back when the worker dies in the middle of putting it back', async () => {
  const targetId = await target([viaProxy()], { heartbeatMs: 3_000 });
  const before = await main.counters();
  let restoring: Promise<() => void> | undefined;
  onCheck = () => {
    restoring = proxy.holdNextDeploy();
    return Promise.resolve(500);
  };
  const id = await deployer.request(targetId, { artifact: await newFlows() }, { smoke });
  await deployer.until(id, ({ events }) => events.some(({ step }) => step === 'restore'));
  const release = await restoring!;
  await stack.worker.kill();
  const applied = proxy.nextDeployApplied();
  release();
  await applied;
  await stack.worker.start();
  expect(await deployer.ended(id)).toMatchObject({ outcome: 'restored' });
  expect(proxy.deploys.slice(-2).map(({ status }) => status)).toEqual([200, 409]);
  expect(await contents(main)).toEqual(old);
  expect(await main.counters()).toEqual(before);
  expect(await hello()).toBe('old');
});

describe('a write that is held longer than its deadline', () => {
  it('is sent again and carried out once; the late one changes nothing', async () => {
    const targetId = await target([viaProxy()], { answerMs: 800 });
    const before = await main.counters();
    const held = proxy.holdNextDeploy();
    const id = await deployer.request(targetId, { artifact: await newFlows() });
    const release = await held;
    const done = await deployer.ended(id);
    expect(done).toMatchObject({ outcome: 'deployed' });
    await expectLateOneIsRefused(release);
    expect((await main.flows()).rev).toBe(done.plans[0]!.expectedRev);
    expect(await main.counters()).toEqual(before);
    expect(await hello()).toBe('new');
  });

  it('is fenced off when time is up; the late ones change nothing', async () => {
    const targetId = await target([viaProxy()], { answerMs: 400, writeMs: 2_000 });
    const before = await main.counters();
    const releases: (() => void)[] = [];
    let goesBack = false;
    const hold = async (): Promise<void> => {
      releases.push(await proxy.holdNextDeploy());
      if (!goesBack) void hold();
    };
    void hold();
    const id = await deployer.request(targetId, { artifact: await newFlows() });
    await deployer.until(id, ({ events }) => events.some(({ step }) => step === 'plan-restore'));
    goesBack = true;
    const done = await deployer.ended(id);
    expect(done).toMatchObject({ outcome: 'failed' });
    expect(releases.length).toBeGreaterThan(1);
    for (const release of releases) await expectLateOneIsRefused(release);
    expect(await contents(main)).toEqual(old);
    expect(await main.counters()).toEqual(before);
    expect(await hello()).toBe('old');
  });

  async function expectLateOneIsRefused(release: () => void): Promise<void> {
    const seen = proxy.deploys.length;
    const applied = proxy.nextDeployApplied();
    release();
    await applied;
    expect(proxy.deploys.slice(seen)).toEqual([{ status: 409 }]);
  }
});

describe('flows that end the process', () => {
  it('before they are saved: they are sent twice, then given up, and the old ones run on', async () => {
    const targetId = await target([{ name: 'spare', url: servers.spare.url }]);
    const secrets = await desk.call('PUT', `/api/flow-targets/${targetId}/secrets`, {
      secrets: { TOKEN: 'an-invented-token' },
    });
    expect(secrets.status).toBe(200);
    const artifact = await deployer.artifact(tabWith('deadly', 'dies-of-secrets'));
    const credentials = { 'deadly-n': { token: 'TOKEN' } };
    const id = await deployer.request(targetId, { artifact }, { credentials });
    let deaths = 0;
    const ended = deployer.ended(id);
    // Whoever looks after the process starts it again.
    const looksAfter = async (): Promise<void> => {
      const died = servers.spare.ended().then(() => true);
      if (!(await Promise.race([died, ended.then(() => false)]))) return;
      deaths += 1;
      await servers.spare.start();
      await looksAfter();
    };
    await looksAfter();
    const done = await ended;
    expect(deaths).toBe(2);
    expect(done).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('twice') as unknown });
    expect(await contents(spare)).toEqual(old);
    expect(await hello(servers.spare)).toBe('old');
  });

  it('when they start: they are taken back as soon as somebody starts it again in safe mode', async () => {
    const targetId = await target([{ name: 'spare', url: servers.spare.url }], { proofMs: 1_000 });
    const artifact = await deployer.artifact(tabWith('deadly', 'quits'));
    const id = await deployer.request(targetId, { artifact });
    await deployer.until(id, ({ events }) => events.some(({ step }) => step === 'plan-restore'));
    await servers.spare.start({ safe: true });
    expect(await deployer.ended(id)).toMatchObject({
      outcome: 'restored',
      detail: 'spare stopped answering after it got the flows.',
    });
    expect(await contents(spare)).toEqual(old);
    expect(await hello(servers.spare)).toBe('old');
  });

  it('when they start: the other instance is put back, the target is locked, and safe mode and the backup are the way out', async () => {
    const instances = [
      { name: 'main', url: servers.main.url },
      { name: 'spare', url: servers.spare.url },
    ];
    const targetId = await target(instances, { proofMs: 1_000, restoreMs: 4_000, heartbeatMs: 3_000 });
    const artifact = await deployer.artifact([
      ...answeringTab('ours', '/hello', 'new'),
      ...tabWith('deadly', 'quits'),
    ]);
    const id = await deployer.request(targetId, { artifact });
    await deployer.until(id, ({ events }) => events.some(({ step }) => step === 'plan-restore'));
    await stack.worker.kill();
    await stack.worker.start();
    const done = await deployer.ended(id);
    const { backupId } = done.plans.find(({ instance }) => instance === 'spare')!;
    expect(done).toMatchObject({
      outcome: 'needs_attention',
      detail: expect.stringMatching(new RegExp(`^spare stopped answering.*--safe.*${backupId}`)) as unknown,
    });
    expect(done.detail).not.toContain('main');
    expect(await contents(main)).toEqual(old);
    expect(await hello()).toBe('old');

    await servers.spare.start({ safe: true });
    await acknowledge(targetId);
    expect(await deployer.deploy(targetId, { backup: backupId })).toMatchObject({ outcome: 'deployed' });
    expect(await contents(spare)).toEqual(old);
    expect(await hello(servers.spare)).toBe('old');
  });
});

it('copies a tab with other values and with the config node that the target has', async () => {
  const [shared] = generatedFlows().filter(({ type }) => type === 'tls-config');
  const tls = (id: string): FlowNode => ({ ...shared!, id });
  const request = {
    id: 'shop-r',
    type: 'http request',
    z: 'shop',
    name: '',
    method: 'GET',
    ret: 'txt',
    url: 'http://127.0.0.1:9/',
    tls: 'tls-main',
    x: 100,
    y: 200,
    wires: [[]],
  };
  await main.deploy([...old, tls('tls-main'), ...answeringTab('shop', '/shop', 'as it was'), request]);
  await spare.deploy([...old, tls('tls-spare')]);
  const from = await deployer.target([{ name: 'main', url: servers.main.url }]);
  const to = await deployer.target([{ name: 'spare', url: servers.spare.url }]);
  const copy = { targetId: from, tabs: ['shop'] };
  const rewrite = [{ node: { id: 'shop-t' }, pointer: '/template', value: 'of the copy' }];
  const likeOne = await deployer.deploy(to, { copy }, { rewrite, dryRun: true });
  expect(likeOne.plans[0]!.report['warnings']).toContainEqual(expect.stringContaining('"tls-spare"'));
  const options = { rewrite, bindings: { 'tls-main': 'tls-spare' } };
  expect(await deployer.deploy(to, { copy }, options)).toMatchObject({ outcome: 'deployed' });
  const there = await contents(spare);
  expect(there.filter(({ type }) => type === 'tls-config')).toEqual([tls('tls-spare')]);
  expect(there.find(({ type }) => type === 'http request')).toMatchObject({ tls: 'tls-spare' });
  expect(await (await fetch(`${servers.spare.nodeUrl}/shop`)).text()).toBe('of the copy');
  expect(await deployer.deploy(to, { copy }, options)).toMatchObject({ outcome: 'unchanged' });
  const mistyped = [{ ...rewrite[0], pointer: '/tmplate' }];
  expect(await deployer.deploy(to, { copy }, { ...options, rewrite: mistyped })).toMatchObject({
    outcome: 'refused',
    detail: expect.stringContaining('/tmplate') as unknown,
  });
});

describe('by schedule', () => {
  const schedule = (targetId: string, kind: 'backup' | 'drift') =>
    stack.client.schedule.getHandle(nodeRedScheduleId('bright-smiles', targetId, kind));

  it('a target is backed up and compared with what was deployed, until it is removed', async () => {
    const periods = { backupEveryMinutes: 5, driftEveryMinutes: 5 };
    const targetId = await deployer.target([{ name: 'main', url: servers.main.url }], periods);
    await deployer.deploy(targetId, { artifact: await newFlows() });
    await main.deploy([...(await main.flows()).flows, ...countingTab('theirs')]);
    const { rev } = await main.flows();
    // Nobody waits for five minutes: the time is another one, what is done then is not.
    for (const kind of ['backup', 'drift'] as const)
      await schedule(targetId, kind).update((known) => ({
        ...known,
        spec: { intervals: [{ every: '1s' }] },
      }));
    const found = async (what: 'backups' | 'drift') =>
      (await desk.call('GET', `/api/flow-targets/${targetId}/${what}`)).body;
    await expect
      .poll(() => found('backups'), { timeout: 20_000 })
      .toMatchObject({
        backups: expect.arrayContaining([expect.objectContaining({ reason: 'schedule', rev })]) as unknown,
      });
    await expect
      .poll(() => found('drift'), { timeout: 20_000 })
      .toMatchObject({ reports: [{ kind: 'foreign' }] });
    expect((await desk.call('DELETE', `/api/flow-targets/${targetId}`)).status).toBe(204);
    await expect(schedule(targetId, 'backup').describe()).rejects.toThrow();
    await expect(schedule(targetId, 'drift').describe()).rejects.toThrow();
  });

  it('a target that a development machine brings is looked after like any other, and one whose schedule was lost again', async () => {
    const lost = await deployer.target([{ name: 'main', url: servers.main.url }], { backupEveryMinutes: 5 });
    await schedule(lost, 'backup').delete();
    const services = await openServices(stack.config, 'dev-stack');
    try {
      const account = { settingsPath: '', username: 'somebody', password: 'invented' };
      await placeSandboxFlowTargets(services, servers.main.url, account);
      await reconcileNodeRedSchedules(stack.client, services.tenants, services.store);
      const brought = sandboxTargetId('bright-smiles');
      const periodOf = async (targetId: string, kind: 'backup' | 'drift') =>
        (await schedule(targetId, kind).describe()).spec.intervals?.map(({ every }) => every);
      expect(await periodOf(brought, 'backup')).toEqual([24 * 3_600_000]);
      expect(await periodOf(brought, 'drift')).toEqual([3_600_000]);
      expect(await periodOf(lost, 'backup')).toEqual([5 * 60_000]);
      await expect(schedule(lost, 'drift').describe()).rejects.toThrow();
      let reads = 0;
      const all = () => (reads++ === 0 ? Promise.resolve([]) : services.store.flowTargets.all());
      await reconcileNodeRedSchedules(stack.client, services.tenants, { flowTargets: { all } });
      expect(await periodOf(lost, 'backup'), 'added while a worker looked').toEqual([5 * 60_000]);
      await services.store.flowTargets.remove('bright-smiles', 'sandbox', brought);
      await expect
        .poll(async () => {
          // Temporal's list lags behind what it knows.
          await reconcileNodeRedSchedules(stack.client, services.tenants, services.store);
          return schedule(brought, 'drift')
            .describe()
            .then(
              () => 'there',
              () => 'gone',
            );
        })
        .toBe('gone');
    } finally {
      await services.close();
    }
  });
});
