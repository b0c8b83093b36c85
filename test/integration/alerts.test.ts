import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { AlertRule } from '../../domain/alerts/alert-rule.js';
import { systemClock } from '../../platform/clock.js';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { createStore } from '../../platform/store/store.js';
import { serveLangfuse, type ServedLangfuse } from '../../simulators/langfuse/testing/served-langfuse.js';
import { alertRuleType, alertRuleWake } from '../../workflows/alert-rule/messages.js';
import { freePort } from '../kit/child.js';
import { openDesk, type Desk } from '../kit/desk.js';
import { keepHistory } from '../kit/recorded-histories.js';
import { startStack, type Stack } from '../kit/stack.js';

const minute = 60_000;

let stack: Stack;
let desk: Desk;
let langfuse: ServedLangfuse;
let database: Database;
let receiver: Server;
/** What the receiver answers next, then 200; and what it got. */
let answers: number[] = [];
let told: { readonly headers: IncomingHttpHeaders; readonly body: { readonly text: string } }[] = [];
beforeAll(async () => {
  stack = await startStack();
  desk = await openDesk(stack);
  langfuse = await serveLangfuse();
  database = await openDatabase(stack.config);
  receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as { text: string };
      told.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/services/invented-token`;
  expect(await desk.call('PUT', '/api/alert-receiver', { format: 'slack', url, secret: null })).toMatchObject(
    {
      status: 204,
    },
  );
});
afterAll(async () => {
  await stack.stop();
  await langfuse.simulator.close();
  await database.close();
  receiver.close();
});

const config = async (name: string, host: string): Promise<string> => {
  const created = await desk.call('POST', '/api/langfuse-configs', {
    name,
    host,
    publicKey: `pk-lf-${name}`,
    secretKey: `sk-lf-${name}`,
    importFrom: new Date(Date.now() - 6 * 60 * minute).toISOString(),
  });
  expect(created).toMatchObject({ status: 201 });
  return (created.body['config'] as { configId: string }).configId;
};

interface AlertBody {
  readonly alertId: string;
  readonly state: string;
  readonly openedAtMs: number;
  readonly end: string | null;
  readonly opened: { readonly figure: number; readonly sample: number };
  readonly notifications: readonly {
    readonly notificationId: string;
    readonly event: string;
    readonly state: string;
    readonly attempts: number;
    readonly lastAnswer: string | null;
  }[];
}

const alertsOf = async (ruleId: string) =>
  (await desk.call('GET', `/api/alerts?ruleId=${ruleId}`)).body['alerts'] as readonly AlertBody[];

/** The only alert of a rule, once it is as wanted. */
async function alertOf(ruleId: string, wanted: (alert: AlertBody) => boolean): Promise<AlertBody> {
  let alert: AlertBody | undefined;
  await vi.waitUntil(
    async () => {
      [alert] = await alertsOf(ruleId);
      return alert !== undefined && wanted(alert);
    },
    { timeout: 40_000, interval: 200 },
  );
  return alert!;
}

const sent = (event: string) => (alert: AlertBody) =>
  alert.notifications.some((one) => one.event === event && one.state === 'sent');

const workflowOf = (ruleId: string) => `alert-rule/bright-smiles/sandbox/${ruleId}`;

/** A rule that nobody follows yet, so that a test may follow it with less patience than people have. */
const storedRule = (threshold: number): Promise<AlertRule> =>
  createStore(database, systemClock).alertRules.create(
    { tenantId: 'bright-smiles', environment: 'sandbox', ruleId: randomUUID() },
    { metric: 'traces' },
    {
      name: 'Hardly any calls',
      active: true,
      operator: 'below',
      threshold,
      windowMinutes: 60,
      minSample: 0,
      cooldownMinutes: 60,
    },
  );
const follow = (rule: AlertRule, deliverMs: number) => {
  const { tenantId, environment, ruleId } = rule;
  return stack.client.workflow.signalWithStart(alertRuleType, {
    ...alertRuleWake(rule),
    args: [{ tenantId, environment, ruleId, deliverMs }],
  });
};

it('calls somebody when an import stands still, without an import, and tells it until it is acknowledged', async () => {
  const configId = await config('away', `http://127.0.0.1:${await freePort()}`);
  const ruleId = `import-lag.${configId}`;
  expect(await desk.call('GET', `/api/alert-rules/${ruleId}`)).toMatchObject({
    status: 200,
    body: { isDefault: true, active: true, threshold: null, name: 'Import lag of away' },
  });
  const test = async () => (await desk.call('POST', `/api/alert-rules/${ruleId}/test`)).body;
  expect(await test()).toMatchObject({ verdict: 'fine', measured: { threshold: 65, sample: 1 } });
  // Three seconds from now.
  const { figure } = (await test())['measured'] as { figure: number };
  answers = [503];
  const threshold = figure + 0.05;
  expect(await desk.call('PATCH', `/api/alert-rules/${ruleId}`, { threshold })).toMatchObject({
    status: 200,
  });
  expect(await alertsOf(ruleId)).toEqual([]);
  const alert = await alertOf(ruleId, sent('alert.opened'));
  expect(alert).toMatchObject({ state: 'open', notifications: [{ attempts: 2, lastAnswer: '200' }] });
  expect(alert.opened.figure).toBeGreaterThan(threshold);
  const [first, second] = told;
  expect(first!.body.text).toContain('Import lag of away: importLagMinutes');
  expect(second).toMatchObject({ body: first!.body });
  expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key']);
  // No import has woken it: the run of this one still waits for its server.
  const { body } = await desk.call('GET', `/api/langfuse-configs/${configId}`);
  expect(body['lastRun']).toBeNull();

  const reason = { reason: 'the server is being moved' };
  const path = `/api/alerts/${alert.alertId}`;
  expect(await desk.call('POST', `${path}/acknowledge`, reason)).toMatchObject({
    status: 200,
    body: { state: 'acknowledged', acknowledgeReason: 'the server is being moved' },
  });
  expect(await desk.call('POST', `${path}/acknowledge`, reason)).toMatchObject({ status: 409 });

  await desk.call('PATCH', `/api/alert-rules/${ruleId}`, { threshold: 10_000 });
  expect(await alertOf(ruleId, sent('alert.resolved'))).toMatchObject({
    state: 'resolved',
    end: 'conditionGone',
  });
  expect(await desk.call('DELETE', `/api/alert-rules/${ruleId}`)).toMatchObject({ status: 409 });
  expect(await desk.call('DELETE', `/api/langfuse-configs/${configId}`)).toMatchObject({ status: 204 });
  await stack.client.workflow.getHandle(workflowOf(ruleId)).result();
  await keepHistory(stack.client, 'alertRule', 'lag-without-import', { workflowId: workflowOf(ruleId) });
});

