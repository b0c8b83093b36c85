import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../domain/booking/slot.js';
import { openCache } from '../../platform/cache/open-cache.js';
import { Secret } from '../../platform/config/secret.js';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { loadTenants } from '../../platform/tenants/load-tenants.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { startCloud9Simulator } from '../../simulators/cloud9/server.js';
import { createCloud9Activities, type Cloud9Activities } from './index.js';
import { createLimiter } from './limiter.js';
import { createThrottleJournal } from './throttle-journal.js';

/* The activities with the sample tenants, the real store and limiter, against the simulator. */

const ann = 'ffff0000-0000-4000-8000-000000000001';
const ben = 'ffff0000-0000-4000-8000-000000000002';
const accounts: Record<string, { clientId: string; userName: string; password: string }> = {
  'bright-smiles': {
    clientId: '11111111-1111-4111-8111-111111111111',
    userName: 'sim-user',
    password: 'sim-pass',
  },
  'river-ortho': {
    clientId: '22222222-2222-4222-8222-222222222222',
    userName: 'river-user',
    password: 'river-pass',
  },
};
const at = { tenantId: 'bright-smiles', environment: 'sandbox' as const };
const river = { tenantId: 'river-ortho', environment: 'sandbox' as const };

let folder: string;
let simulator: Awaited<ReturnType<typeof startCloud9Simulator>>;
let database: Database;
let store: Store;
let tenants: TenantRegistry;
let activities: Cloud9Activities;
let logged: unknown[];
let nowMs: number;
const clock = { nowMs: () => nowMs };
const quietLog = { info: () => undefined, warn: () => undefined };

const activitiesWith = async (settings: {
  gapScale: number;
  enableCaching: boolean;
}): Promise<Cloud9Activities> => {
  const info = (event: string, fields: object) => logged.push({ event, ...fields });
  return createCloud9Activities({
    store,
    tenants,
    credentials: {
      resolve: (tenantId) => {
        const account = accounts[tenantId]!;
        return Promise.resolve({
          ...account,
          endpoint: simulator.url,
          password: new Secret(account.password),
          version: 1,
        } as never);
      },
    },
    limiter: createLimiter({
      reservations: store.reservations,
      clock: { nowMs: () => Date.now() },
      journal: createThrottleJournal(path.join(folder, 'logs')),
      gapScale: settings.gapScale,
    }),
    loggers: { cloud9Request: { info }, cloud9Response: { info } },
    clock,
    cache: await openCache({ enableCaching: settings.enableCaching, redisUrl: null }, quietLog),
    cloud9: { httpMethod: 'POST', enableCaching: settings.enableCaching },
  });
};

beforeEach(async () => {
  nowMs = Date.UTC(2030, 2, 4, 14);
  logged = [];
  folder = await mkdtemp(path.join(tmpdir(), 'chairside-cloud9-'));
  simulator = await startCloud9Simulator({ port: 0, gapScale: 0, clock });
  database = await openDatabase({ databasePath: path.join(folder, 'store.db'), databaseUrl: null });
  await migrate(database);
  store = createStore(database, clock);
  tenants = await loadTenants('tenants');
  activities = await activitiesWith({ gapScale: 0, enableCaching: false });
});

