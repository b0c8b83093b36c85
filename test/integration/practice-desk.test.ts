import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addDays, practiceDateOf } from '../../domain/time/practice-time.js';
import { openDesk, openDeskOf, type Desk, type DeskAnswer } from '../kit/desk.js';
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

const key = () => ({ 'idempotency-key': randomUUID() });
const person = () => ({
  firstName: 'Testa',
  lastName: `Fake-${randomUUID().slice(0, 8)}`,
  birthDate: '2014-05-06',
  phone: '5555550142',
});
const create = (body: object, headers: Record<string, string> = key()) =>
  desk.call('POST', '/api/patients?waitMs=60000', { location: 'downtown', ...body }, headers);
const recordsOf = async (lastName: string) =>
  (await stack.practice.patients()).filter((patient) => patient.lastName === lastName);

async function freeSlots(): Promise<readonly { slot: string; start: string }[]> {
  const today = practiceDateOf(Date.now(), 'America/New_York');
  const from = addDays(today, 1);
  const query = `location=downtown&visitType=exam&from=${from}&to=${addDays(from, 27)}`;
  const { body } = await desk.call('GET', `/api/appointments/available?${query}`);
  return body['slots'] as { slot: string; start: string }[];
}
const book = (visits: readonly object[], headers: Record<string, string> = key(), more: object = {}) =>
  desk.call('POST', '/api/appointments?waitMs=60000', { visits, ...more }, headers);
const guidsOf = ({ body }: DeskAnswer) => {
  const [visit] = body['visits'] as { patientGuid: string; appointmentGuid: string }[];
  return visit!;
};

describe('a patient', () => {
  it('is created once when the practice system commits and then drops the connection', async () => {
    const someone = person();
    await stack.practice.fail('SetPatient', 'commitThenDrop');
    const made = await create(someone);
    expect(made.status).toBe(201);
    expect(await recordsOf(someone.lastName)).toHaveLength(1);
    const query = `name=${someone.lastName}, Testa&birthDate=2014-05-06`;
    const found = await desk.call('GET', `/api/patients?${query}`);
    expect(found.body['patients']).toMatchObject([
      { patientGuid: made.body['patientGuid'], lastName: someone.lastName },
    ]);
    const file = await desk.call('GET', `/api/patients/${String(made.body['patientGuid'])}`);
    expect(file.body).toMatchObject({ fullName: `Testa ${someone.lastName}`, phone: '5555550142' });
  });

  it('is created once when the same key comes ten times at once, and the key stands for this body only', async () => {
    const someone = person();
    const headers = key();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(someone, headers)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    expect(await recordsOf(someone.lastName)).toHaveLength(1);
    expect(await create(someone, headers)).toEqual(answers[0]);
    expect(await create({ ...someone, firstName: 'Other' }, headers)).toMatchObject({ status: 409 });
  });

  it('that the practice has is named instead of doubled, unless a second record is asked for', async () => {
    const someone = person();
    const first = await create(someone);
    const again = await create(someone);
    expect(again.status).toBe(409);
    expect(String(again.body['detail'])).toContain(String(first.body['patientGuid']));
    expect(await recordsOf(someone.lastName)).toHaveLength(1);
    expect(await create({ ...someone, evenIfKnown: true })).toMatchObject({ status: 201 });
    expect(await recordsOf(someone.lastName)).toHaveLength(2);
  });

  it('is created once when the worker dies while the answer is awaited', async () => {
    const someone = person();
    await stack.practice.fail('SetPatient', 'commitThenHang');
    const committed = await stack.practice.nextCommit('SetPatient');
    const made = create(someone);
    await committed();
    await stack.worker.kill();
    await stack.worker.start();
    expect((await made).status).toBe(201);
    expect(await recordsOf(someone.lastName)).toHaveLength(1);
  });

  it('cannot be created without a key, cannot be changed where that is not authorised, and takes a marked comment', async () => {
    const someone = person();
    expect(await create(someone, {})).toMatchObject({ status: 422 });
    const patientGuid = String((await create(someone)).body['patientGuid']);
    const { firstName, lastName, birthDate } = someone;
    expect(
      await desk.call('PUT', `/api/patients/${patientGuid}`, { firstName, lastName, birthDate }),
    ).toMatchObject({
      status: 502,
      body: { type: 'urn:chairside:problem:Cloud9NotAuthorised' },
    });
    const comment = await desk.call(
      'POST',
      `/api/patients/${patientGuid}/comments`,
      { text: 'A & B <c>' },
      key(),
    );
    expect(comment.status).toBe(201);
    const [write] = (await stack.practice.writes('SetPatientComment')).slice(-1);
    expect(write!.parameters['patComment']).toBe(`A & B <c> [${String(comment.body['marker'])}]`);
  });
});

