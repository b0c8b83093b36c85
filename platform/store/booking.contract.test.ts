import { describe, expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';
import { Conflict, NotFound } from './errors.js';
import type { IntentRow } from './intents.js';
import type { Holds } from './holds.js';

const columnGuid = 'cccc0000-0000-4000-8000-000000000001';
const nine = { columnGuid, start: '2030-03-05T09:00' };
const tenPast = { columnGuid, start: '2030-03-05T10:00' };

storeContract('booking', (scene) => {
  const hold = (
    tenantId: string,
    change: Partial<Parameters<Holds['place']>[0]> = {},
  ): ReturnType<Holds['place']> =>
    scene().store.holds.place({
      tenantId,
      environment: 'sandbox',
      conversationId: 'c1',
      holdId: 'h1',
      expiresAtMs: scene().clock.now + 60_000,
      slots: [nine],
      ...change,
    });

  describe('a hold', () => {
    it('is refused as a whole when one of its places is taken, and names that place', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId);
      expect(await hold(tenantId, { holdId: 'h2', slots: [tenPast, nine] })).toEqual({
        ok: false,
        taken: [nine],
      });
      expect(await hold(tenantId, { holdId: 'h3', slots: [tenPast] })).toEqual({ ok: true });
    });

    it('placed again under its own id is no conflict', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId);
      expect(await hold(tenantId)).toEqual({ ok: true });
      expect(await scene().store.holds.active(tenantId, 'sandbox')).toHaveLength(1);
    });

    it('knows a place whatever the case of its GUID', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId, { slots: [{ ...nine, columnGuid: columnGuid.toUpperCase() }] });
      expect(await hold(tenantId, { holdId: 'h2' })).toMatchObject({ ok: false });
    });

    it('does not reach into another tenant or environment', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId);
      expect(await hold(scene().tenant(), { holdId: 'h2' })).toEqual({ ok: true });
      expect(await hold(tenantId, { holdId: 'h2', environment: 'production' })).toEqual({ ok: true });
    });

    it('gives its place to the next one when it has run out, and cannot be extended after', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId, { expiresAtMs: scene().clock.now + 1_000 });
      expect(await scene().store.holds.extend(tenantId, 'h1', scene().clock.now + 2_000)).toBe(true);
      scene().clock.now += 2_000;
      expect(await scene().store.holds.active(tenantId, 'sandbox')).toEqual([]);
      expect(await scene().store.holds.extend(tenantId, 'h1', scene().clock.now + 60_000)).toBe(false);
      expect(await hold(tenantId, { holdId: 'h2', conversationId: 'c2' })).toEqual({ ok: true });
      expect(await scene().store.holds.active(tenantId, 'sandbox')).toEqual([
        { ...nine, conversationId: 'c2', holdId: 'h2' },
      ]);
    });

    it('is gone when released; releasing again does nothing', async () => {
      const tenantId = scene().tenant();
      await hold(tenantId);
      await scene().store.holds.release(tenantId, 'h1');
      await scene().store.holds.release(tenantId, 'h1');
      expect(await scene().store.holds.active(tenantId, 'sandbox')).toEqual([]);
      expect(await scene().store.holds.extend(tenantId, 'h1', scene().clock.now + 1)).toBe(false);
    });
  });

  describe('an intent', () => {
    const record = (
      tenantId: string,
      change: Partial<Pick<IntentRow, 'payload' | 'payloadHash'>> = {},
    ): Promise<IntentRow> =>
      scene().store.intents.record({
        tenantId,
        environment: 'sandbox',
        conversationId: 'c1',
        intentId: 'i1',
        kind: 'setAppointment',
        payload: { minutes: 40 },
        payloadHash: 'first',
        ...change,
      });

    it('recorded twice is one; with another payload it is a conflict', async () => {
      const tenantId = scene().tenant();
      const first = await record(tenantId);
      expect(first).toMatchObject({
        status: 'recorded',
        attempts: 0,
        payload: { minutes: 40 },
        snapshot: null,
      });
      expect(await record(tenantId, { payload: { other: true } })).toEqual(first);
      await expect(record(tenantId, { payloadHash: 'second' })).rejects.toThrow(Conflict);
    });

    it('keeps its first snapshot', async () => {
      const tenantId = scene().tenant();
      await record(tenantId);
      await scene().store.intents.snapshot(tenantId, 'i1', ['a']);
      await scene().store.intents.snapshot(tenantId, 'i1', ['a', 'ours']);
      expect(await scene().store.intents.get(tenantId, 'i1')).toMatchObject({ snapshot: ['a'] });
    });

    it('may be sent once per attempt, and only in the order of attempts', async () => {
      const { intents } = scene().store;
      const tenantId = scene().tenant();
      await record(tenantId);
      expect(await intents.claim(tenantId, 'i1', 2)).toBe('claimed');
      expect(await intents.claim(tenantId, 'i1', 1)).toBe('fresh');
      expect(await intents.claim(tenantId, 'i1', 1)).toBe('claimed');
      await intents.settle(tenantId, 'i1', 'absent', null);
      expect(await intents.claim(tenantId, 'i1', 1)).toBe('claimed');
      expect(await intents.claim(tenantId, 'i1', 2)).toBe('fresh');
      expect(await intents.get(tenantId, 'i1')).toMatchObject({ status: 'sent', attempts: 2 });
    });

    it('that is done stays done and is never sent again, whatever a slow try reports later', async () => {
      const { intents } = scene().store;
      const tenantId = scene().tenant();
      await record(tenantId);
      await intents.claim(tenantId, 'i1', 1);
      await intents.settle(tenantId, 'i1', 'done', { guid: 'g1' });
      for (const status of ['unknown', 'absent', 'refused', 'done'] as const) {
        expect(await intents.settle(tenantId, 'i1', status, { guid: null })).toMatchObject({
          status: 'done',
          result: { guid: 'g1' },
        });
      }
      expect(await intents.claim(tenantId, 'i1', 2)).toBe('claimed');
    });

    it('unknown here cannot be claimed or settled', async () => {
      const { intents } = scene().store;
      const tenantId = scene().tenant();
      await record(tenantId);
      const other = scene().tenant();
      expect(await intents.get(other, 'i1')).toBeUndefined();
      expect(await intents.claim(other, 'i1', 1)).toBe('claimed');
      await expect(intents.settle(other, 'i1', 'done', null)).rejects.toThrow(NotFound);
      expect(await intents.get(tenantId, 'i1')).toMatchObject({ status: 'recorded', attempts: 0 });
    });
  });

  it('the ledger takes an entry once and lists in the order of events', async () => {
    const { ledger } = scene().store;
    const tenantId = scene().tenant();
    const entry = {
      tenantId,
      environment: 'sandbox',
      conversationId: 'c1',
      entryId: 'i1.booked',
      kind: 'booked',
      appointmentGuid: 'g1',
      patientGuid: 'p1',
      intentId: 'i1',
      detail: { start: '2030-03-05T09:00' },
    } as const;
    await ledger.append(entry);
    await ledger.append({ ...entry, detail: 'again' });
    scene().clock.now += 1;
    await ledger.append({ ...entry, entryId: 'a-later-one', kind: 'cancelled' });
    expect(await ledger.list(tenantId, 'c1')).toMatchObject([
      { ...entry, createdAtMs: scene().clock.now - 1 },
      { entryId: 'a-later-one', kind: 'cancelled' },
    ]);
    expect(await ledger.list(scene().tenant(), 'c1')).toEqual([]);
  });

  it('findings are recorded once', async () => {
    const tenantId = scene().tenant();
    const finding = {
      tenantId,
      conversationId: 'c1',
      findingId: 'f1',
      kind: 'claimViolation',
      detail: { ref: 'A9' },
    } as const;
    await scene().store.findings.record(finding);
    await scene().store.findings.record({ ...finding, detail: 'again' });
    expect(await scene().store.findings.list(tenantId, 'c1')).toMatchObject([finding]);
  });

  describe('a staff task', () => {
    const open = async (tenantId: string, taskId = 't1'): Promise<void> =>
      scene().store.staffTasks.open({
        tenantId,
        environment: 'sandbox',
        taskId,
        conversationId: 'c1',
        kind: 'transfer',
        summary: 'A sample task',
        detail: { reason: 'sample' },
      });

    it('opens once, is taken by one person and closed with a note', async () => {
      const { staffTasks } = scene().store;
      const tenantId = scene().tenant();
      await open(tenantId);
      await open(tenantId);
      expect(await staffTasks.take(tenantId, 'sandbox', 't1', 'u1')).toMatchObject({
        status: 'taken',
        takenBy: 'u1',
      });
      expect(await staffTasks.take(tenantId, 'sandbox', 't1', 'u1')).toMatchObject({ takenBy: 'u1' });
      await expect(staffTasks.take(tenantId, 'sandbox', 't1', 'u2')).rejects.toThrow(Conflict);
      expect(await staffTasks.close(tenantId, 'sandbox', 't1', 'u2', 'called back')).toMatchObject({
        status: 'closed',
        takenBy: 'u1',
        closedBy: 'u2',
        note: 'called back',
      });
      await expect(staffTasks.close(tenantId, 'sandbox', 't1', 'u1', 'again')).rejects.toThrow(Conflict);
      await open(tenantId);
      expect(await staffTasks.get(tenantId, 'sandbox', 't1')).toMatchObject({ status: 'closed' });
    });

    it('is not there for other tenants and environments', async () => {
      const { staffTasks } = scene().store;
      const tenantId = scene().tenant();
      await open(tenantId);
      expect(await staffTasks.get(tenantId, 'production', 't1')).toBeUndefined();
      await expect(staffTasks.take(tenantId, 'production', 't1', 'u1')).rejects.toThrow(NotFound);
      await expect(staffTasks.take(scene().tenant(), 'sandbox', 't1', 'u1')).rejects.toThrow(NotFound);
    });

    it('appears once in the pages of a list, newest first, also among tasks of one moment', async () => {
      const { staffTasks } = scene().store;
      const tenantId = scene().tenant();
      for (const taskId of ['t1', 't2', 't3', 't4', 't5']) {
        if (taskId === 't4') scene().clock.now += 1;
        await open(tenantId, taskId);
      }
      await staffTasks.close(tenantId, 'sandbox', 't2', 'u1', '');
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof staffTasks.list>> = await staffTasks.list(
          tenantId,
          'sandbox',
          { status: 'open' },
          { limit: 2, ...(cursor && { cursor }) },
        );
        seen.push(...page.rows.map(({ taskId }) => taskId));
        cursor = page.nextCursor;
      } while (cursor);
      expect(seen).toEqual(['t5', 't4', 't3', 't1']);
    });
  });
});
