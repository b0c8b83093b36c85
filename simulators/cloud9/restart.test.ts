import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { names, newPatient, startNotePractice, theDay, visit, type RawCaller } from './testing/raw-caller.js';

let folder: string;
let statePath: string;
const open: RawCaller[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloud9-simulator-'));
  statePath = join(folder, 'deep', 'state.json');
});
afterEach(async () => {
  for (const practice of open.splice(0)) await practice.close();
  await rm(folder, { recursive: true });
});

async function start(options: Parameters<typeof startNotePractice>[0] = {}): Promise<RawCaller> {
  const practice = await startNotePractice({ statePath, ...options });
  open.push(practice);
  return practice;
}

test('a write is in the state file before it is answered: a second simulator on a copy of it knows the appointment', async () => {
  const first = await start();
  await first.call('SetAppointment', visit());
  // The first one was not closed: it might as well have been killed.
  const second = await start();
  expect((await second.call('GetOnlineReservations', theDay)).records).toHaveLength(3);
  expect((await second.admin('GET', '/ledger')).body).toMatchObject({
    writes: [{ seq: 1, committed: true }],
  });
});

test('a commit whose answer never came is in the state file too', async () => {
  const first = await start();
  await first.admin('POST', '/faults', { procedure: 'SetPatient', kind: 'commitThenDrop' });
  await expect(first.call('SetPatient', newPatient())).rejects.toThrow();
  const second = await start();
  expect((await second.admin('GET', '/patients?lastName=O%27Fake-Ünit')).body).toMatchObject({
    patients: [{ firstName: 'Testa' }],
  });
});

test('clock and knobs survive a restart, the gap scale is that of the new start, faults are gone', async () => {
  const first = await start();
  await first.admin('PUT', '/clock', { nowIso: '2031-01-01T00:00:00Z', frozen: true });
  await first.admin('PUT', '/knobs', { emptyRecords: 'absent' });
  await first.admin('POST', '/faults', { procedure: '*', kind: '502', times: null });
  await first.close();
  const second = await start({ gapScale: 0.5 });
  expect((await second.admin('GET', '/health')).body).toMatchObject({
    now: '2031-01-01T00:00:00.000Z',
    fixture: 'note',
  });
  expect((await second.admin('GET', '/knobs')).body).toMatchObject({
    emptyRecords: 'absent',
    throttle: { gapScale: 0.5 },
  });
  expect((await second.call('GetLocations')).status).toBe(200);
});

test('many writes at once share saves, and all of them are kept', async () => {
  const first = await start();
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      first.call('SetPatientComment', { patGUID: names.pat1, patComment: `note ${n}` }),
    ),
  );
  const second = await start();
  const { body } = await second.admin('GET', '/patients?lastName=Sample');
  expect((body as { patients: { comments: string[] }[] }).patients[0]!.comments).toHaveLength(30);
  expect(await readdir(join(folder, 'deep'))).toEqual(['state.json']);
});

test('a practice that was kept for months is painted anew from this Monday, its bookings untouched', async () => {
  let nowMs = Date.parse('2027-06-02T15:00:00Z');
  const clock = { nowMs: () => nowMs };
  const first = await start({ fixture: 'practice', clock });
  const slotsOf = async (practice: RawCaller, day: string) =>
    ((await practice.admin('GET', `/slots?from=${day}&clientId=${names.client}`)).body as { slots: object[] })
      .slots;
  expect(await slotsOf(first, '2027-12-01')).toHaveLength(0);
  await first.close();
  nowMs = Date.parse('2027-11-15T15:00:00Z');
  const second = await start({ fixture: 'practice', clock });
  expect((await slotsOf(second, '2027-12-01')).length).toBeGreaterThan(10);
});

test('a file of something else is refused with its path', async () => {
  statePath = join(folder, 'state.json');
  await writeFile(statePath, '{"half":');
  await expect(start()).rejects.toThrow(/state\.json is not a state file of this Cloud9 simulator/);
});