describe('an appointment', () => {
  it('is booked once for a new patient when both writes commit and drop, listed, confirmed, moved and cancelled', async () => {
    const before = (await stack.practice.bookings()).length;
    const [first, second] = await freeSlots();
    await stack.practice.fail('SetPatient', 'commitThenDrop');
    await stack.practice.fail('SetAppointment', 'commitThenDrop');
    const headers = key();
    const made = await book([{ slot: first!.slot, patient: person() }], headers);
    expect(made).toMatchObject({ status: 201, body: { outcome: 'booked' } });
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
    const { patientGuid, appointmentGuid } = guidsOf(made);

    const list = await desk.call('GET', `/api/appointments?patient=${patientGuid}`);
    expect(list.body['appointments']).toMatchObject([
      { appointmentGuid, status: 'Scheduled', confirmed: false },
    ]);
    const day = await desk.call('GET', `/api/appointments?date=${first!.start.slice(0, 10)}`);
    expect(day.body['complete']).toBe(true);
    expect(day.body['appointments']).toContainEqual(expect.objectContaining({ appointmentGuid }));

    const path = `/api/appointments/${appointmentGuid}`;
    expect(await desk.call('POST', `${path}/confirm`, { patientGuid })).toMatchObject({ status: 200 });
    const moved = await desk.call(
      'POST',
      `${path}/reschedule?waitMs=60000`,
      { patientGuid, slot: second!.slot },
      key(),
    );
    expect(moved).toMatchObject({ status: 201, body: { outcome: 'moved' } });
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
    expect(await desk.call('POST', `${path}/confirm`, { patientGuid })).toMatchObject({ status: 409 });
    const newPath = `/api/appointments/${guidsOf(moved).appointmentGuid}`;
    expect(await desk.call('POST', `${newPath}/cancel`, { patientGuid })).toMatchObject({
      body: { outcome: 'cancelled' },
    });
    expect(await desk.call('POST', `${newPath}/cancel`, { patientGuid })).toMatchObject({
      body: { outcome: 'alreadyCancelled' },
    });
    expect(await desk.call('POST', `${newPath}/cancel`, { patientGuid: randomUUID() })).toMatchObject({
      status: 404,
    });
    expect(await stack.practice.bookings()).toHaveLength(before);
    expect(await book([{ slot: first!.slot, patient: person() }], headers)).toMatchObject({ status: 409 });
  });

  it('is booked once when the same key comes ten times at once', async () => {
    const before = (await stack.practice.bookings()).length;
    const [slot] = await freeSlots();
    const visits = [{ slot: slot!.slot, patient: person() }];
    const headers = key();
    const answers = await Promise.all(Array.from({ length: 10 }, () => book(visits, headers)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 201, body: { outcome: 'booked' } });
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('is booked once when the worker dies between commit and answer', async () => {
    const before = (await stack.practice.bookings()).length;
    const [slot] = await freeSlots();
    await stack.practice.fail('SetAppointment', 'commitThenHang');
    const committed = await stack.practice.nextCommit('SetAppointment');
    const made = book([{ slot: slot!.slot, patient: person() }]);
    await committed();
    await stack.worker.kill();
    await stack.worker.start();
    expect(await made).toMatchObject({ status: 201, body: { outcome: 'booked' } });
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('is booked for one of two who want the same slot; the other hears that it is taken', async () => {
    const before = (await stack.practice.bookings()).length;
    const [slot] = await freeSlots();
    const wanted = [1, 2].map(() => book([{ slot: slot!.slot, patient: person() }]));
    const statuses = (await Promise.all(wanted)).map(({ status }) => status).sort();
    expect(statuses).toEqual([201, 409]);
    expect(await stack.practice.bookings()).toHaveLength(before + 1);
  });

  it('is refused for an invented slot, one of another practice, and somebody too young', async () => {
    const [slot] = await freeSlots();
    const { slots } = (
      await desk.call(
        'GET',
        `/api/appointments/available?location=downtown&visitType=exam&from=${slot!.start.slice(0, 10)}&to=${slot!.start.slice(0, 10)}`,
      )
    ).body as { slots: { slot: string }[] };
    const held = (await stack.practice.appointments()).length;
    const admin = await openDesk(stack, 'river-ortho');
    const foreign = await admin.call(
      'POST',
      '/api/appointments',
      { visits: [{ slot: slots[0]!.slot, patient: person() }] },
      key(),
    );
    expect(foreign).toMatchObject({ status: 422 });
    expect(await book([{ slot: 'v1.test.invented.invented', patient: person() }])).toMatchObject({
      status: 422,
    });
    expect(
      await book([{ slot: slots[0]!.slot, patient: { ...person(), birthDate: '2030-01-01' } }]),
    ).toMatchObject({ status: 422 });
    expect(await stack.practice.appointments()).toHaveLength(held);
  });
});

it('is nobody else’s: other practices get 403, viewers may not write, each write leaves an audit row', async () => {
  const stranger = await openDeskOf(stack, { tenantId: 'river-ortho', role: 'operator' }, 'bright-smiles');
  const viewer = await openDeskOf(stack, { tenantId: 'bright-smiles', role: 'viewer' });
  for (const outsider of [stranger, viewer]) {
    expect(await outsider.call('GET', '/api/patients?name=Fake')).toMatchObject({ status: 403 });
    expect(
      await outsider.call('POST', '/api/patients', { ...person(), location: 'downtown' }, key()),
    ).toMatchObject({ status: 403 });
  }
  const made = await create(person());
  const audit = await desk.call('GET', '/api/audit');
  expect(audit.body['entries']).toContainEqual(
    expect.objectContaining({
      action: 'desk.registerPatient',
      detail: { orderId: made.body['orderId'], environment: 'sandbox', isTest: false },
    }),
  );
});

describe('an order whose answer is not there', () => {
  const slow = '?waitMs=0';
  const booked = async () => {
    const [slot] = await freeSlots();
    return guidsOf(await book([{ slot: slot!.slot, patient: person() }]));
  };

  it('is told as unknown, with the place to look at, when the practice system did not say whether it confirmed', async () => {
    const { patientGuid, appointmentGuid } = await booked();
    await stack.practice.fail('SetAppointmentStatusConfirmed', 'commitThenDrop', { times: 1 });
    await stack.practice.fail('GetAppointmentListByPatient', '502', { afterCalls: 1, times: 20 });
    const told = await desk.call('POST', `/api/appointments/${appointmentGuid}/confirm?waitMs=60000`, {
      patientGuid,
    });
    expect(told).toMatchObject({ status: 504, body: { type: 'urn:chairside:problem:OutcomeUnknown' } });
    expect(String(told.body['detail'])).toContain(`/api/appointments?patient=${patientGuid}`);
    expect(String(told.body['detail'])).not.toMatch(/nothing was changed/i);
  });

  it('has an address that waits for it, tells what was made, and is nobody else’s', async () => {
    const [slot] = await freeSlots();
    const headers = key();
    const taken = await desk.call(
      'POST',
      `/api/appointments${slow}`,
      { visits: [{ slot: slot!.slot, patient: person() }] },
      headers,
    );
    expect(taken).toMatchObject({ status: 202, body: { status: 'running' } });
    const statusUrl = String(taken.body['statusUrl']);
    const ended = await desk.call('GET', `${statusUrl}?waitMs=60000`);
    expect(ended).toMatchObject({
      status: 200,
      body: { operation: 'book', status: 'ended', outcome: 'visits', visits: [{ kind: 'booked' }] },
    });
    // The same from what was kept, once the workflow is not asked any more.
    expect(await desk.call('GET', statusUrl)).toEqual(ended);

    const { appointmentGuid, patientGuid } = guidsOf(ended);
    const cancelled = await desk.call('POST', `/api/appointments/${appointmentGuid}/cancel${slow}`, {
      patientGuid,
    });
    const { body } = await desk.call('GET', `${String(cancelled.body['statusUrl'])}?waitMs=60000`);
    expect(body).toMatchObject({ operation: 'cancel', status: 'ended', outcome: 'cancelled' });

    const other = await openDesk(stack, 'river-ortho');
    expect(await other.call('GET', statusUrl)).toMatchObject({ status: 404 });
  });
});
