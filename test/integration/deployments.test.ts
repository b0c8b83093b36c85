import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { nodeRedTargetWorkflowId } from '../../workflows/ids.js';
import { logIn } from '../kit/caller.js';
import { openDesk } from '../kit/desk.js';
import { readEvents } from '../kit/event-reader.js';
import { deployerOf, type Deployer } from '../kit/deployments.js';
import { nodeRedAdmin, type NodeRedAdmin } from '../kit/node-red-admin.js';
import { nodeRedVersion, startNodeRed, type NodeRedServer } from '../kit/node-red-server.js';
import { keepHistory } from '../kit/recorded-histories.js';
import { answeringTab, brokenTab, countingTab, secretTab } from '../kit/sample-flows.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
let server: NodeRedServer;
let second: NodeRedServer;
let admin: NodeRedAdmin;
let other: NodeRedAdmin;
let deployer: Deployer;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  const stubTypes = ['keeper'];
  [server, second] = await Promise.all([startNodeRed({ stubTypes }), startNodeRed({ stubTypes })]);
  admin = nodeRedAdmin(server.url);
  other = nodeRedAdmin(second.url);
  deployer = deployerOf(await openDesk(stack));
});
afterAll(async () => {
  await Promise.all([server.remove(), second.remove()]);
});
beforeEach(async () => {
  await admin.deploy([]);
  await other.deploy([]);
});

const main = () => ({ name: 'main', url: server.url, nodeUrl: server.nodeUrl });
const spare = () => ({ name: 'spare', url: second.url, nodeUrl: second.nodeUrl });
/** Hands the run of a target's workflow over to the replay corpus. */
const keep = (targetId: string, branch: string): Promise<void> =>
  keepHistory(stack.client, 'nodeRedTarget', branch, {
    workflowId: nodeRedTargetWorkflowId('bright-smiles', targetId),
  });
/** Contents without the tab that says who deployed. */
const contents = async (of: NodeRedAdmin) =>
  (await of.flows()).flows.filter(({ id }) => id !== 'chairside-deploy');

it('deploys an artefact beside foreign tabs, which are neither changed nor restarted, and has nothing to do the second time', async () => {
  const foreign = countingTab('foreign');
  await admin.deploy(foreign);
  const targetId = await deployer.target([main()]);
  const before = await admin.counters();
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello from the flows'));
  const smoke = [{ kind: 'http', path: '/hello', contains: 'hello from' }];
  const done = await deployer.deploy(targetId, { artifact }, { smoke });
  expect(done).toMatchObject({ outcome: 'deployed' });
  const now = await admin.flows();
  expect(now.rev).toBe(done.plans[0]!.expectedRev);
  expect(now.flows.slice(0, foreign.length)).toEqual(foreign);
  expect(await admin.counters()).toEqual(before);
  expect(await deployer.deploy(targetId, { artifact })).toMatchObject({ outcome: 'unchanged' });
  expect((await admin.flows()).rev).toBe(now.rev);
  await keep(targetId, 'deployed-then-unchanged');
});

it('takes back flows that do not come alive, and leaves the others alone', async () => {
  const foreign = countingTab('foreign');
  await admin.deploy([...foreign, ...answeringTab('ours', '/hello', 'the old text')]);
  const old = await contents(admin);
  const before = await admin.counters();
  const targetId = await deployer.target([main()]);
  const artifact = await deployer.artifact([
    ...answeringTab('ours', '/hello', 'the new text'),
    ...brokenTab('broken'),
  ]);
  const done = await deployer.deploy(targetId, { artifact });
  expect(done).toMatchObject({ outcome: 'restored', detail: expect.stringContaining('broken-t') as unknown });
  expect(await contents(admin)).toEqual(old);
  expect(await admin.counters()).toEqual(before);
  expect(await (await fetch(`${server.nodeUrl}/hello`)).text()).toBe('the old text');
  await keep(targetId, 'restored');
});

it('takes every instance back when a later one fails its checks', async () => {
  await admin.deploy(countingTab('foreign'));
  const old = [await contents(admin), await contents(other)];
  const targetId = await deployer.target([main(), { name: 'spare', url: second.url }]);
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello'));
  // The spare one has no address for its flows, so that its check fails after the main one was live.
  const done = await deployer.deploy(targetId, { artifact }, { smoke: [{ kind: 'http', path: '/hello' }] });
  expect(done).toMatchObject({ outcome: 'restored', detail: expect.stringContaining('spare') as unknown });
  expect([await contents(admin), await contents(other)]).toEqual(old);
});