afterEach(async () => {
  await simulator.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Failures are what some of these tests are about. */
const quiet = { logger: new DefaultLogger('ERROR') };
let runs = 0;
const run = <Input, Output>(activity: (input: Input) => Promise<Output>, input: Input): Promise<Output> =>
  new MockActivityEnvironment({ activityId: String(++runs) }, quiet).run(activity, input);

async function admin<Answer>(method: string, route: string, body?: object): Promise<Answer> {
  const response = await fetch(new URL(`/admin/${route}`, simulator.url), {
    method,
    headers: { 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}
const fail = (procedure: string, kind: string) => admin('POST', 'faults', { procedure, kind });
/** How often the practice system was asked, whatever it answered. */
const sends = async (procedure: string): Promise<number> =>
  (await admin<{ procedures: Record<string, { count: number }> }>('GET', 'calls')).procedures[procedure]
    ?.count ?? 0;
const appointmentsInTheBook = async () =>
  (
    await admin<{
      appointments: { patientGuid: string; start: string; status: string; appointmentGuid: string }[];
    }>('GET', 'appointments')
  ).appointments;

const search = {
  ...at,
  conversationId: 'c1',
  locationKey: 'downtown',
  visitTypeKey: 'exam',
  from: '2030-03-05',
  to: '2030-03-08',
  partOfDay: 'any' as const,
};
const findSlots = async (change: Partial<typeof search> | { partOfDay: 'morning' | 'afternoon' } = {}) =>
  (await run(activities.findSlots, { ...search, ...change })).slots;
const firstSlot = async (): Promise<Slot> => (await findSlots())[0]!;

async function book(intentId: string, patientGuid: string, slot: Slot) {
  const intent = { ...at, intentId };
  await run(activities.prepareAppointment, {
    ...intent,
    conversationId: 'c1',
    patientGuid,
    slot,
    visitTypeKey: 'exam',
  });
  return {
    sent: await run(activities.setAppointment, { ...intent, attempt: 1 }),
    reconcile: () => run(activities.reconcileAppointment, intent),
    again: () => run(activities.setAppointment, { ...intent, attempt: 2 }),
  };
}
async function booked(intentId: string, patientGuid: string, slot: Slot): Promise<string> {
  const seen = await (await book(intentId, patientGuid, slot)).reconcile();
  if (seen.kind !== 'found') throw new Error(seen.kind);
  return seen.appointmentGuid;
}
const cancelOrder = (intentId: string, appointmentGuid: string, patientGuid = ann) => ({
  ...at,
  intentId,
  conversationId: 'c1',
  appointmentGuid,
  patientGuid,
});
async function cancel(intentId: string, appointmentGuid: string, patientGuid = ann) {
  await run(activities.prepareCancel, cancelOrder(intentId, appointmentGuid, patientGuid));
  return run(activities.cancelAppointment, { ...at, intentId, attempt: 1 });
}

describe('the sample tenants', () => {
  it('agree with the practice system in offices, zones and visit types', async () => {
    await expect(run(activities.checkPracticeSetup, at)).resolves.toEqual({ problems: [] });
    await expect(run(activities.checkPracticeSetup, river)).resolves.toEqual({ problems: [] });
  });

  it('do not see each other', async () => {
    const person = { firstName: 'Ann', lastName: 'Sample', birthDate: '1986-04-12' };
    await expect(run(activities.findPatients, { ...at, ...person })).resolves.toMatchObject({
      candidates: { length: 1 },
    });
    await expect(run(activities.findPatients, { ...river, ...person })).resolves.toEqual({ candidates: [] });
    await expect(run(activities.listAppointments, { ...river, patientGuid: ben })).resolves.toEqual({
      appointments: [],
    });
  });
});

describe('an existing patient', () => {
  it('is found by names and birth date in any spelling, and by nothing less', async () => {
    const find = (firstName: string, lastName: string, birthDate: string) =>
      run(activities.findPatients, { ...at, firstName, lastName, birthDate });
    await expect(find(' ann ', 'SAMPLE', '1986-04-12')).resolves.toMatchObject({
      candidates: [{ patientGuid: ann }],
    });
    await expect(find('Ann', 'Sample', '1986-04-13')).resolves.toEqual({ candidates: [] });
    await expect(find('An', 'Sample', '1986-04-12')).resolves.toEqual({ candidates: [] });
  });

  it('is verified by phone or postal code, whose values stay inside', async () => {
    const verify = (secondFactor: string, patientGuid = ann) =>
      run(activities.verifySecondFactor, { ...at, patientGuid, secondFactor });
    await expect(verify('(555) 555-0101')).resolves.toEqual({ matches: true });
    await expect(verify('30301')).resolves.toEqual({ matches: true });
    await expect(verify('5555550102')).resolves.toEqual({ matches: false });
    await expect(verify('30301', 'ffff0000-0000-4000-8000-0000000000ee')).resolves.toEqual({
      matches: false,
    });
  });

  it('is asked for once a minute when caching is on, and each time when it is off', async () => {
    const order = { ...at, patientGuid: ann, secondFactor: '30301' };
    const cached = await activitiesWith({ gapScale: 0, enableCaching: true });
    const asked = () =>
      logged.filter(
        (line) => inspect(line).includes('cloud9 request') && inspect(line).includes('GetPatientInformation'),
      ).length;
    await run(cached.verifySecondFactor, order);
    await run(cached.verifySecondFactor, order);
    expect(asked()).toBe(1);
    await run(activities.verifySecondFactor, order);
    await run(activities.verifySecondFactor, order);
    expect(asked()).toBe(3);
  });
});

describe('free places', () => {
  it('are of the office, the class and the length of the visit, earliest first', async () => {
    const slots = await findSlots();
    expect(slots[0]).toMatchObject({
      start: '2030-03-05T09:00',
      minutes: 40,
      locationKey: 'downtown',
      slotClass: 'Exams',
    });
    expect(slots.map((slot) => slot.start)).toEqual(slots.map((slot) => slot.start).sort());
    expect(new Set(slots.map((slot) => slot.locationGuid))).toEqual(
      new Set(['aaaa0000-0000-4000-8000-000000000001']),
    );
    const lakeside = await findSlots({ locationKey: 'lakeside' });
    expect(new Set(lakeside.map((slot) => slot.locationGuid))).toEqual(
      new Set(['aaaa0000-0000-4000-8000-000000000002']),
    );
  });

  it('begin after the lead time, by the clock of the office', async () => {
    // 9:00 in New York, 8:00 in Chicago; the practice wants two hours.
    nowMs = Date.UTC(2030, 2, 5, 14);
    const today = { from: '2030-03-04', to: '2030-03-05' };
    const eastern = await findSlots(today);
    expect(eastern.length).toBeGreaterThan(0);
    expect(eastern.every((slot) => slot.start >= '2030-03-05T11:00')).toBe(true);
    const central = await findSlots({ ...today, locationKey: 'lakeside' });
    expect(central.length).toBeGreaterThan(0);
    expect(central.every((slot) => slot.start >= '2030-03-05T10:00')).toBe(true);
  });

  it('leave out what another conversation holds, and keep what is held by their own', async () => {
    const [slot] = await findSlots();
    await store.holds.place({
      tenantId: 'bright-smiles',
      environment: 'sandbox',
      conversationId: 'c2',
      holdId: 'h1',
      expiresAtMs: nowMs + 60_000,
      slots: [slot!],
    });
    await expect(findSlots()).resolves.not.toContainEqual(slot);
    await expect(findSlots({ conversationId: 'c2' })).resolves.toContainEqual(slot);
    nowMs += 60_001;
    await expect(findSlots()).resolves.toContainEqual(slot);
  });

  it('are none beyond the horizon of the practice, without a call', async () => {
    await expect(findSlots({ from: '2030-12-01', to: '2030-12-02' })).resolves.toEqual([]);
    expect(logged).toEqual([]);
  });

  it('are throttled, not absent, when the server says so', async () => {
    await fail('GetOnlineReservations', 'throttle');
    const slow = await activitiesWith({ gapScale: 1, enableCaching: false });
    await expect(run(slow.findSlots, search)).rejects.toMatchObject({
      type: 'Cloud9Throttled',
      nonRetryable: false,
      nextRetryDelay: 15_000,
      category: 'BENIGN',
    });
    const journal = await readFile(path.join(folder, 'logs', 'rate-limit-errors.md'), 'utf8');
    expect(journal).toContain('| bright-smiles | GetOnlineReservations | 15.0 s |');
  });
});

describe('free places, where caching is on', () => {
  let cached: Cloud9Activities;
  beforeEach(async () => {
    cached = await activitiesWith({ gapScale: 0, enableCaching: true });
  });
  const find = (change: object = {}) => run(cached.findSlots, { ...search, ...change });
  const calls = () =>
    logged.filter(
      (line) => inspect(line).includes('cloud9 request') && inspect(line).includes('GetOnlineReservations'),
    ).length;

  it('come from one call for five minutes, whatever part of the horizon is asked for, and say how old they are', async () => {
    const readAtMs = nowMs;
    const first = await find();
    expect(first.fetchedAtMs).toBe(readAtMs);
    nowMs += 5 * 60_000;
    expect(await find({ locationKey: 'lakeside' })).toMatchObject({ fetchedAtMs: readAtMs });
    expect(await find({ to: search.from })).toMatchObject({ fetchedAtMs: readAtMs });
    expect(calls()).toBe(1);
    nowMs += 1;
    expect(await find()).toMatchObject({ fetchedAtMs: nowMs });
    expect(calls()).toBe(2);
  });

  it.each(['throttle', 'empty', 'drop', 'truncated'])(
    'are the old ones for an hour while the practice system answers with %s, and that never takes their place',
    async (fault) => {
      const { slots, fetchedAtMs } = await find();
      nowMs += 30 * 60_000;
      await fail('GetOnlineReservations', fault);
      expect(await find()).toEqual({ slots, fetchedAtMs });
      nowMs += 31 * 60_000;
      await fail('GetOnlineReservations', fault);
      await expect(find()).rejects.toMatchObject({ name: 'ApplicationFailure' });
    },
  );

  it('are read again for somebody who needs to know, and the wait is told instead of an old answer', async () => {
    await find();
    nowMs += 3 * 60_000;
    expect(await find({ maxAgeMs: 120_000 })).toMatchObject({ fetchedAtMs: nowMs });
    await fail('GetOnlineReservations', 'throttle');
    await expect(find({ maxAgeMs: 120_000 })).rejects.toMatchObject({ type: 'Cloud9Throttled' });
  });

  it('do not show what we have booked since they were read, until it is cancelled', async () => {
    const [slot] = (await find()).slots;
    nowMs += 1_000;
    const { sent } = await book('cached-1', ann, slot!);
    await run(activities.reconcileAppointment, { ...at, intentId: 'cached-1' });
    expect((await find()).slots).not.toContainEqual(slot);
    const appointmentGuid = (sent as { appointmentGuid: string }).appointmentGuid;
    const cancel = { ...at, conversationId: 'c1', intentId: 'cached-2', appointmentGuid, patientGuid: ann };
    await run(activities.prepareCancel, cancel);
    await run(activities.cancelAppointment, { ...at, intentId: 'cached-2', attempt: 1 });
    expect((await find()).slots).toContainEqual(slot);
    expect(calls()).toBe(1);
  });

  it('of one tenant are never those of another', async () => {
    await find();
    const river = tenants.get('river-ortho')!;
    await run(cached.findSlots, {
      ...search,
      tenantId: 'river-ortho',
      locationKey: river.locations[0]!.key,
      visitTypeKey: river.visitTypes[0]!.key,
    });
    expect(calls()).toBe(2);
  });
});

describe('a new patient', () => {
  const person = {
    firstName: 'Testa',
    lastName: "O'Fake-Ünit",
    birthDate: '2018-01-02',
    phone: '(555) 555-0100',
    email: null,
  };
  const order = (intentId: string) => ({
    ...at,
    intentId,
    conversationId: 'c1',
    person,
    locationKey: 'downtown',
  });
  const intent = { ...at, intentId: 'p1' };

  it('is looked for first, created once, and found by the next who asks', async () => {
    await expect(run(activities.prepareCreatePatient, order('p1'))).resolves.toEqual({ kind: 'ready' });
    const created = await run(activities.createPatient, { ...intent, attempt: 1 });
    expect(created).toMatchObject({ kind: 'created' });
    await expect(run(activities.createPatient, { ...intent, attempt: 1 })).resolves.toEqual(created);
    await expect(run(activities.prepareCreatePatient, order('p2'))).resolves.toMatchObject({
      kind: 'existing',
    });
    await expect(store.ledger.list('bright-smiles', 'c1')).resolves.toMatchObject([
      { kind: 'patientCreated' },
    ]);
    expect(await sends('SetPatient')).toBe(1);
    const { candidates } = await run(activities.findPatients, { ...at, ...person });
    expect(candidates).toHaveLength(1);
  });

  it('is adopted after a commit whose answer was lost, and exists once', async () => {
    await fail('SetPatient', 'commitThenDrop');
    await run(activities.prepareCreatePatient, order('p1'));
    await expect(run(activities.createPatient, { ...intent, attempt: 1 })).resolves.toEqual({
      kind: 'unclear',
    });
    const seen = await run(activities.reconcilePatient, intent);
    expect(seen).toMatchObject({ kind: 'found' });
    expect(await sends('SetPatient')).toBe(1);
    await expect(run(activities.findPatients, { ...at, ...person })).resolves.toMatchObject({
      candidates: { length: 1 },
    });
  });

  it('is absent after a failure before the commit, and may then be sent again', async () => {
    await fail('SetPatient', '502');
    await run(activities.prepareCreatePatient, order('p1'));
    await expect(run(activities.createPatient, { ...intent, attempt: 1 })).resolves.toEqual({
      kind: 'unclear',
    });
    await expect(run(activities.reconcilePatient, intent)).resolves.toEqual({ kind: 'absent' });
    await expect(run(activities.createPatient, { ...intent, attempt: 2 })).resolves.toMatchObject({
      kind: 'created',
    });
    await expect(run(activities.findPatients, { ...at, ...person })).resolves.toMatchObject({
      candidates: { length: 1 },
    });
  });

  it.each(['envelope', 'result'])(
    'that is refused is refused in either channel (%s)',
    async (setPatientErrors) => {
      await admin('PUT', 'knobs', { setPatientErrors, rejectDuplicatePhone: true });
      await run(activities.prepareCreatePatient, {
        ...order('p1'),
        person: { ...person, phone: '5555550101' },
      });
      await expect(run(activities.createPatient, { ...intent, attempt: 1 })).resolves.toMatchObject({
        kind: 'refused',
      });
    },
  );
});

describe('a booking', () => {
  it('is made, verified and listed, and its place is gone', async () => {
    const slot = await firstSlot();
    const { sent, reconcile } = await book('b1', ann, slot);
    expect(sent.kind).toBe('sent');
    await expect(reconcile()).resolves.toMatchObject({ kind: 'found' });
    const { appointments } = await run(activities.listAppointments, { ...at, patientGuid: ann });
    expect(appointments.filter((row) => row.start === slot.start)).toMatchObject([
      { status: 'Scheduled', locationKey: 'downtown', minutes: 40, confirmed: false },
    ]);
    await expect(findSlots()).resolves.not.toContainEqual(slot);
    await expect(store.ledger.list('bright-smiles', 'c1')).resolves.toMatchObject([
      { kind: 'booked', patientGuid: ann },
    ]);
  });

  it('loses honestly against somebody who was faster', async () => {
    const slot = await firstSlot();
    await booked('b1', ben, slot);
    expect((await book('b2', ann, slot)).sent).toEqual({ kind: 'slotTaken' });
  });

  it.each(['commitThenDrop', 'commitThen502', 'truncated', 'empty'])(
    'is adopted after %s: one appointment, one send',
    async (kind) => {
      await fail('SetAppointment', kind);
      const slot = await firstSlot();
      const { sent, reconcile } = await book('b1', ann, slot);
      expect(sent).toEqual({ kind: 'unclear' });
      await expect(reconcile()).resolves.toMatchObject({ kind: 'found' });
      expect(await sends('SetAppointment')).toBe(1);
      const made = (await appointmentsInTheBook()).filter(
        (row) => row.patientGuid === ann && row.start === slot.start,
      );
      expect(made).toHaveLength(1);
    },
  );

  it('is sent a second time after a failure before the commit: one appointment in total', async () => {
    await fail('SetAppointment', '502');
    const slot = await firstSlot();
    const { sent, reconcile, again } = await book('b1', ann, slot);
    expect(sent).toEqual({ kind: 'unclear' });
    await expect(reconcile()).resolves.toEqual({ kind: 'absent' });
    await expect(again()).resolves.toMatchObject({ kind: 'sent' });
    await expect(reconcile()).resolves.toMatchObject({ kind: 'found' });
    const made = (await appointmentsInTheBook()).filter(
      (row) => row.patientGuid === ann && row.start === slot.start,
    );
    expect(made).toHaveLength(1);
  });

  it('that was resent blindly reads as taken, and reading finds that it is ours', async () => {
    await fail('SetAppointment', 'commitThenDrop');
    const { again, reconcile } = await book('b1', ann, await firstSlot());
    await expect(again()).resolves.toEqual({ kind: 'slotTaken' });
    await expect(reconcile()).resolves.toMatchObject({ kind: 'found' });
  });

  it('waits, with nothing sent, when the server throttles; the same attempt then books', async () => {
    await fail('SetAppointment', 'throttle');
    const { sent } = await book('b1', ann, await firstSlot());
    expect(sent).toEqual({ kind: 'wait', waitMs: 0 });
    await expect(
      run(activities.setAppointment, { ...at, intentId: 'b1', attempt: 1 }),
    ).resolves.toMatchObject({ kind: 'sent' });
  });

  it('waits its turn behind another one without holding the activity', async () => {
    const slot = await firstSlot();
    activities = await activitiesWith({ gapScale: 1, enableCaching: false });
    await booked('b1', ann, slot);
    const begun = Date.now();
    const other = (await store.intents.get('bright-smiles', 'b1'))!;
    expect(other.status).toBe('done');
    const { sent } = await book('b2', ben, { ...slot, start: '2030-03-05T09:40' });
    expect(sent).toMatchObject({ kind: 'wait' });
    expect(Date.now() - begun).toBeLessThan(6_000);
    expect((await store.intents.get('bright-smiles', 'b2'))?.attempts).toBe(0);
  });
});

describe('a cancellation', () => {
  it('is read back, frees the place, and is no error the second time', async () => {
    const slot = await firstSlot();
    const guid = await booked('b1', ann, slot);
    await expect(cancel('x1', guid)).resolves.toEqual({ kind: 'cancelled' });
    await expect(findSlots()).resolves.toContainEqual(slot);
    await expect(cancel('x2', guid)).resolves.toEqual({ kind: 'alreadyCancelled' });
    await expect(run(activities.reconcileCancel, { ...at, intentId: 'x1' })).resolves.toEqual({
      kind: 'cancelled',
    });
    const cancels = (await store.ledger.list('bright-smiles', 'c1')).filter(
      ({ kind }) => kind === 'cancelled',
    );
    expect(cancels.map(({ detail }) => detail)).toEqual([{}, { already: true }]);
  });

  it('after a lost answer is found by reading', async () => {
    const guid = await booked('b1', ann, await firstSlot());
    await fail('SetAppointmentStatusCanceled', 'commitThenDrop');
    await expect(cancel('x1', guid)).resolves.toEqual({ kind: 'unclear' });
    await expect(run(activities.reconcileCancel, { ...at, intentId: 'x1' })).resolves.toEqual({
      kind: 'cancelled',
    });
  });

  it('that never happened is found as still active', async () => {
    const guid = await booked('b1', ann, await firstSlot());
    await fail('SetAppointmentStatusCanceled', '502');
    await expect(cancel('x1', guid)).resolves.toEqual({ kind: 'unclear' });
    await expect(run(activities.reconcileCancel, { ...at, intentId: 'x1' })).resolves.toEqual({
      kind: 'active',
    });
    expect((await store.intents.get('bright-smiles', 'x1'))?.status).toBe('absent');
    await expect(run(activities.cancelAppointment, { ...at, intentId: 'x1', attempt: 2 })).resolves.toEqual({
      kind: 'cancelled',
    });
  });

  it('of a past appointment is never called a success', async () => {
    const guid = await booked('b1', ann, await firstSlot());
    nowMs = Date.UTC(2030, 2, 9);
    await expect(cancel('x1', guid)).resolves.toEqual({ kind: 'inThePast' });
    await expect(store.ledger.list('bright-smiles', 'c1')).resolves.toMatchObject([{ kind: 'booked' }]);
  });

  it.each(['result', 'code3'])(
    'of an unknown appointment is told as not found (%s)',
    async (unknownAppointment) => {
      await admin('PUT', 'knobs', { unknownAppointment });
      await expect(cancel('x1', '99990000-0000-4000-8000-0000000000ee')).resolves.toEqual({
        kind: 'refused',
        reason: 'notFound',
      });
    },
  );

  it('is not believed before it can be seen', async () => {
    const guid = await booked('b1', ann, await firstSlot());
    await admin('PUT', 'knobs', { readAfterWriteLagMs: 60_000 });
    await expect(cancel('x1', guid)).resolves.toEqual({ kind: 'unclear' });
    await admin('PUT', 'knobs', { readAfterWriteLagMs: 0 });
    await expect(run(activities.reconcileCancel, { ...at, intentId: 'x1' })).resolves.toEqual({
      kind: 'cancelled',
    });
  });
});

describe('what leaves the room', () => {
  it('holds no credential and nothing personal: neither failures nor logs nor the journal', async () => {
    const person = {
      firstName: 'Testa',
      lastName: 'Fake',
      birthDate: '2018-01-02',
      phone: '5555550199',
      email: 'nobody@example.invalid',
    };
    await run(activities.prepareCreatePatient, {
      ...at,
      intentId: 'p1',
      conversationId: 'c1',
      person,
      locationKey: 'downtown',
    });
    await fail('SetPatient', 'throttle');
    const told: unknown[] = [await run(activities.createPatient, { ...at, intentId: 'p1', attempt: 1 })];
    for (const kind of ['502', 'throttle', 'windowClosed', 'malformed', 'drop']) {
      await fail('GetPortalPatientLookup', kind);
      told.push(await run(activities.findPatients, { ...at, ...person }).catch((error: unknown) => error));
    }
    const journal = await readFile(path.join(folder, 'logs', 'rate-limit-errors.md'), 'utf8');
    const everything = inspect([told, logged, journal], { depth: 12 });
    expect(everything).toContain('SetPatient');
    for (const secret of [
      'sim-pass',
      'sim-user',
      '11111111-1111',
      'Testa',
      'Fake',
      '5555550199',
      'example.invalid',
      '2018-01',
    ]) {
      expect(everything).not.toContain(secret);
    }
  });
});
