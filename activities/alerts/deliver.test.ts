import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AlertMessage } from '../../domain/alerts/alert-message.js';
import type { AlertReceiver } from '../../platform/alert-receiver.js';
import { Secret } from '../../platform/config/secret.js';
import type { AlertNotification } from '../../platform/store/alerts/alerts.js';
import { createDeliverActivities } from './deliver.js';
import type { Reach } from './post.js';

const message: AlertMessage = {
  event: 'alert.opened',
  tenantId: 'bright-smiles',
  environment: 'sandbox',
  alertId: 'a1',
  rule: { ruleId: 'r1', name: 'Costs', subject: { metric: 'costUsd' }, operator: 'above' },
  measured: { figure: 12, sample: 40, threshold: 10, fromMs: 0, toMs: 3_600_000 },
  openedAtMs: 3_700_000,
  resolvedAtMs: null,
  end: null,
};

/** A receiver that answers as told and remembers what it got. */
let server: Server;
let answers: { status: number; headers?: Record<string, string>; cut?: true }[] = [];
let got: { headers: IncomingHttpHeaders; body: string; path: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      got.push({ headers: request.headers, body: Buffer.concat(parts).toString(), path: request.url });
      const { status, headers, cut } = answers.shift() ?? { status: 200 };
      response.writeHead(status, { ...headers, ...(cut ? { 'Content-Length': '9' } : {}) });
      if (cut) response.write('half', () => response.destroy());
      else response.end('ok');
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
});

let notes: { answer: string; sent: boolean }[] = [];
let state: AlertNotification['state'] = 'pending';
beforeEach(() => {
  [answers, got, notes, state] = [[], [], [], 'pending'];
});

const deliver = (
  receiver: Partial<AlertReceiver> | null = {},
  alertReach: Reach = 'anywhere',
  host = '127.0.0.1',
) => {
  const { port } = server.address() as AddressInfo;
  const { deliverAlert } = createDeliverActivities({
    store: {
      alerts: {
        notification: () =>
          Promise.resolve({ notificationId: 'n1', alertId: 'a1', message, state } as AlertNotification),
        noteAttempt: (_tenant: string, _id: string, note: { answer: string; sent: boolean }) => {
          notes.push(note);
          return Promise.resolve();
        },
      } as never,
    },
    alertReceivers: {
      find: () =>
        Promise.resolve(
          receiver && {
            format: 'webhook' as const,
            url: new Secret(
              `http${alertReach === 'publicOnly' ? 's' : ''}://${host}:${port}/hook?token=invented`,
            ),
            secret: null,
            ...receiver,
          },
        ),
    },
    alertReach,
    loggers: { log: { error: () => undefined } } as never,
  });
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(deliverAlert, {
    tenantId: 'bright-smiles',
    notificationId: 'n1',
  });
};

it('counts as sent what was answered with 2xx, and nothing else', async () => {
  answers = [{ status: 202 }];
  await deliver();
  expect(notes).toEqual([{ answer: '202', sent: true }]);
  for (const answer of [
    { status: 500 },
    { status: 404 },
    // Not followed: it would lead past the check of the address.
    { status: 307, headers: { location: '/elsewhere' } },
    { status: 200, cut: true as const },
  ]) {
    [answers, notes] = [[answer], []];
    await expect(deliver()).rejects.toMatchObject({ type: 'AlertNotAcknowledged', nonRetryable: false });
    expect(notes, String(answer.status)).toEqual([expect.objectContaining({ sent: false })]);
  }
  expect(got.some(({ path }) => path === '/elsewhere')).toBe(false);
});

it('sends the same bytes under the same key on every try, signed where a secret was agreed', async () => {
  const secret = 'invented-secret-of-tests';
  answers = [{ status: 503 }];
  await expect(deliver({ secret: new Secret(secret) })).rejects.toThrow();
  await deliver({ secret: new Secret(secret) });
  const [first, second] = got;
  expect(second!.body).toBe(first!.body);
  expect([first!.headers['idempotency-key'], second!.headers['idempotency-key']]).toEqual(['n1', 'n1']);
  expect(second!.headers['x-chairside-signature']).toBe(
    `sha256=${createHmac('sha256', secret).update(second!.body).digest('hex')}`,
  );
  expect(JSON.parse(second!.body)).toMatchObject({
    notificationId: 'n1',
    event: 'alert.opened',
    measured: { figure: 12 },
  });
});

it('speaks the format of Slack', async () => {
  await deliver({ format: 'slack' });
  const body = JSON.parse(got[0]!.body) as object;
  expect(Object.keys(body)).toEqual(['text']);
  expect(body).toMatchObject({ text: expect.stringContaining('costUsd 12 is above 10') as string });
});

it('waits as long as a receiver asks, up to a quarter of an hour', async () => {
  answers = [{ status: 429, headers: { 'retry-after': '30' } }];
  await expect(deliver()).rejects.toMatchObject({ nextRetryDelay: 30_000 });
  answers = [{ status: 429, headers: { 'retry-after': '86400' } }];
  await expect(deliver()).rejects.toMatchObject({ nextRetryDelay: 900_000 });
});

it('sends nothing twice, and nothing without a receiver', async () => {
  state = 'sent';
  await deliver();
  state = 'pending';
  await expect(deliver(null)).rejects.toMatchObject({ type: 'IntegrationNotConfigured', nonRetryable: true });
  expect(got).toEqual([]);
});

it('reaches no private address in production, by number or by name, and names no address in a failure', async () => {
  for (const host of ['127.0.0.1', 'localhost']) {
    const failure: unknown = await deliver({}, 'publicOnly', host).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'AlertNotAcknowledged' });
    expect(String(failure)).toMatch(/private/);
    expect(String(failure)).not.toContain('invented');
  }
  expect(got).toEqual([]);
});
