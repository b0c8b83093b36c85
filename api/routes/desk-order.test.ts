import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiScene, type ApiScene } from '../../test/kit/api-scene.js';
import { sealPlace } from './slot-token.js';

let scene: ApiScene;
beforeAll(async () => {
  scene = await apiScene();
});
afterAll(() => scene.close());

it('a kept answer is given again under its key when the slot of the request is too old to be booked; a new key is refused', async () => {
  const { token } = await scene.user('operator', [{ tenantId: 'bright-smiles', role: 'operator' }]);
  const offered = {
    slot: {
      viewGuid: 'bbbb0000-0000-4000-8000-000000000001',
      columnGuid: 'cccc0000-0000-4000-8000-000000000001',
      locationGuid: 'aaaa0000-0000-4000-8000-000000000001',
      locationKey: 'downtown',
      start: '2099-03-05T09:00',
      minutes: 40,
      slotClass: 'Exams',
    },
    visitTypeKey: 'exam',
    fetchedAtMs: Date.now(),
  };
  const slot = sealPlace(scene.services.sealer, 'bright-smiles', 'sandbox', offered);
  const patient = { firstName: 'Testa', lastName: 'Fake', birthDate: '2014-05-06', phone: '5555550142' };
  const order = (key: string) =>
    scene.call('POST', '/api/appointments', {
      token,
      tenant: 'bright-smiles',
      headers: { 'idempotency-key': key },
      body: { visits: [{ slot, patient }] },
    });
  // Temporal is away, but the order is remembered; then it is carried out and settled.
  expect((await order('key-of-this-order')).status).toBe(503);
  const { rows } = await scene.services.store.audit.list('bright-smiles', { limit: 1 });
  const { orderId } = rows[0]?.detail as { orderId: string };
  const visit = {
    patientRef: 'V1',
    kind: 'booked',
    patientGuid: 'p',
    appointmentGuid: 'a',
    slot: offered.slot,
  };
  await scene.services.store.deskOrders.settle('bright-smiles', orderId, {
    kind: 'visits',
    visits: [visit],
    replaced: null,
  });

  scene.clock.aheadMs = 31 * 60_000;
  expect(await order('key-of-this-order')).toMatchObject({
    status: 201,
    body: { orderId, outcome: 'booked' },
  });
  expect((await order('another-key-than-that')).status).toBe(422);
});
