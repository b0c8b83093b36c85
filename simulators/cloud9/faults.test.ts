import { afterEach, expect, test } from 'vitest';
import type { LedgerEntry } from './ledger.js';
import {
  envelope,
  lookup,
  names,
  newPatient,
  startNotePractice,
  theDay,
  visit,
  type RawCaller,
} from './testing/raw-caller.js';

let practice: RawCaller;
afterEach(() => practice.close());

const order = (fault: Record<string, unknown>) => practice.admin('POST', '/faults', fault);
const bookings = async (): Promise<number> =>
  (await practice.call('GetAppointmentListByPatient', { patGUID: names.pat1 })).records.length - 2; // two are seeded
const ledger = async (): Promise<readonly LedgerEntry[]> =>
  ((await practice.admin('GET', '/ledger')).body as { writes: LedgerEntry[] }).writes;

/** Awaits a state that the server reports; admin calls answer in a millisecond. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
const hanging = async (): Promise<number> =>
  ((await practice.admin('GET', '/faults')).body as { hanging: number }).hanging;

test('cases 34 and 37: commit then drop leaves one appointment behind a broken connection, and a resend gets the time-slot error', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: 'commitThenDrop' });
  await expect(practice.call('SetAppointment', visit())).rejects.toThrow(/socket hang up|ECONNRESET/);
  expect(await bookings()).toBe(1);
  expect((await practice.call('SetAppointment', visit())).result).toContain('specified time slot');
  expect(await bookings()).toBe(1);
  expect(await ledger()).toMatchObject([
    { seq: 1, committed: true, fault: 'commitThenDrop' },
    { seq: 2, committed: false, fault: null, guid: null },
  ]);
});

test('case 35: a 502 before commit is an HTML page that leaves nothing, and one resend books once', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: '502' });
  const answer = await practice.call('SetAppointment', visit());
  expect(answer.status).toBe(502);
  expect(answer.body).toContain('<html>');
  expect(await bookings()).toBe(0);
  expect((await practice.call('SetAppointment', visit())).result).toContain('Appointment GUID Added');
  expect((await ledger()).map(({ committed }) => committed)).toEqual([false, true]);
});

test('case 36: a patient is committed before the connection drops, and the ledger names the record', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetPatient', kind: 'commitThenDrop' });
  await expect(practice.call('SetPatient', newPatient())).rejects.toThrow();
  const { records } = await practice.call('GetPortalPatientLookup', lookup('O&apos;Fake-Ünit, Testa'));
  expect(records).toHaveLength(1);
  expect((await ledger())[0]!.guid).toBe(records[0]!['PatientGUID']);
});

test('case 44: empty, truncated and malformed answers come with status 200, with or without a commit', async () => {
  practice = await startNotePractice();
  await order({ procedure: '*', kind: 'empty' });
  expect(await practice.call('GetLocations')).toMatchObject({ status: 200, body: '' });
  await order({ procedure: 'GetOnlineReservations', kind: 'truncated' });
  const cut = await practice.call('GetOnlineReservations', theDay);
  expect(cut.status).toBe(200);
  expect(cut.body).not.toContain('</GetDataResponse>');
  await order({ procedure: 'GetLocations', kind: 'malformed' });
  expect((await practice.call('GetLocations')).body).toContain('</ResponseState>');

  await order({ procedure: 'SetAppointment', kind: 'empty', commit: false });
  expect((await practice.call('SetAppointment', visit())).body).toBe('');
  expect(await bookings()).toBe(0);
  await order({ procedure: 'SetAppointment', kind: 'truncated' });
  await practice.call('SetAppointment', visit());
  expect(await bookings()).toBe(1);
});

test('a 502 after commit leaves the appointment', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: 'commitThen502' });
  expect((await practice.call('SetAppointment', visit())).status).toBe(502);
  expect(await bookings()).toBe(1);
});

test('a hanging answer has committed, is seen in the ledger, and goes on when it is released', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: 'commitThenHang' });
  const answer = practice.call('SetAppointment', visit());
  await until(async () => (await ledger()).length === 1);
  expect(await bookings()).toBe(1);
  expect((await practice.admin('GET', '/calls')).body).toMatchObject({
    procedures: { SetAppointment: { inFlight: 1 } },
  });
  await until(async () => (await hanging()) === 1);
  expect((await practice.admin('POST', '/faults/release')).body).toEqual({ released: 1 });
  expect((await answer).result).toContain('Appointment GUID Added');
});

test('a request that hangs before commit runs when it is released, and never when its caller goes away', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: 'hang', times: 2 });
  const patience = new AbortController();
  const left = fetch(practice.url, {
    method: 'POST',
    signal: patience.signal,
    body: envelope('SetAppointment', visit()),
  });
  await until(async () => (await hanging()) === 1);
  patience.abort();
  await expect(left).rejects.toThrow();
  await until(async () => (await ledger()).length === 1);
  expect(await bookings()).toBe(0);

  const kept = practice.call('SetAppointment', visit());
  await until(async () => (await hanging()) === 1);
  await practice.admin('POST', '/faults/release');
  expect((await kept).result).toContain('Appointment GUID Added');
  expect((await ledger()).map(({ committed, fault }) => [committed, fault])).toEqual([
    [false, 'hang'],
    [true, null],
  ]);
});

test('a delayed write commits late, even when its caller has given up', async () => {
  practice = await startNotePractice();
  await order({ procedure: 'SetAppointment', kind: 'delay', delayMs: 150 });
  const signal = AbortSignal.timeout(40);
  await expect(
    fetch(practice.url, { method: 'POST', signal, body: envelope('SetAppointment', visit()) }),
  ).rejects.toThrow();
  expect(await bookings()).toBe(0);
  await until(async () => (await ledger()).length === 1);
  expect(await bookings()).toBe(1);
});

test('throttle, closed window and ordered errors are answered without running anything', async () => {
  practice = await startNotePractice();
  const expectations: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ kind: 'throttle' }, { errorCode: '8' }],
    [{ kind: 'windowClosed' }, { errorCode: '7' }],
    [{ kind: 'error', code: 0, message: 'Oops & co' }, { errorCode: '0' }],
    [
      { kind: 'error', result: 'Error: invented.' },
      { responseStatus: 'Success', result: 'Error: invented.' },
    ],
  ];
  for (const [fault, expected] of expectations) {
    await order({ procedure: 'SetAppointment', ...fault });
    expect(await practice.call('SetAppointment', visit())).toMatchObject(expected);
  }
  expect(await bookings()).toBe(0);
  expect((await ledger()).map(({ outcome }) => outcome)).toEqual([
    'Error 8: Too many requests for procedure SetAppointment',
    'Error 7: The request is outside of the allowance window for SetAppointment.',
    'Error 0: Oops & co',
    'Error: invented.',
  ]);
});

test('a fault lets calls pass first, strikes so often, spares other clients, and ends when it is deleted', async () => {
  practice = await startNotePractice();
  const outcomes = async (times: number): Promise<string[]> => {
    const codes: string[] = [];
    for (let call = 0; call < times; call += 1) codes.push((await practice.call('GetLocations')).errorCode);
    return codes;
  };
  await order({ procedure: 'GetLocations', kind: 'throttle', times: 2, afterCalls: 1 });
  expect(await outcomes(4)).toEqual(['', '8', '8', '']);
  await order({ procedure: 'GetLocations', kind: 'throttle', times: null, clientId: names.otherClient });
  expect(await outcomes(1)).toEqual(['']);
  const river = { clientId: names.otherClient, userName: 'river-user', password: 'river-pass' };
  expect((await practice.call('GetLocations', null, river)).errorCode).toBe('8');
  await practice.admin('DELETE', '/faults');
  expect((await practice.call('GetLocations', null, river)).errorCode).toBe('');
  expect((await order({ procedure: 'GetLocations', kind: 'nonsense' })).status).toBe(400);
});

test('a fault with a share hits about this part of the calls, and the same ones for the same seed', async () => {
  practice = await startNotePractice();
  const outcomes = async (): Promise<boolean[]> => {
    await practice.admin('DELETE', '/faults');
    await order({ procedure: 'GetLocations', kind: 'error', code: 99, times: null, share: 0.2, seed: 5 });
    const failed: boolean[] = [];
    for (let call = 0; call < 100; call++)
      failed.push((await practice.call('GetLocations')).errorCode === '99');
    return failed;
  };
  const first = await outcomes();
  expect(first.filter(Boolean).length).toBeGreaterThan(10);
  expect(first.filter(Boolean).length).toBeLessThan(30);
  expect(await outcomes()).toEqual(first);
});
