import { describe, expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';
import { Conflict, NotFound } from './errors.js';
import type { NewWaitlistEntry } from './waitlist.js';

storeContract('waiting list', (scene) => {
  const waitlist = () => scene().store.waitlist;
  const join = async (tenantId: string, entryId: string, change: Partial<NewWaitlistEntry> = {}) => {
    scene().clock.now += 1;
    await waitlist().join({
      tenantId,
      environment: 'sandbox',
      entryId,
      conversationId: `c-${entryId}`,
      firstName: 'Ada',
      lastName: 'Fake',
      phone: '5555550142',
      patientGuid: null,
      visitTypeKey: 'exam',
      locationKey: 'downtown',
      from: '2030-03-04',
      to: '2030-03-08',
      partOfDay: 'any',
      ...change,
    });
  };
  const ids = async (tenantId: string, status?: 'open' | 'taken' | 'closed') =>
    (await waitlist().list(tenantId, 'sandbox', { status }, { limit: 50 })).rows.map(
      ({ entryId }) => entryId,
    );
  const offer = (tenantId: string, taskId: string, fits = () => true, conversationId = 'c-other') =>
    waitlist().offer(
      {
        tenantId,
        environment: 'sandbox',
        taskId,
        locationKey: 'downtown',
        start: '2030-03-05T09:00',
        conversationId,
      },
      fits,
    );

  it('keeps one row for one id, and lists newest first, page by page', async () => {
    const tenantId = scene().tenant();
    for (const id of ['e1', 'e2', 'e3', 'e2']) await join(tenantId, id, { firstName: id });
    const first = await waitlist().list(tenantId, 'sandbox', {}, { limit: 2 });
    expect(first.rows.map(({ firstName }) => firstName)).toEqual(['e3', 'e2']);
    const next = await waitlist().list(tenantId, 'sandbox', {}, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([next.rows.map(({ entryId }) => entryId), next.nextCursor]).toEqual([['e1'], null]);
    expect(await waitlist().list(tenantId, 'production', {}, { limit: 2 })).toMatchObject({ rows: [] });
    expect(await ids(scene().tenant())).toEqual([]);
  });

  it('is taken by one person and closed once', async () => {
    const tenantId = scene().tenant();
    await join(tenantId, 'e1');
    expect(await waitlist().take(tenantId, 'sandbox', 'e1', 'u1')).toMatchObject({ takenBy: 'u1' });
    expect(await waitlist().take(tenantId, 'sandbox', 'e1', 'u1')).toMatchObject({ status: 'taken' });
    await expect(waitlist().take(tenantId, 'sandbox', 'e1', 'u2')).rejects.toThrow(Conflict);
    await expect(waitlist().take(tenantId, 'production', 'e1', 'u1')).rejects.toThrow(NotFound);
    expect(await waitlist().close(tenantId, 'sandbox', 'e1', 'u2', 'booked')).toMatchObject({
      note: 'booked',
    });
    await expect(waitlist().close(tenantId, 'sandbox', 'e1', 'u2', 'again')).rejects.toThrow(Conflict);
    expect(await ids(tenantId, 'open')).toEqual([]);
  });

  describe('a place that becomes free', () => {
    it('goes to the entry that waits longest among those that it suits, as a task of staff', async () => {
      const tenantId = scene().tenant();
      await join(tenantId, 'e1', { visitTypeKey: 'adjustment' });
      await join(tenantId, 'e2');
      await join(tenantId, 'e3');
      const offered = await waitlist().offer(
        {
          tenantId,
          environment: 'sandbox',
          taskId: 't1',
          locationKey: 'downtown',
          start: '2030-03-05T09:00',
          conversationId: 'c-other',
        },
        ({ visitTypeKey }) => visitTypeKey === 'exam',
      );
      expect(offered).toMatchObject({ entryId: 'e2', offeredStart: '2030-03-05T09:00', offerTaskId: 't1' });
      expect(await scene().store.staffTasks.get(tenantId, 'sandbox', 't1')).toMatchObject({
        kind: 'waitlistOffer',
        conversationId: 'c-e2',
        detail: { entryId: 'e2', start: '2030-03-05T09:00' },
      });
    });

    it('is offered once, however often it is asked', async () => {
      const tenantId = scene().tenant();
      await join(tenantId, 'e1');
      await join(tenantId, 'e2');
      expect(await offer(tenantId, 't1')).toMatchObject({ entryId: 'e1' });
      expect(await offer(tenantId, 't1')).toBeNull();
    });

    it('goes to the next one while the first has an open offer, and back to the first after it is closed', async () => {
      const tenantId = scene().tenant();
      await join(tenantId, 'e1');
      await join(tenantId, 'e2');
      await offer(tenantId, 't1');
      expect(await offer(tenantId, 't2')).toMatchObject({ entryId: 'e2' });
      expect(await offer(tenantId, 't3')).toBeNull();
      await scene().store.staffTasks.close(tenantId, 'sandbox', 't1', 'u1', 'did not suit');
      expect(await offer(tenantId, 't4')).toMatchObject({ entryId: 'e1', offerTaskId: 't4' });
    });

    it('goes to nobody who is taken, closed, elsewhere, or gave it up themselves', async () => {
      const tenantId = scene().tenant();
      await join(tenantId, 'e1');
      await waitlist().take(tenantId, 'sandbox', 'e1', 'u1');
      await join(tenantId, 'e2', { locationKey: 'lakeside' });
      await join(tenantId, 'e3', { environment: 'production' });
      await join(scene().tenant(), 'e4');
      await join(tenantId, 'e5', { conversationId: 'c-own' });
      expect(await offer(tenantId, 't1', () => true, 'c-own')).toBeNull();
      expect(await offer(tenantId, 't2', () => false)).toBeNull();
    });
  });
});
