import { createServer, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tenant } from '../../domain/tenant.js';
import { systemClock } from '../../platform/clock.js';
import { createMemoryCache } from '../../platform/cache/memory-cache.js';
import { Secret } from '../../platform/config/secret.js';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { createCloud9Activities, type Cloud9Activities } from './index.js';
import { createLimiter } from './limiter.js';

/*
 * At most one send per intent and attempt, whatever answers. The practice system is a socket that plays a script, so that each answer
 * stands in its test; the same activities run against the simulator in activities.simulator.test.ts.
 */

const patientGuid = 'ffff0000-0000-4000-8000-000000000001';
const booked = 'abcd0000-0000-4000-8000-00000000000a';
const slot = {
  viewGuid: 'bbbb0000-0000-4000-8000-000000000001',
  columnGuid: 'cccc0000-0000-4000-8000-000000000001',
  locationGuid: 'aaaa0000-0000-4000-8000-000000000001',
  locationKey: 'downtown',
  start: '2030-03-05T09:00',
  minutes: 40,
  slotClass: 'Exams',
};
const tenant: Tenant = {
  slug: 'bright-smiles',
  active: true,
  holdsHealthData: false,
  practiceName: 'Sample',
  phone: '5555550100',
  timeZone: 'America/New_York',
  languages: ['en'],
  channels: ['chat'],
  vendorUserName: 'SimVendor',
  locations: [
    {
      key: 'downtown',
      name: 'Downtown',
      locationGuid: 'AAAA0000-0000-4000-8000-000000000001',
      timeZone: 'America/New_York',
      providerGuid: 'eeee0000-0000-4000-8000-000000000001',
      address: '1 Sample Street',
      hours: {},
    },
  ],
  visitTypes: [
    {
      key: 'exam',
      name: 'Exam',
      appointmentTypeGuid: 'dddd0000-0000-4000-8000-000000000001',
      minutes: 40,
      slotClasses: ['Exams'],
      minAgeYears: null,
      maxAgeYears: null,
    },
  ],
  booking: {
    siblings: 'keepBooked',
    siblingWindowMinutes: 40,
    minLeadMinutes: 60,
    maxAheadDays: 90,
    holdMinutes: { chat: 10, voice: 3 },
  },
  model: { name: 'none', maxTokens: 1, fallback: null },
  integrations: { sandbox: ['cloud9'], production: [] },
};

type Play = (response: ServerResponse) => unknown;
const envelope = (inner: string): string => `<GetDataResponse>${inner}</GetDataResponse>`;
const records =
  (inner: string): Play =>
  (response) =>
    response.end(envelope(`<ResponseStatus>Success</ResponseStatus><Records>${inner}</Records>`));
const result = (text: string): Play => records(`<Record><Result>${text}</Result></Record>`);
const code =
  (value: number): Play =>
  (response) =>
    response.end(envelope(`<ResponseStatus>Error</ResponseStatus><ErrorCode>${value}</ErrorCode>`));
const added = result(`Appointment GUID Added: ${booked.toUpperCase()}`);
const drop: Play = (response) => response.destroy();
const appointment = (change: Record<string, string> = {}): string => {
  const fields = {
    AppointmentGUID: booked,
    PatientGUID: patientGuid,
    AppointmentDateTime: '3/5/2030 9:00:00 AM',
    AppointmentMinutes: '40',
    AppointmentStatusDescription: 'Scheduled',
    AppointmentTypeGUID: 'dddd0000-0000-4000-8000-000000000001',
    LocationGUID: 'aaaa0000-0000-4000-8000-000000000001',
    ...change,
  };
  return `<Record>${Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</Record>`;
};

