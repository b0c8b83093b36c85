import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createReservations } from '../../platform/store/reservations.js';
import { createLimiter, type Limiter, type Turn } from './limiter.js';
import { createThrottleJournal } from './throttle-journal.js';

let folder: string;
const databases: Database[] = [];
const clock = { nowMs: () => Date.now() + skewMs };
let skewMs = 0;

/** A handle on the shared file, as each process has its own. */
async function store(): Promise<Database> {
  const database = await openDatabase({ databasePath: path.join(folder, 'store.db'), databaseUrl: null });
  databases.push(database);
  await migrate(database);
  return database;
}

const limiterOn = (database: Database, gapScale = 1): Limiter =>
  createLimiter({
    reservations: createReservations(database),
    clock,
    journal: createThrottleJournal(path.join(folder, 'logs')),
    gapScale,
  });

const worker = async (gapScale = 1): Promise<Limiter> => limiterOn(await store(), gapScale);

const gapMs = 40;
const turn = (ticket: string, change: Partial<Turn> = {}): Turn => ({
  tenantId: 'bright-smiles',
  clientId: '11111111-1111-4111-8111-111111111111',
  procedure: { name: 'SetAppointment', minGapMs: gapMs, timeoutMs: 60_000 },
  ticket,
  ...change,
});

/** Comes back as often as it is told to, as a workflow would. */
async function admitted(limiter: Limiter, wanted: Turn): Promise<void> {
  for (;;) {
    const admission = await limiter.enter(wanted);
    if (admission.kind === 'go') return;
    await sleep(admission.waitMs);
  }
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'chairside-limiter-'));
  skewMs = 0;
});

afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.close()));
  await rm(folder, { recursive: true, force: true });
});

describe('the queue of one client id and procedure', () => {
  it('is one for two limiters at once: one exchange in flight, a gap between starts', async () => {
    const database = await store();
    const workers = [limiterOn(database), limiterOn(database)];
    const starts: number[] = [];
    let inFlight = 0;
    let mostInFlight = 0;
    await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const limiter = workers[index % 2]!;
        const mine = turn(`ticket-${index}`);
        await admitted(limiter, mine);
        starts.push(Date.now());
        inFlight += 1;
        mostInFlight = Math.max(mostInFlight, inFlight);
        await sleep(5);
        inFlight -= 1;
        await limiter.leave(mine);
      }),
    );
    expect(mostInFlight).toBe(1);
    starts.sort((one, other) => one - other);
    // A start is noted after the store has said go, and a busy machine may be late with the first note: one gap is given away.
    expect(starts.at(-1)! - starts[0]!).toBeGreaterThanOrEqual((starts.length - 2) * gapMs);
  });

  it('is one for two stores on one database', async () => {
    const [one, other] = [await worker(), await worker()];
    const slow = { name: 'SetAppointment', minGapMs: 30_000, timeoutMs: 60_000 };
    expect(await one.enter(turn('a', { procedure: slow }))).toEqual({ kind: 'go' });
    await one.leave(turn('a', { procedure: slow }));
    expect(await other.enter(turn('b', { procedure: slow }))).toMatchObject({ kind: 'wait' });
    skewMs = 30_000;
    expect(await other.enter(turn('b', { procedure: slow }))).toEqual({ kind: 'go' });
    expect(await one.enter(turn('c', { procedure: slow }))).toMatchObject({ kind: 'wait' });
  });

  it('does not make other procedures, or other client ids, wait', async () => {
    const limiter = await worker();
    await limiter.enter(
      turn('a', { procedure: { name: 'SetAppointment', minGapMs: 60_000, timeoutMs: 60_000 } }),
    );
    const other = { name: 'SetPatient', minGapMs: 60_000, timeoutMs: 60_000 };
    expect(await limiter.enter(turn('b', { procedure: other }))).toEqual({ kind: 'go' });
    const otherClient = '22222222-2222-4222-8222-222222222222';
    expect(await limiter.enter(turn('c', { procedure: other, clientId: otherClient }))).toEqual({
      kind: 'go',
    });
  });

  it('knows one client id in any case', async () => {
    const limiter = await worker();
    const slow = { name: 'SetAppointment', minGapMs: 60_000, timeoutMs: 60_000 };
    const clientId = 'abcdef00-1111-4111-8111-111111111111';
    await limiter.enter(turn('a', { clientId, procedure: slow }));
    const second = await limiter.enter(turn('b', { clientId: clientId.toUpperCase(), procedure: slow }));
    expect(second.kind).toBe('wait');
  });

  it('sends long waits away and keeps the place under the ticket', async () => {
    const limiter = await worker();
    const slow = { name: 'SetAppointment', minGapMs: 10_000, timeoutMs: 60_000 };
    const first = turn('a', { procedure: slow });
    expect(await limiter.enter(first)).toEqual({ kind: 'go' });
    await limiter.leave(first);
    const begun = Date.now();
    const second = await limiter.enter(turn('b', { procedure: slow }));
    expect(second).toMatchObject({ kind: 'wait' });
    expect(Date.now() - begun).toBeLessThan(1_000);
    const third = await limiter.enter(turn('c', { procedure: slow }));
    const waits = [second, third].map((admission) => (admission.kind === 'wait' ? admission.waitMs : 0));
    expect(waits[0]).toBeGreaterThan(9_000);
    expect(waits[1]! - waits[0]!).toBeGreaterThan(9_000);
    skewMs = waits[0]!;
    expect(await limiter.enter(turn('b', { procedure: slow }))).toEqual({ kind: 'go' });
  });

  it('lets a retried exchange in at once, since it holds its place, and others only when the lease of a dead one ends', async () => {
    const limiter = await worker();
    const dead = turn('a', { procedure: { name: 'SetAppointment', minGapMs: 0, timeoutMs: 60_000 } });
    await limiter.enter(dead);
    expect(await limiter.enter(dead)).toEqual({ kind: 'go' });
    const other = { ...dead, ticket: 'b' };
    expect(await limiter.enter(other)).toMatchObject({ kind: 'wait' });
    skewMs = 66_000;
    expect(await limiter.enter(other)).toEqual({ kind: 'go' });
  });

  it('stops waiting with the reason of the signal', async () => {
    const limiter = await worker();
    const slow = { name: 'SetAppointment', minGapMs: 1_500, timeoutMs: 60_000 };
    await limiter.enter(turn('a', { procedure: slow }));
    const controller = new AbortController();
    const waiting = limiter.enter(turn('b', { procedure: slow }), controller.signal);
    const reason = new Error('cancelled');
    setImmediate(() => controller.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });
});

