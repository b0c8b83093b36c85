import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createTemporalClient } from '../../platform/temporal/connection.js';
import { loadOrCreateMasterKeys } from '../../platform/secrets/master-keys.js';
import { loadTenants } from '../../platform/tenants/load-tenants.js';
import { reconcileReferenceSchedules } from '../../worker/schedules/reference-schedules.js';
import { isReferenceScheduleId } from '../../workflows/ids.js';
import { openDesk, openDeskOf, type Desk } from '../kit/desk.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

let stack: Stack;
let desk: Desk;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  desk = await openDesk(stack);
});
beforeEach(() => stack.practice.clearFaults());

const refresh = (body = {}) => desk.call('POST', '/api/reference/refresh', body);
const names = (rows: unknown) =>
  (rows as { name?: string; description?: string }[]).map((row) => row.name ?? row.description);
const scheduleIds = async (): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { scheduleId } of stack.client.schedule.list()) ids.push(scheduleId);
  return ids.filter(isReferenceScheduleId).sort();
};
const everySchedule = ['bright-smiles', 'river-ortho'].flatMap((tenant) =>
  ['production', 'sandbox'].map((environment) => `reference/${tenant}/${environment}`),
);

it('is synced when a worker starts for the first time, by a schedule for each practice and environment', async () => {
  await vi.waitUntil(
    async () => (await desk.call('GET', '/api/reference/locations')).body['readAtMs'] !== null,
    30_000,
  );
  await vi.waitUntil(async () => (await scheduleIds()).length >= 4, 10_000);
  expect(await scheduleIds()).toEqual(everySchedule);
  const { spec, policies } = await stack.client.schedule.getHandle(everySchedule[1]!).describe();
  expect(spec.jitter).toBe(600_000);
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 3_600_000 });
});

it('is no failure of an environment that the practice has no account for yet', async () => {
  const production = { 'x-environment': 'production' };
  const failures = async () => (await stack.logs()).split('No cloud9 credentials for production').length;
  const before = await failures();
  const asked = await desk.call('POST', '/api/reference/refresh', {}, production);
  const kinds = ['locations', 'chairs', 'appointmentTypes', 'providers'];
  expect(asked).toMatchObject({
    status: 200,
    body: { outcome: 'kept', kinds: kinds.map((kind) => ({ kind, result: 'notConfigured' })) },
  });
  const { body } = await desk.call('GET', '/api/reference/locations', undefined, production);
  expect(body).toMatchObject({ readAtMs: null, lastTry: { result: 'notConfigured' } });
  expect(await failures()).toBe(before);
});

it('shows offices with their chairs and our keys, types and providers, with their age', async () => {
  expect(await refresh()).toMatchObject({ status: 200, body: { outcome: 'synced' } });
  const { body: locations } = await desk.call('GET', '/api/reference/locations');
  expect(locations).toMatchObject({ lastTry: { result: 'synced' }, ageMs: expect.any(Number) as number });
  expect(locations['locations']).toContainEqual(
    expect.objectContaining({ key: 'downtown', timeZone: 'America/New_York' }),
  );
  const [first] = locations['locations'] as { chairs: unknown[] }[];
  expect(first!.chairs.length).toBeGreaterThan(0);
  const { body: types } = await desk.call('GET', '/api/reference/appointment-types');
  expect(types['appointmentTypes']).toContainEqual(
    expect.objectContaining({ key: 'exam', minutes: 40, online: true }),
  );
  const { body: providers } = await desk.call('GET', '/api/reference/providers');
  expect(providers['providers']).toContainEqual(
    expect.objectContaining({ providerGuid: 'eeee0000-0000-4000-8000-000000000001' }),
  );
});

it.each(['throttle', 'drop'])(
  'stays what it was when the practice system answers with %s, and says so; the other kinds are synced',
  async (fault) => {
    await refresh();
    const before = (await desk.call('GET', '/api/reference/locations')).body;
    await stack.practice.fail('GetLocations', fault, { times: 100 });
    const { body } = await desk.call('POST', '/api/reference/refresh?waitMs=60000', {});
    expect(body).toMatchObject({ outcome: 'partial' });
    const after = (await desk.call('GET', '/api/reference/locations')).body;
    expect(names(after['locations'])).toEqual(names(before['locations']));
    expect(after['readAtMs']).toBe(before['readAtMs']);
    expect(after['lastTry']).toMatchObject({
      result: fault === 'throttle' ? 'throttled' : 'unavailable',
    });
  },
);

it('is read once when ten people ask for it at the same moment', async () => {
  await refresh();
  await stack.practice.fail('GetLocations', 'hang', { times: 1 });
  const calls = await stack.practice.callCount('GetLocations');
  const asked = Promise.all(Array.from({ length: 10 }, () => refresh()));
  await vi.waitUntil(async () => (await stack.practice.callCount('GetLocations')) > calls, 10_000);
  await stack.practice.release();
  const answers = await asked;
  expect(new Set(answers.map(({ body }) => body['workflowId'])).size).toBe(1);
  expect(answers.filter(({ body }) => body['joined'] === false).length).toBeLessThanOrEqual(1);
  expect(await stack.practice.callCount('GetLocations')).toBe(calls + 1);
});

it('is shown to viewers, refreshed by operators, and hidden from everybody else', async () => {
  const viewer = await openDeskOf(stack, { tenantId: 'bright-smiles', role: 'viewer' });
  expect(await viewer.call('GET', '/api/reference/providers')).toMatchObject({ status: 200 });
  expect(await viewer.call('POST', '/api/reference/refresh', {})).toMatchObject({ status: 403 });
  const stranger = await openDeskOf(stack, { tenantId: 'river-ortho', role: 'operator' }, 'bright-smiles');
  expect(await stranger.call('GET', '/api/reference/locations')).toMatchObject({ status: 403 });
  expect(await stranger.call('POST', '/api/reference/refresh', {})).toMatchObject({ status: 403 });
});

it('has no schedule for a practice that is gone, and one again when it is back; a pause by an operator stays', async () => {
  const tenants = await loadTenants('tenants');
  const paused = stack.client.schedule.getHandle('reference/bright-smiles/production');
  await paused.pause('sample pause');
  const client = createTemporalClient(stack.config, await loadOrCreateMasterKeys(stack.config));
  const without = { list: () => tenants.list().filter(({ slug }) => slug !== 'river-ortho') };
  await reconcileReferenceSchedules(client, without);
  await vi.waitUntil(async () => (await scheduleIds()).length === 2, 10_000);
  await reconcileReferenceSchedules(client, tenants);
  await reconcileReferenceSchedules(client, tenants);
  await vi.waitUntil(async () => (await scheduleIds()).length === 4, 10_000);
  expect((await paused.describe()).state).toMatchObject({ paused: true, note: 'sample pause' });
  await client.connection.close();
});

it('is compared with the settings of the practice, and each difference says what to do', async () => {
  expect(await desk.call('GET', '/api/reference/check')).toMatchObject({
    status: 200,
    body: { problems: [] },
  });
});
