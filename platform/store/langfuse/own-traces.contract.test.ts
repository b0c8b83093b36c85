import { describe, expect, it } from 'vitest';
import { storeContract } from '../../../test/kit/store-contract.js';
import type { BuiltEvent } from './own-trace-events.js';

const minute = 60_000;

storeContract('own traces', (scene) => {
  const submitting = async (mask: 'all' | 'personal' | 'none' = 'all') => {
    const owner = { tenantId: scene().tenant(), environment: 'sandbox', configId: 'config' } as const;
    const config = await scene().store.langfuseConfigs.create(owner, {
      name: 'project',
      host: 'http://localhost:1',
      projectId: null,
      plan: 'selfHosted',
      readApi: 'auto',
      active: false,
      isDefault: false,
      everyMs: 15 * minute,
      settleMs: 0,
      overlapMs: 0,
      importFromMs: 0,
      submit: { enabled: true, mask },
    });
    return { owner, fromMs: config.submit.fromMs };
  };
  const event = (eventId: string, json = '{"n":1}'): BuiltEvent => ({
    eventId,
    turn: 1,
    kind: 'generation',
    traceId: 'trace',
    observationId: `of-${eventId}`,
    json,
  });
  const everything = { limit: 100, mostBytes: 1_000_000, unclearSinceMs: 0 };
  const events = () => scene().store.ownTraceEvents;

  describe('the submission of a configuration', () => {
    it('is off unless it is asked for, and begins when it is', async () => {
      const { owner, fromMs } = await submitting();
      const { langfuseConfigs } = scene().store;
      expect(fromMs).toBe(scene().clock.now);
      const off = await langfuseConfigs.change(owner.tenantId, owner.configId, {
        submit: { enabled: false, mask: 'all' },
      });
      expect(off.submit).toMatchObject({ enabled: false, mask: 'all' });
      expect((await langfuseConfigs.submitting()).map(({ tenantId }) => tenantId)).not.toContain(
        owner.tenantId,
      );
    });

    it('takes back what was not acknowledged when its mask changes, with the texts', async () => {
      const { owner, fromMs } = await submitting('none');
      const { langfuseConfigs } = scene().store;
      await events().add(owner, 'c1', [event('e1', '"secret"'), event('e2')], {
        seq: 1,
        done: false,
        fromMs,
      });
      await events().settle(owner, [{ eventId: 'e2' }]);
      await langfuseConfigs.change(owner.tenantId, owner.configId, { name: 'renamed' });
      expect(await events().counts(owner)).toMatchObject({ pending: 1 });
      scene().clock.now += minute;
      const changed = await langfuseConfigs.change(owner.tenantId, owner.configId, {
        submit: { enabled: true, mask: 'all' },
      });
      expect(changed.submit.fromMs).toBe(scene().clock.now);
      expect(await events().counts(owner)).toEqual({ pending: 0, submitted: 1, refused: 0, withdrawn: 1 });
      const texts = await scene()
        .database.kysely.selectFrom('own_trace_events')
        .select('event_json')
        .where('tenant_id', '=', owner.tenantId)
        .execute();
      expect(texts).toEqual([{ event_json: '' }, { event_json: '' }]);
      // A run that had begun under the old mask adds nothing any more, and sends nothing that was taken back.
      expect(await events().add(owner, 'c1', [event('e3')], { seq: 2, done: false, fromMs })).toBe(0);
      expect(await events().markSent(owner, [{ eventId: 'e1', way: 'otlp', body: '{}' }])).toEqual(new Set());
    });

    it('leaves nothing behind when the configuration is removed', async () => {
      const { owner, fromMs } = await submitting();
      await events().add(owner, 'c1', [event('e1')], { seq: 1, done: true, fromMs });
      await scene().store.langfuseConfigs.remove(owner.tenantId, owner.configId);
      expect(await events().counts(owner)).toMatchObject({ pending: 0 });
    });
  });

  describe('the outbox', () => {
    it('has an event once however often it is added, with the bytes of the first time', async () => {
      const { owner, fromMs } = await submitting();
      const progress = { seq: 1, done: false, fromMs };
      expect(await events().add(owner, 'c1', [event('e1'), event('e2')], progress)).toBe(2);
      expect(await events().add(owner, 'c1', [event('e1', '{"n":2}'), event('e3')], progress)).toBe(1);
      const pending = await events().next(owner, everything);
      expect(pending.map(({ eventId, json }) => [eventId, json]).sort()).toEqual([
        ['e1', '{"n":1}'],
        ['e2', '{"n":1}'],
        ['e3', '{"n":1}'],
      ]);
      await events().settle(owner, [{ eventId: 'e1' }]);
      expect(await events().add(owner, 'c1', [event('e1')], progress)).toBe(0);
      expect(await events().counts(owner)).toMatchObject({ pending: 2, submitted: 1 });
    });

    it('gives as much as one request takes, and always something', async () => {
      const { owner, fromMs } = await submitting();
      const long = JSON.stringify('x'.repeat(900));
      const three = ['e1', 'e2', 'e3'].map((id) => event(id, long));
      await events().add(owner, 'c1', three, { seq: 1, done: false, fromMs });
      const ids = async (mostBytes: number, limit = 100) =>
        (await events().next(owner, { ...everything, mostBytes, limit })).map(({ eventId }) => eventId);
      expect(await ids(2_000)).toEqual(['e1', 'e2']);
      expect(await ids(10)).toEqual(['e1']);
      expect(await ids(10_000, 2)).toEqual(['e1', 'e2']);
    });

    it('keeps the way and the bytes of what the server may have, until it says that it has not', async () => {
      const { owner, fromMs } = await submitting();
      await events().add(owner, 'c1', [event('e1'), event('e2')], { seq: 1, done: false, fromMs });
      const sentAtMs = scene().clock.now;
      await events().markSent(owner, [
        { eventId: 'e1', way: 'otlp', body: '{"span":1}' },
        { eventId: 'e2', way: 'ingestion', body: '{"event":2}' },
      ]);
      const sent = async (unclearSinceMs: number) =>
        (await events().next(owner, { ...everything, unclearSinceMs })).map((one) => [one.eventId, one.sent]);
      const otlp = ['e1', { way: 'otlp', body: '{"span":1}', atMs: sentAtMs }];
      const ingestion = ['e2', { way: 'ingestion', body: '{"event":2}', atMs: sentAtMs }];
      expect(await sent(sentAtMs - 1)).toEqual([ingestion]);
      expect(await sent(sentAtMs)).toEqual([otlp, ingestion]);
      await events().release(owner, ['e1']);
      expect(await sent(sentAtMs - 1)).toEqual([['e1', null], ingestion]);
    });

    it('keeps what was refused with the reason, in pages, and settles nothing twice', async () => {
      const { owner, fromMs } = await submitting();
      await events().add(owner, 'c1', [event('e1'), event('e2')], { seq: 1, done: false, fromMs });
      await events().settle(owner, [
        { eventId: 'e1', refusedBecause: '400 Invalid request data: name invalid_type' },
        { eventId: 'e2', refusedBecause: '400' },
      ]);
      await events().settle(owner, [{ eventId: 'e1' }]);
      const first = await events().list(owner, 'refused', { limit: 1 });
      expect(first.rows).toMatchObject([{ eventId: 'e2', conversationId: 'c1', reason: '400' }]);
      const second = await events().list(owner, 'refused', { limit: 1, cursor: first.nextCursor! });
      expect(second).toMatchObject({
        rows: [{ eventId: 'e1', reason: '400 Invalid request data: name invalid_type' }],
        nextCursor: null,
      });
    });
  });

  describe('conversations', () => {
    it('are open with something new, or closed and not collected to their end', async () => {
      const { owner, fromMs } = await submitting();
      const { tenantId } = owner;
      const { conversations, transcript, ownConversations } = scene().store;
      for (const conversationId of ['c1', 'c2', 'c3']) {
        await conversations.create({
          tenantId,
          environment: 'sandbox',
          conversationId,
          channel: 'chat',
          language: 'en',
          isTest: false,
          callerNumberHash: null,
        });
      }
      const say = (entryId: string) =>
        transcript.appendSpoken({
          tenantId,
          conversationId: 'c1',
          entryId,
          promptBundle: 'b',
          text: 'Hello',
        });
      const open = () => ownConversations.open(owner);
      const closed = (sinceMs: number) => ownConversations.closed(owner, sinceMs, 10);
      await say('t1.spoken');
      expect(await open()).toEqual(['c1']);
      await events().add(owner, 'c1', [], { seq: 1, done: false, fromMs });
      expect(await open()).toEqual([]);
      await say('t2.spoken');
      expect(await open()).toEqual(['c1']);
      expect(await closed(0)).toEqual([]);
      scene().clock.now += minute;
      await conversations.update(tenantId, 'c2', { status: 'closed' });
      expect(await closed(scene().clock.now)).toEqual(['c2']);
      expect(await closed(scene().clock.now + 1)).toEqual([]);
      await events().add(owner, 'c2', [], { seq: 0, done: true, fromMs });
      expect(await closed(0)).toEqual([]);
      expect(await ownConversations.closed({ ...owner, configId: 'other' }, 0, 10)).toEqual(['c2']);
      expect(await ownConversations.closed({ ...owner, environment: 'production' }, 0, 10)).toEqual([]);
    });
  });
});