describe('code 8', () => {
  it('holds the queue of all workers for 15 s, then 30 s, up to 5 min, and starts again after a success', async () => {
    const [one, other] = [await worker(), await worker()];
    const waits: number[] = [];
    const exchange = turn('a', { procedure: { name: 'SetAppointment', minGapMs: 0, timeoutMs: 60_000 } });
    for (let round = 0; round < 6; round += 1) {
      await one.enter(exchange);
      const waitMs = await one.throttled(exchange);
      await one.leave(exchange);
      waits.push(waitMs);
      const next = await other.enter({ ...exchange, ticket: `other-${round}` });
      expect(next).toMatchObject({ kind: 'wait' });
      skewMs += waitMs + 120_000;
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 120_000, 240_000, 300_000]);
    await one.enter(exchange);
    await one.leave(exchange);
    await one.enter(exchange);
    expect(await one.throttled(exchange)).toBe(15_000);
  });

  it('scales with the gaps', async () => {
    const limiter = await worker(0.01);
    expect(await limiter.throttled(turn('a'))).toBe(150);
  });

  it('writes time, tenant, procedure and wait into the journal, and nothing else', async () => {
    const database = await store();
    const workers = [limiterOn(database), limiterOn(database)];
    await Promise.all(workers.map((limiter, index) => limiter.throttled(turn(`secret-ticket-${index}`))));
    const journal = await readFile(path.join(folder, 'logs', 'rate-limit-errors.md'), 'utf8');
    const lines = journal.trimEnd().split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '# Throttled calls to Cloud9',
      '',
      '| time (UTC) | tenant | procedure | wait |',
      '| --- | --- | --- | --- |',
    ]);
    expect(lines).toHaveLength(6);
    expect(lines[4]).toMatch(
      /^\| \d{4}-\d\d-\d\dT[\d:.]+Z \| bright-smiles \| SetAppointment \| \d+\.\d s \|$/,
    );
    expect(journal).not.toContain('secret-ticket');
    expect(journal).not.toContain('11111111');
  });
});