it('copies a tab to another target under ids of its own, the same again the second time', async () => {
  await admin.deploy([...answeringTab('shop', '/shop', 'hello'), ...countingTab('private')]);
  const from = await deployer.target([main()]);
  const to = await deployer.target([spare()]);
  const copy = { targetId: from, tabs: ['Tab shop'] };
  const first = await deployer.deploy(to, { copy }, { routePrefix: '/copied' });
  expect(first).toMatchObject({ outcome: 'deployed' });
  const ids = (await contents(other)).map(({ id }) => id);
  expect(ids).toHaveLength(4);
  expect(ids.some((id) => id.startsWith('shop') || id.startsWith('private'))).toBe(false);
  expect(await (await fetch(`${second.nodeUrl}/copied/shop`)).text()).toBe('hello');
  expect(await deployer.deploy(to, { copy }, { routePrefix: '/copied' })).toMatchObject({
    outcome: 'unchanged',
  });
  await admin.deploy([...answeringTab('shop', '/shop', 'good morning'), ...countingTab('private')]);
  expect(await deployer.deploy(to, { copy }, { routePrefix: '/copied' })).toMatchObject({
    outcome: 'deployed',
  });
  expect((await contents(other)).map(({ id }) => id)).toEqual(ids);
  expect(await (await fetch(`${second.nodeUrl}/copied/shop`)).text()).toBe('good morning');
});

it('tells its steps live, each once and in order, until it has ended', async () => {
  const { apiUrl, config } = stack;
  const password = config.masterAdminPassword?.reveal() ?? '';
  const token = await logIn(apiUrl, { email: config.masterAdminEmail, password });
  const targetId = await deployer.target([main()]);
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello'));
  const id = await deployer.request(targetId, { artifact });
  const headers = { authorization: `Bearer ${token}`, 'x-tenant-id': 'bright-smiles' };
  const watch = await readEvents(`${apiUrl}/api/deployments/${id}/events`, headers);
  const end = await watch.next(({ data }) => data['step'] === 'end');
  expect(end.data['detail']).toMatchObject({ outcome: 'deployed' });
  const done = watch.events.filter(({ data }) => data['phase'] === 'done').map(({ data }) => data['step']);
  const steps = ['begin', 'source', 'inspect', 'backup', 'plan', 'plan', 'deploy', 'prove', 'commit', 'end'];
  expect(done).toEqual(steps);
  const again = { ...headers, 'last-event-id': watch.events.at(-2)!.id };
  const rest = await readEvents(`${apiUrl}/api/deployments/${id}/events`, again);
  await rest.next(({ data }) => data['step'] === 'end');
  expect(rest.events).toHaveLength(1);
});

it('waits for a person where the target says so; a rejected plan sends nothing, an approved one runs', async () => {
  const targetId = await deployer.target([main()], { approval: true });
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello'));
  const waits = ({ status }: { status: string }) => status === 'awaitingApproval';
  const { rev } = await admin.flows();
  const first = await deployer.request(targetId, { artifact });
  expect((await deployer.until(first, waits)).plans[0]!.report['diff']).toMatchObject({
    added: { length: 4 },
  });
  expect((await deployer.decide(first, 'reject', 'not on a Friday')).status).toBe(202);
  expect(await deployer.ended(first)).toMatchObject({
    outcome: 'rejected',
    detail: expect.stringContaining('not on a Friday') as unknown,
  });
  expect((await admin.flows()).rev).toBe(rev);
  const again = await deployer.request(targetId, { artifact });
  await deployer.until(again, waits);
  expect((await deployer.decide(again, 'approve')).status).toBe(202);
  expect(await deployer.ended(again)).toMatchObject({ outcome: 'deployed' });
  expect((await deployer.decide(again, 'approve')).status).toBe(409);
  await keep(targetId, 'rejected-then-approved');
});

it('plans without sending on a dry run', async () => {
  const targetId = await deployer.target([main()]);
  const { rev } = await admin.flows();
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello'));
  const done = await deployer.deploy(targetId, { artifact }, { dryRun: true });
  expect(done).toMatchObject({ outcome: 'planned' });
  expect(done.plans).toHaveLength(1);
  expect((await admin.flows()).rev).toBe(rev);
});

it('keeps what a colleague deploys between plan and run, and stops when it is about the same nodes', async () => {
  const targetId = await deployer.target([main()], { approval: true });
  const waits = ({ status }: { status: string }) => status === 'awaitingApproval';
  await admin.deploy(answeringTab('ours', '/hello', 'old'));
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'new'));
  const beside = await deployer.request(targetId, { artifact });
  await deployer.until(beside, waits);
  const theirs = countingTab('theirs');
  await admin.deploy([...(await admin.flows()).flows, ...theirs]);
  await deployer.decide(beside, 'approve');
  expect(await deployer.ended(beside)).toMatchObject({ outcome: 'deployed' });
  expect((await admin.flows()).flows).toEqual(expect.arrayContaining(theirs));

  const newer = await deployer.artifact(answeringTab('ours', '/hello', 'newer'));
  const same = await deployer.request(targetId, { artifact: newer });
  await deployer.until(same, waits);
  const edited = (await admin.flows()).flows.map((node) =>
    node.id === 'ours-t' ? { ...node, template: 'edited by hand' } : node,
  );
  await admin.deploy(edited);
  await deployer.decide(same, 'approve');
  expect(await deployer.ended(same)).toMatchObject({ outcome: 'conflict' });
  expect((await admin.flows()).flows).toEqual(edited);
  await keep(targetId, 'planned-again-then-conflict');
});

