import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { consentToHold, findAndHold, newFamily } from '../kit/booking-script.js';
import { openDesk, openDeskOf, type Desk } from '../kit/desk.js';
import { say } from '../kit/model-script.js';
import { startStack, type Stack } from '../kit/stack.js';

let stack: Stack;
let desk: Desk;
beforeAll(async () => {
  stack = await startStack();
  desk = await openDesk(stack);
});
afterAll(() => stack.stop());

async function bookByApi(test: boolean): Promise<string> {
  const from = addDays(practiceDateOf(Date.now(), 'America/New_York'), 1);
  const query = `location=downtown&visitType=exam&from=${from}&to=${addDays(from, 27)}`;
  const { slots } = (await desk.call('GET', `/api/appointments/available?${query}`)).body as {
    slots: { slot: string }[];
  };
  const patient = {
    firstName: 'Testa',
    lastName: `Fake-${randomUUID().slice(0, 8)}`,
    birthDate: '2014-05-06',
    phone: '5555550142',
  };
  const made = await desk.call(
    'POST',
    '/api/appointments?waitMs=60000',
    { visits: [{ slot: slots[0]!.slot, patient }], test },
    { 'idempotency-key': randomUUID() },
  );
  return (made.body['visits'] as { appointmentGuid: string }[])[0]!.appointmentGuid;
}

it('are all found and cancelled, from conversations and calls, with the worker killed on the way; nothing else is', async () => {
  expect(await desk.call('GET', '/api/test-records/cancel')).toMatchObject({ status: 404 });
  const caller = await stack.caller();
  await stack.model.play(caller.conversationId, [
    ...newFamily(1),
    ...findAndHold(1),
    say('Shall I book it?'),
    ...consentToHold(1),
  ]);
  await caller.say('My daughter is new. Exam please.');
  await caller.say('Yes, please book it.');
  const inConversation = (await stack.practice.bookings()).map(({ appointmentGuid }) => appointmentGuid);
  const marked = await bookByApi(true);
  const real = await bookByApi(false);

  const { body } = await desk.call('GET', '/api/test-records');
  const records = body['records'] as { kind: string; appointmentGuid: string | null; status: string }[];
  expect(
    records
      .filter(({ kind }) => kind === 'appointment')
      .map((record) => record.appointmentGuid)
      .sort(),
  ).toEqual([...inConversation, marked].sort());
  expect(records.filter(({ status }) => status === 'left')).toHaveLength(2);

  await stack.practice.fail('SetAppointmentStatusCanceled', 'commitThenHang');
  const committed = await stack.practice.nextCommit('SetAppointmentStatusCanceled');
  const cancelled = desk.call('POST', '/api/test-records/cancel?waitMs=60000');
  await committed();
  await stack.worker.kill();
  await stack.worker.start();
  const found = inConversation.length + 1;
  const state = { outcome: 'allCancelled', found, cancelled: found, kept: [] };
  expect(await cancelled).toMatchObject({ status: 200, body: state });
  expect(await desk.call('GET', '/api/test-records/cancel')).toMatchObject({ body: state });
  expect((await stack.practice.bookings()).map(({ appointmentGuid }) => appointmentGuid)).toEqual([real]);
  expect(await desk.call('POST', '/api/test-records/cancel')).toMatchObject({ body: { found: 0 } });
});

it('stay test records when a test appointment is moved by somebody who does not mark it', async () => {
  const appointmentGuid = await bookByApi(true);
  const mine = async () =>
    (
      (await desk.call('GET', '/api/test-records?limit=100')).body['records'] as {
        appointmentGuid: string | null;
        patientGuid: string;
        status: string;
      }[]
    ).filter((record) => record.status === 'booked');
  const [{ patientGuid } = { patientGuid: '' }] = (await mine()).filter(
    (record) => record.appointmentGuid === appointmentGuid,
  );
  const from = addDays(practiceDateOf(Date.now(), 'America/New_York'), 1);
  const query = `location=downtown&visitType=exam&from=${from}&to=${addDays(from, 27)}`;
  const { slots } = (await desk.call('GET', `/api/appointments/available?${query}`)).body as {
    slots: { slot: string }[];
  };
  const moved = await desk.call(
    'POST',
    `/api/appointments/${appointmentGuid}/reschedule?waitMs=60000`,
    { patientGuid, slot: slots[0]!.slot },
    { 'idempotency-key': randomUUID() },
  );
  expect(moved).toMatchObject({ status: 201, body: { outcome: 'moved' } });
  const [visit] = moved.body['visits'] as { appointmentGuid: string }[];
  expect((await mine()).map((record) => record.appointmentGuid)).toEqual([visit!.appointmentGuid]);
});

it('are nobody else’s', async () => {
  const stranger = await openDeskOf(stack, { tenantId: 'river-ortho', role: 'operator' }, 'bright-smiles');
  expect(await stranger.call('GET', '/api/test-records')).toMatchObject({ status: 403 });
  expect(await stranger.call('POST', '/api/test-records/cancel')).toMatchObject({ status: 403 });
  const own = await openDesk(stack, 'river-ortho');
  expect((await own.call('GET', '/api/test-records')).body['records']).toEqual([]);
});