let folder: string;
let server: Server;
let database: Database;
let store: Store;
let activities: Cloud9Activities;
let listed: string;
/** Answers to SetAppointment, in order; the last one stays. */
let script: Play[];
let sends: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chairside-writes-'));
  listed = '';
  script = [added];
  sends = 0;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      if (body.includes('<Procedure>GetAppointmentListByPatient</Procedure>')) {
        records(listed)(response);
        return;
      }
      sends += 1;
      (script.length > 1 ? script.shift() : script[0])!(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  database = await openDatabase({ databasePath: path.join(folder, 'store.db'), databaseUrl: null });
  await migrate(database);
  store = createStore(database, systemClock);
  const silent = { info: () => undefined };
  activities = createCloud9Activities({
    store,
    tenants: {
      get: (slug) =>
        [tenant, { ...tenant, slug: 'asleep', active: false }].find((known) => known.slug === slug),
    },
    credentials: {
      resolve: () =>
        Promise.resolve({
          endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/GetData.ashx`,
          clientId: '11111111-1111-4111-8111-111111111111',
          userName: 'sim-user',
          password: new Secret('sim-pass'),
          version: 1,
        } as never),
    },
    limiter: createLimiter({
      reservations: store.reservations,
      clock: systemClock,
      journal: { append: () => Promise.resolve() },
      gapScale: 0.000_1,
    }),
    loggers: { cloud9Request: silent, cloud9Response: silent },
    clock: systemClock,
    cache: createMemoryCache(),
    cloud9: { httpMethod: 'POST', enableCaching: false },
  });
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Failures are what most of these tests are about. */
const quiet = { logger: new DefaultLogger('ERROR') };
let runs = 0;
const run = <Input, Output>(activity: (input: Input) => Promise<Output>, input: Input): Promise<Output> =>
  new MockActivityEnvironment({ activityId: String(++runs) }, quiet).run(activity, input);

const at = { tenantId: 'bright-smiles', environment: 'sandbox' as const };
const intent = { ...at, intentId: 'c1.1.0.appointment' };
const prepare = () =>
  run(activities.prepareAppointment, {
    ...intent,
    conversationId: 'c1',
    patientGuid,
    slot,
    visitTypeKey: 'exam',
  });
const send = (attempt = 1) => run(activities.setAppointment, { ...intent, attempt });
const reconcile = () => run(activities.reconcileAppointment, intent);
const ledger = () => store.ledger.list('bright-smiles', 'c1');
const typeOf = (error: unknown): unknown => (error instanceof ApplicationFailure ? error.type : error);

describe('SetAppointment', () => {
  it('is sent once when ten workers hold the same attempt, and the others learn nothing', async () => {
    await prepare();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(sends).toBe(1);
    expect(answers.filter((answer) => answer.kind === 'sent')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'unclear')).toHaveLength(9);
  });

  it('is booked only when reading says so, once in the ledger however often it is asked', async () => {
    await prepare();
    expect(await send()).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(await reconcile()).toEqual({ kind: 'absent' });
    expect(await ledger()).toEqual([]);
    listed = appointment();
    expect(await reconcile()).toEqual({ kind: 'found', appointmentGuid: booked });
    expect(await reconcile()).toEqual({ kind: 'found', appointmentGuid: booked });
    expect(await ledger()).toMatchObject([{ kind: 'booked', appointmentGuid: booked, patientGuid }]);
  });

  it('answers from the ledger, without a send, once its intent is done', async () => {
    await prepare();
    await send();
    listed = appointment();
    await reconcile();
    expect(await send(1)).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(await send(2)).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(sends).toBe(1);
  });

  it('is made again under the same attempt after code 8, because nothing was executed', async () => {
    script = [code(8), code(8), added];
    await prepare();
    expect(await send()).toMatchObject({ kind: 'wait' });
    await sleep(5);
    expect(await send()).toMatchObject({ kind: 'wait' });
    await sleep(10);
    expect(await send()).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(sends).toBe(3);
    expect(await send()).toEqual({ kind: 'unclear' });
    expect(sends).toBe(3);
  });

  it.each([
    ['a dropped connection', drop],
    ['a gateway page', ((response) => response.writeHead(502).end('<html>502</html>')) satisfies Play],
    ['an empty body', ((response) => response.end()) satisfies Play],
    ['code 0', code(0)],
    ['an unknown sentence', result('Done')],
  ])('is unclear after %s, and found by reading without a second send', async (_what, answer) => {
    script = [answer];
    listed = appointment({ AppointmentGUID: 'abcd0000-0000-4000-8000-0000000000ff' });
    await prepare();
    expect(await send()).toEqual({ kind: 'unclear' });
    listed += appointment();
    expect(await reconcile()).toEqual({ kind: 'found', appointmentGuid: booked });
    expect(sends).toBe(1);
  });

  it('may be sent a second time by a second attempt only', async () => {
    script = [drop, added];
    await prepare();
    expect(await send(1)).toEqual({ kind: 'unclear' });
    expect(await reconcile()).toEqual({ kind: 'absent' });
    expect(await send(1)).toEqual({ kind: 'unclear' });
    expect(sends).toBe(1);
    expect(await send(2)).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(sends).toBe(2);
  });

  it('goes out under attempt 2 when attempt 1 died before it could send, and shuts a late attempt 1 out', async () => {
    await prepare();
    expect(await send(2)).toEqual({ kind: 'sent', appointmentGuid: booked });
    expect(await send(1)).toEqual({ kind: 'unclear' });
    expect(sends).toBe(1);
  });

  it.each([
    ['Error: This appointment cannot be scheduled in the specified time slot.', { kind: 'slotTaken' }],
    ['Error: Appointments cannot be scheduled in the past.', { kind: 'refused', reason: 'inThePast' }],
    ['Error: something new', { kind: 'refused', reason: 'unspecified' }],
  ])('reports %j as definite', async (text, answer) => {
    script = [result(text)];
    await prepare();
    expect(await send()).toEqual(answer);
  });

  it.each([
    [1, 'Cloud9Auth'],
    [7, 'Cloud9OutsideWindow'],
    [10, 'Cloud9NotAuthorised'],
  ])('fails with a typed failure after code %i, having done nothing', async (value, type) => {
    script = [code(value)];
    await prepare();
    expect(typeOf(await send().catch((error: unknown) => error))).toBe(type);
  });

  it('is not sent without the snapshot that could tell a new appointment from an old one', async () => {
    await expect(send()).rejects.toMatchObject({ type: 'RecordNotFound' });
    expect(sends).toBe(0);
  });

  it('is not started by an activity that was cancelled before its turn', async () => {
    await prepare();
    const environment = new MockActivityEnvironment({ activityId: 'cancelled' }, quiet);
    environment.cancel('CANCELLED');
    await expect(environment.run(activities.setAppointment, { ...intent, attempt: 1 })).rejects.toThrow();
    expect(sends).toBe(0);
    expect((await store.intents.get('bright-smiles', intent.intentId))?.attempts).toBe(0);
  });

  it('is heard out when the activity is cancelled after the send', async () => {
    await prepare();
    const environment = new MockActivityEnvironment({ activityId: 'late' });
    script = [
      (response) => {
        environment.cancel('CANCELLED');
        setImmediate(() => added(response));
      },
    ];
    expect(await environment.run(activities.setAppointment, { ...intent, attempt: 1 })).toMatchObject({
      kind: 'sent',
    });
  });

  it('heartbeats while it waits for the answer', async () => {
    await prepare();
    const environment = new MockActivityEnvironment({ activityId: 'slow' });
    let answer = (): unknown => undefined;
    script = [(response) => (answer = () => added(response))];
    environment.once('heartbeat', () => answer());
    expect(await environment.run(activities.setAppointment, { ...intent, attempt: 1 })).toMatchObject({
      kind: 'sent',
    });
  });
});

describe('what reading adopts', () => {
  const old = 'abcd0000-0000-4000-8000-0000000000ff';

  it.each([
    ['another start', { AppointmentDateTime: '3/5/2030 9:40:00 AM' }],
    ['another type', { AppointmentTypeGUID: 'dddd0000-0000-4000-8000-000000000002' }],
    ['another office', { LocationGUID: 'aaaa0000-0000-4000-8000-000000000002' }],
    ['another length', { AppointmentMinutes: '20' }],
    ['another status', { AppointmentStatusDescription: 'Cancelled' }],
    ['another patient', { PatientGUID: 'ffff0000-0000-4000-8000-000000000002' }],
  ])('is never an appointment with %s', async (_what, change) => {
    script = [drop];
    await prepare();
    await send();
    listed = appointment(change);
    expect(await reconcile()).toEqual({ kind: 'absent' });
  });

  it('is never one that was there before', async () => {
    script = [drop];
    listed = appointment({ AppointmentGUID: old });
    await prepare();
    await send();
    expect(await reconcile()).toEqual({ kind: 'absent' });
  });

  it('is nothing when two could be ours', async () => {
    script = [drop];
    await prepare();
    await send();
    listed = appointment() + appointment({ AppointmentGUID: old });
    expect(await reconcile()).toEqual({ kind: 'ambiguous' });
    expect(await ledger()).toEqual([]);
  });
});

describe('who may ask', () => {
  it.each([
    ['an unknown tenant', { tenantId: 'nobody' }, 'TenantForbidden'],
    ['a tenant that is switched off', { tenantId: 'asleep' }, 'TenantInactive'],
    [
      'an environment without the integration',
      { environment: 'production' as const },
      'IntegrationNotConfigured',
    ],
  ])('is not %s', async (_who, change, type) => {
    await expect(run(activities.listAppointments, { ...at, patientGuid, ...change })).rejects.toMatchObject({
      type,
    });
  });

  it('is nobody with an intent of another environment, or one id for two orders', async () => {
    await prepare();
    const order = { ...intent, conversationId: 'c1', patientGuid, visitTypeKey: 'exam' };
    const other = { ...order, slot: { ...slot, start: '2030-03-05T09:40' } };
    await expect(run(activities.prepareAppointment, other)).rejects.toMatchObject({ type: 'Conflict' });
    await expect(run(activities.createPatient, { ...intent, attempt: 1 })).rejects.toMatchObject({
      type: 'RecordNotFound',
    });
  });

  it('is nobody with a slot that is too short or of another office', async () => {
    const order = { ...intent, conversationId: 'c1', patientGuid, visitTypeKey: 'exam' };
    for (const wrong of [{ minutes: 20 }, { locationGuid: 'aaaa0000-0000-4000-8000-000000000002' }]) {
      await expect(
        run(activities.prepareAppointment, { ...order, slot: { ...slot, ...wrong } }),
      ).rejects.toMatchObject({ type: 'ValidationFailed' });
    }
  });
});
