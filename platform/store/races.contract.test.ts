import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleModelStep } from '../../test/kit/sample-model-step.js';
import { storeContract } from '../../test/kit/store-contract.js';
import { startRivals, type Rivals } from '../../test/kit/store-rivals.js';

const rivalCount = 4;
const rounds = 25;

const eachRound = <T>(race: (round: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: rounds }, (_, round) => race(round)));

storeContract('of several processes', (scene) => {
  let rivals: Rivals;
  beforeAll(async () => {
    // The rivals live by the real clock.
    scene().clock.now = Date.now();
    rivals = await startRivals(scene().options, rivalCount);
  });
  afterAll(() => rivals.stop());

  describe('one', () => {
    it('gets the slot that all want, and the others learn which one is taken', async () => {
      const tenantId = scene().tenant();
      const results = await eachRound(async (round) =>
        rivals.race((store, rival) =>
          store.holds.place({
            tenantId,
            environment: 'sandbox',
            conversationId: `c${rival}`,
            holdId: `h${rival}-${round}`,
            expiresAtMs: Date.now() + 600_000,
            slots: [{ columnGuid: 'cccc0000-0000-4000-8000-000000000001', start: startOf(round) }],
          }),
        ),
      );
      for (const [round, placed] of results.entries()) {
        expect(placed.filter((result) => result.ok)).toHaveLength(1);
        for (const result of placed)
          if (!result.ok)
            expect(result.taken).toEqual([
              { columnGuid: 'cccc0000-0000-4000-8000-000000000001', start: startOf(round) },
            ]);
      }
      expect(await scene().store.holds.active(tenantId, 'sandbox')).toHaveLength(rounds);
    });

    it('gets both slots when families want overlapping pairs: nobody keeps half', async () => {
      const tenantId = scene().tenant();
      const column = (n: number): string => `cccc0000-0000-4000-8000-00000000000${n % rivalCount}`;
      await eachRound(async (round) =>
        rivals.race((store, rival) =>
          store.holds.place({
            tenantId,
            environment: 'sandbox',
            conversationId: `c${rival}`,
            holdId: `h${rival}-${round}`,
            expiresAtMs: Date.now() + 600_000,
            slots: [rival, rival + 1].map((n) => ({ columnGuid: column(n), start: startOf(round) })),
          }),
        ),
      );
      const held = new Map<string, number>();
      for (const { holdId } of await scene().store.holds.active(tenantId, 'sandbox'))
        held.set(holdId, (held.get(holdId) ?? 0) + 1);
      expect(new Set(held.values())).toEqual(new Set([2]));
      expect(held.size).toBeGreaterThanOrEqual(rounds);
    });

    it('may send an intent, once per attempt', async () => {
      const tenantId = scene().tenant();
      const claims = await eachRound(async (round) => {
        const intentId = `i${round}`;
        await scene().store.intents.record({
          tenantId,
          environment: 'sandbox',
          conversationId: 'c1',
          intentId,
          kind: 'setAppointment',
          payload: {},
          payloadHash: 'hash',
        });
        const first = await rivals.race((store) => store.intents.claim(tenantId, intentId, 1));
        const second = await rivals.race((store) => store.intents.claim(tenantId, intentId, 2));
        return [first, second];
      });
      for (const attempt of claims.flat())
        expect(attempt.filter((claim) => claim === 'fresh')).toHaveLength(1);
    });

    it('appends the answer of a step, and the entries count up without a gap', async () => {
      const tenantId = scene().tenant();
      const conversationId = 'c1';
      const place = { tenantId, conversationId, promptBundle: 'b' };
      await scene().store.transcript.appendSpoken({ ...place, entryId: 'e0', text: 'Hello' });
      for (let round = 1; round <= 5; round += 1) {
        const last = (await scene().store.transcript.load(tenantId, conversationId)).at(-1)?.entryId ?? '';
        const results = await rivals.race((store, rival) =>
          store.transcript.appendModel({
            ...place,
            entryId: `m${round}-${rival}`,
            model: 'claude-sonnet-5-5',
            afterEntryId: last,
            content: [],
            say: null,
            stopReason: null,
            modelStep: sampleModelStep(tenantId, conversationId, `m${round}-${rival}`),
          }),
        );
        expect(results.sort()).toEqual(['appended', 'superseded', 'superseded', 'superseded']);
      }
      await eachRound(async (round) =>
        rivals.race((store, rival) =>
          store.transcript.appendSpoken({ ...place, entryId: `s${round}-${rival}`, text: 'One moment' }),
        ),
      );
      const entries = await scene().store.transcript.load(tenantId, conversationId);
      expect(entries.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 6 + rounds * rivalCount }, (_, index) => index + 1),
      );
    });

    it('exchange is in flight per budget, and starts keep their distance', async () => {
      const budget = scene().tenant();
      const gapMs = 1_000;
      let nowMs = 1_000_000;
      const starts: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const granted = await rivals.race((store, rival) =>
          store.reservations.reserve({ budget, ticket: `t${round}-${rival}`, gapMs, leaseMs: 60_000, nowMs }),
        );
        const going = granted.flatMap(({ startAtMs }, rival) => (startAtMs <= nowMs ? [rival] : []));
        expect(going).toHaveLength(1);
        starts.push(nowMs);
        await rivals.race((store, rival) => store.reservations.finish(budget, `t${round}-${rival}`, nowMs));
        nowMs += gapMs;
      }
      expect(starts).toHaveLength(rounds);
    });

    it('takes a staff task', async () => {
      const tenantId = scene().tenant();
      await scene().store.staffTasks.open({
        tenantId,
        environment: 'sandbox',
        taskId: 't1',
        conversationId: null,
        kind: 'transfer',
        summary: 'A sample task',
        detail: {},
      });
      const taken = await Promise.allSettled(
        Array.from({ length: rivalCount }, (_, user) =>
          scene().store.staffTasks.take(tenantId, 'sandbox', 't1', `u${user}`),
        ),
      );
      expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  it('every failed login counts', async () => {
    const key = scene().tenant();
    const now = Date.now();
    await rivals.race((store) => store.loginAttempts.recordFailure(key, now));
    expect(await scene().store.loginAttempts.lockedUntilMs(key, now)).toBeNull();
    await scene().store.loginAttempts.recordFailure(key, now);
    expect(await scene().store.loginAttempts.lockedUntilMs(key, now)).toBeGreaterThan(now);
  });

  it('each change of a credential has a version of its own', async () => {
    const tenantId = scene().tenant();
    const versions = await eachRound(async () =>
      rivals.race((store) =>
        store.credentials.put({
          tenantId,
          environment: 'sandbox',
          integration: 'cloud9',
          sealed: 'v1.k.iv.body',
          keyId: 'k',
        }),
      ),
    );
    expect(versions.flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: rounds * rivalCount }, (_, index) => index + 1),
    );
  });
});

const startOf = (round: number): string =>
  `2030-03-05T${String(8 + Math.floor(round / 3)).padStart(2, '0')}:${['00', '20', '40'][round % 3]!}`;