it('looks at what an import has brought, and stays quiet after a person has ended the alert', async () => {
  const created = await desk.call('POST', '/api/alert-rules', {
    name: 'Many calls',
    subject: { metric: 'traces' },
    operator: 'above',
    threshold: 5,
    windowMinutes: 600,
  });
  expect(created).toMatchObject({ status: 201, body: { minSample: 0, cooldownMinutes: 60 } });
  const ruleId = String(created.body['ruleId']);
  await langfuse.order('POST', '/projects', { id: 'busy' });
  await langfuse.order('POST', '/traces', {
    projectId: 'busy',
    traces: Array.from({ length: 9 }, (_, index) => ({
      id: `busy-${index}`,
      timestamp: new Date(Date.now() - 120 * minute + index * 1_000).toISOString(),
    })),
  });
  await config('busy', langfuse.simulator.url);
  const alert = await alertOf(ruleId, sent('alert.opened'));
  expect(alert.opened).toMatchObject({ figure: 9, sample: 9 });
  expect(
    await desk.call('POST', `/api/alerts/${alert.alertId}/resolve`, { reason: 'a campaign' }),
  ).toMatchObject({ status: 200, body: { state: 'resolved', end: 'byPerson', resolveReason: 'a campaign' } });
  expect(await alertOf(ruleId, sent('alert.resolved'))).toMatchObject({ alertId: alert.alertId });
  expect((await desk.call('POST', `/api/alert-rules/${ruleId}/test`)).body).toMatchObject({
    verdict: 'breached',
  });
  expect(await alertsOf(ruleId)).toHaveLength(1);
  const { entries } = (await desk.call('GET', '/api/audit')).body as { entries: { action: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['alert-rule.create', 'alert.resolve', 'alert.acknowledge', 'alert-receiver.set']),
  );
});

it('shows what nobody acknowledged in time as undeliverable', async () => {
  const rule = await storedRule(1_000);
  answers = Array.from({ length: 20 }, () => 500);
  await follow(rule, 1_500);
  const alert = await alertOf(rule.ruleId, ({ notifications: [one] }) => one?.state === 'undeliverable');
  expect(alert).toMatchObject({ state: 'open', notifications: [{ lastAnswer: '500' }] });
  expect(await stack.logs()).toContain('an alert could not be delivered');
  answers = [];
});

it('goes on with what it has to tell when it continues as new', async () => {
  const rule = await storedRule(1_000);
  told = [];
  // Away until we have continued.
  answers = Array.from({ length: 1_000 }, () => 503);
  await follow(rule, 10 * minute);
  const handle = stack.client.workflow.getHandle(workflowOf(rule.ruleId));
  const { runId } = await handle.describe();
  await vi.waitUntil(
    async () => {
      await handle.signal('wakeAlertRule');
      return (await handle.describe()).runId !== runId;
    },
    { timeout: 30_000, interval: 5 },
  );
  answers = [];
  const alert = await alertOf(rule.ruleId, sent('alert.opened'));
  expect(new Set(told.map(({ headers }) => headers['idempotency-key']))).toEqual(
    new Set([alert.notifications[0]!.notificationId]),
  );
  expect(await desk.call('DELETE', `/api/alert-rules/${rule.ruleId}`)).toMatchObject({ status: 204 });
  expect(await alertOf(rule.ruleId, sent('alert.resolved'))).toMatchObject({ end: 'ruleRemoved' });
  await handle.result();
  const run = { workflowId: workflowOf(rule.ruleId), runId };
  await keepHistory(stack.client, 'alertRule', 'continued-while-telling', run);
});

it('shows no address of a receiver, and keeps names and figures of rules where they belong', async () => {
  const shown = await desk.call('GET', '/api/alert-receiver');
  expect(shown).toMatchObject({ status: 200, body: { format: 'slack', url: '…en', secret: null } });
  const { decryptedTexts } = await import('../kit/recorded-histories.js');
  const histories = [];
  for await (const { workflowId, runId } of stack.client.workflow.list({
    query: "WorkflowType = 'alertRule'",
  }))
    histories.push(
      await decryptedTexts(await stack.client.workflow.getHandle(workflowId, runId).fetchHistory()),
    );
  expect(histories.length).toBeGreaterThan(3);
  for (const word of ['invented-token', 'Hardly any', 'campaign'])
    expect(`${histories.join('\n')}${await stack.logs()}`.includes(word), word).toBe(false);
});