it('runs what is asked for at once one by one, and shows who waits', async () => {
  const targetId = await deployer.target([main()], { approval: true });
  const desk = await openDesk(stack);
  const artifacts = await Promise.all(
    ['a', 'b', 'c'].map((text) => deployer.artifact(answeringTab(`tab-${text}`, `/${text}`, text))),
  );
  const ids: string[] = [];
  for (const artifact of artifacts) ids.push(await deployer.request(targetId, { artifact }));
  await deployer.until(ids[0]!, ({ status }) => status === 'awaitingApproval');
  const { body } = await desk.call('GET', `/api/flow-targets/${targetId}/queue`);
  expect(body).toMatchObject({
    running: { deploymentId: ids[0], status: 'awaitingApproval' },
    waiting: [{ deploymentId: ids[1] }, { deploymentId: ids[2] }],
  });
  expect((await deployer.decide(ids[1]!, 'cancel', 'not needed')).status).toBe(202);
  expect(await deployer.ended(ids[1]!)).toMatchObject({ outcome: 'cancelled' });
  expect((await deployer.decide(ids[0]!, 'cancel', 'neither')).status).toBe(202);
  expect(await deployer.ended(ids[0]!)).toMatchObject({ outcome: 'cancelled' });
  await deployer.until(ids[2]!, ({ status }) => status === 'awaitingApproval');
  await deployer.decide(ids[2]!, 'approve');
  expect(await deployer.ended(ids[2]!)).toMatchObject({ outcome: 'deployed' });
  expect((await contents(admin)).map(({ id }) => id)).toContain('tab-c');
  await keep(targetId, 'queue-cancelled');
});

it('restores a backup as a deployment, with the credentials that an instance never gives out', async () => {
  const desk = await openDesk(stack);
  const targetId = await deployer.target([main()]);
  expect(
    (
      await desk.call('PUT', `/api/flow-targets/${targetId}/secrets`, {
        secrets: { LOGIN: 'an-invented-secret' },
      })
    ).status,
  ).toBe(200);
  const artifact = await deployer.artifact(secretTab('vault'));
  const credentials = { 'vault-k': { password: 'LOGIN' } };
  expect(await deployer.deploy(targetId, { artifact }, { credentials })).toMatchObject({
    outcome: 'deployed',
  });
  expect(await admin.hasCredential('keeper', 'vault-k', 'password')).toBe(true);
  const taken = await desk.call('POST', `/api/flow-targets/${targetId}/backups`);
  const [{ backupId }] = taken.body['backups'] as [{ backupId: string }];
  const old = await contents(admin);
  await admin.deploy(countingTab('somebody'));
  expect(await deployer.deploy(targetId, { backup: backupId })).toMatchObject({ outcome: 'deployed' });
  expect(await contents(admin)).toEqual(old);
  expect(await admin.hasCredential('keeper', 'vault-k', 'password')).toBe(true);
  expect(await stack.logs()).not.toContain('an-invented-secret');
});

it('reports drift with the nodes that differ, and mends nothing', async () => {
  const desk = await openDesk(stack);
  const targetId = await deployer.target([main()]);
  const artifact = await deployer.artifact(answeringTab('ours', '/hello', 'hello'));
  await deployer.deploy(targetId, { artifact });
  const check = async () =>
    (await desk.call('POST', `/api/flow-targets/${targetId}/drift`)).body['instances'];
  expect(await check()).toMatchObject([{ kind: 'none' }]);
  const { flows } = await admin.flows();
  await admin.deploy([...flows, ...countingTab('theirs')]);
  expect(await check()).toMatchObject([{ kind: 'foreign' }]);
  const edited = flows.map((node) => (node.id === 'ours-t' ? { ...node, template: 'edited' } : node));
  await admin.deploy(edited);
  expect(await check()).toMatchObject([{ kind: 'content' }]);
  const { body } = await desk.call('GET', `/api/flow-targets/${targetId}/drift`);
  const reports = body['reports'] as { detail: { changed: string[] } }[];
  expect(reports[0]!.detail.changed.join()).toContain('ours-t');
  expect((await admin.flows()).flows).toEqual(edited);
});

it('tells of each instance what it is and what to worry about', async () => {
  const desk = await openDesk(stack);
  const targetId = await deployer.target([main(), { name: 'gone', url: 'http://127.0.0.1:9' }]);
  const { body } = await desk.call('POST', `/api/flow-targets/${targetId}/test`);
  expect(body['instances']).toMatchObject([
    {
      instance: 'main',
      reachable: true,
      version: expect.stringContaining(nodeRedVersion) as unknown,
      authKind: 'open',
      rev: (await admin.flows()).rev,
    },
    { instance: 'gone', reachable: false, failure: 'NodeRedUnavailable' },
  ]);
});
