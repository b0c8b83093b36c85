import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sampleModelStep } from '../../test/kit/sample-model-step.js';
import { storeContract } from '../../test/kit/store-contract.js';
import type { ConversationFilter, ConversationRow } from './conversations.js';
import { Conflict } from './errors.js';
import type { Page } from './page.js';

storeContract('conversation', (scene) => {
  const create = (tenantId: string, conversationId: string): Promise<ConversationRow> =>
    scene().store.conversations.create({
      tenantId,
      environment: 'sandbox',
      conversationId,
      channel: 'chat',
      language: 'en',
      isTest: false,
      callerNumberHash: null,
    });

  describe('a conversation', () => {
    it('is created open; the same id again is a conflict', async () => {
      const tenantId = scene().tenant();
      const row = await create(tenantId, 'c1');
      expect(row).toEqual({
        tenantId,
        environment: 'sandbox',
        conversationId: 'c1',
        channel: 'chat',
        language: 'en',
        status: 'open',
        outcome: 'unknown',
        promptBundle: null,
        turns: 0,
        isTest: false,
        callerNumberHash: null,
        createdAtMs: scene().clock.now,
        updatedAtMs: scene().clock.now,
        closedAtMs: null,
        closeReason: null,
      });
      await expect(create(tenantId, 'c1')).rejects.toThrow(Conflict);
      await expect(create(scene().tenant(), 'c1')).resolves.toMatchObject({ conversationId: 'c1' });
    });

    it('is found only in its tenant and environment', async () => {
      const tenantId = scene().tenant();
      const row = await create(tenantId, 'c1');
      const { conversations } = scene().store;
      expect(await conversations.get(tenantId, 'sandbox', 'c1')).toEqual(row);
      expect(await conversations.get(tenantId, 'production', 'c1')).toBeUndefined();
      expect(await conversations.get(scene().tenant(), 'sandbox', 'c1')).toBeUndefined();
    });

    it('changes what a patch names and nothing else', async () => {
      const tenantId = scene().tenant();
      const row = await create(tenantId, 'c1');
      scene().clock.now += 5_000;
      await scene().store.conversations.update(tenantId, 'c1', {
        status: 'closed',
        outcome: 'booked',
        turns: 4,
        closedAtMs: scene().clock.now,
        closeReason: 'goodbye',
      });
      expect(await scene().store.conversations.get(tenantId, 'sandbox', 'c1')).toEqual({
        ...row,
        status: 'closed',
        outcome: 'booked',
        turns: 4,
        updatedAtMs: scene().clock.now,
        closedAtMs: scene().clock.now,
        closeReason: 'goodbye',
      });
    });

    it('is listed newest first, page by page, though others begin meanwhile', async () => {
      const tenantId = scene().tenant();
      for (const id of ['c1', 'c2', 'c3']) await create(tenantId, id);
      scene().clock.now += 1;
      await create(tenantId, 'c4');
      const list = (filter: ConversationFilter, cursor?: string): Promise<Page<ConversationRow>> =>
        scene().store.conversations.list(tenantId, 'sandbox', filter, { limit: 2, cursor });
      const first = await list({});
      await create(tenantId, 'c5');
      const second = await list({}, first.nextCursor ?? '');
      expect([first, second].map((page) => page.rows.map((row) => row.conversationId))).toEqual([
        ['c4', 'c3'],
        ['c2', 'c1'],
      ]);
      expect(second.nextCursor).toBeNull();
      await scene().store.conversations.update(tenantId, 'c2', { status: 'handoff', outcome: 'transferred' });
      const ids = async (filter: ConversationFilter): Promise<string[]> =>
        (await list(filter)).rows.map((row) => row.conversationId);
      expect(await ids({ status: 'handoff' })).toEqual(['c2']);
      expect(await ids({ outcome: 'transferred' })).toEqual(['c2']);
      expect(await ids({ channel: 'voice' })).toEqual([]);
    });

    it('list begins at the top for a cursor that is none', async () => {
      const tenantId = scene().tenant();
      await create(tenantId, 'c1');
      const page = await scene().store.conversations.list(
        tenantId,
        'sandbox',
        {},
        { limit: 5, cursor: 'no cursor' },
      );
      expect(page.rows).toHaveLength(1);
    });
  });

  describe('a transcript', () => {
    const place = (tenantId: string, entryId: string) => ({
      tenantId,
      conversationId: 'c1',
      entryId,
      promptBundle: 'bundle',
    });
    const caller = (tenantId: string, entryId: string) =>
      scene().store.transcript.appendCaller({
        ...place(tenantId, entryId),
        content: [{ type: 'text', text: 'Hello' }],
        messages: [{ messageId: `m-${entryId}`, text: 'Hello' }],
      });
    const model = (tenantId: string, entryId: string, afterEntryId: string, content: unknown[] = []) =>
      scene().store.transcript.appendModel({
        ...place(tenantId, entryId),
        afterEntryId,
        model: 'claude-sonnet-5-5',
        content,
        say: 'Hi',
        stopReason: 'end_turn',
        modelStep: sampleModelStep(tenantId, 'c1', entryId),
      });

    it('keeps what the model said verbatim, in order', async () => {
      const tenantId = scene().tenant();
      // Key order, empty objects, big numbers and characters beyond the basic plane must come back as they went in.
      const content = [
        { type: 'tool_use', id: 'x', input: { z: 1, a: {} } },
        { text: 'Añadir 😀 \u2028 "q"' },
      ];
      expect(await caller(tenantId, 'e1')).toBe('appended');
      expect(await model(tenantId, 'e2', 'e1', content)).toBe('appended');
      await scene().store.transcript.appendSpoken({ ...place(tenantId, 'e3'), text: 'One moment.' });
      const entries = await scene().store.transcript.load(tenantId, 'c1');
      expect(entries.map(({ entryId, seq, role }) => [entryId, seq, role])).toEqual([
        ['e1', 1, 'caller'],
        ['e2', 2, 'model'],
        ['e3', 3, 'spoken'],
      ]);
      expect(JSON.stringify(entries[1]?.content)).toBe(JSON.stringify(content));
      expect(entries[2]).toMatchObject({ say: 'One moment.', content: [], messages: [], delivered: true });
      expect(await scene().store.transcript.get(tenantId, 'c1', 'e2')).toEqual(entries[1]);
    });

    it('takes each entry once', async () => {
      const tenantId = scene().tenant();
      await caller(tenantId, 'e1');
      expect(await caller(tenantId, 'e1')).toBe('existing');
      await model(tenantId, 'e2', 'e1');
      await caller(tenantId, 'e3');
      expect(await model(tenantId, 'e2', 'e1')).toBe('existing');
      await scene().store.transcript.appendSpoken({ ...place(tenantId, 'e4'), text: 'One' });
      await scene().store.transcript.appendSpoken({ ...place(tenantId, 'e4'), text: 'Two' });
      const entries = await scene().store.transcript.load(tenantId, 'c1');
      expect(entries.map(({ entryId }) => entryId)).toEqual(['e1', 'e2', 'e3', 'e4']);
      expect(entries[3]?.say).toBe('One');
    });

    it('knows whether a message was written down, in its own conversation only', async () => {
      const tenantId = scene().tenant();
      const { transcript } = scene().store;
      const [messageId, other] = [randomUUID(), randomUUID()];
      await transcript.appendCaller({
        ...place(tenantId, 'e1'),
        content: [],
        messages: [
          { messageId: randomUUID(), text: 'Hello' },
          { messageId, text: other },
        ],
      });
      expect(await transcript.holdsMessage(tenantId, 'c1', messageId)).toBe(true);
      expect(await transcript.holdsMessage(tenantId, 'c1', randomUUID())).toBe(false);
      expect(await transcript.holdsMessage(tenantId, 'c2', messageId)).toBe(false);
      expect(await transcript.holdsMessage(scene().tenant(), 'c1', messageId)).toBe(false);
    });

    it('does not take the answer of a step that was overtaken', async () => {
      const tenantId = scene().tenant();
      await caller(tenantId, 'e1');
      await caller(tenantId, 'e2');
      expect(await model(tenantId, 'e3', 'e1')).toBe('superseded');
      expect(await model(tenantId, 'e3', 'e2')).toBe('appended');
      expect(await model(scene().tenant(), 'e9', 'e2')).toBe('superseded');
    });

    it('records what an answer cost in the same commit, also when the answer does not enter', async () => {
      const tenantId = scene().tenant();
      const { modelSteps, transcript } = scene().store;
      await caller(tenantId, 'e1');
      await caller(tenantId, 'e2');
      expect(await model(tenantId, 'late', 'e1')).toBe('superseded');
      expect(await model(tenantId, 'e3', 'e2')).toBe('appended');
      expect((await modelSteps.list(tenantId, 'c1')).map(({ stepId }) => stepId).sort()).toEqual([
        'e3',
        'late',
      ]);

      const noJson = 1n;
      await expect(model(tenantId, 'e4', 'e3', [noJson])).rejects.toThrow();
      expect(await modelSteps.list(tenantId, 'c1')).toHaveLength(2);
      expect(await transcript.load(tenantId, 'c1')).toHaveLength(3);
      expect((await transcript.load(tenantId, 'c1', 2)).map(({ seq }) => seq)).toEqual([3]);
    });

    it('flags an undelivered entry and keeps the first reason', async () => {
      const tenantId = scene().tenant();
      await caller(tenantId, 'e1');
      const { transcript } = scene().store;
      await transcript.markUndelivered(tenantId, 'c1', 'e1', 'superseded');
      await transcript.markUndelivered(tenantId, 'c1', 'e1', 'closed');
      await transcript.markUndelivered(tenantId, 'c1', 'none', 'closed');
      expect(await transcript.get(tenantId, 'c1', 'e1')).toMatchObject({
        delivered: false,
        undeliveredReason: 'superseded',
      });
    });

    it('is empty for others', async () => {
      const tenantId = scene().tenant();
      await caller(tenantId, 'e1');
      expect(await scene().store.transcript.load(scene().tenant(), 'c1')).toEqual([]);
      expect(await scene().store.transcript.get(scene().tenant(), 'c1', 'e1')).toBeUndefined();
    });
  });

  it('a model step is paid once per attempt, to the last pico-dollar', async () => {
    const tenantId = scene().tenant();
    const step = sampleModelStep(tenantId, 'c1', 's1');
    await scene().store.modelSteps.record(step);
    await scene().store.modelSteps.record({ ...step, costPicoUsd: 1n });
    scene().clock.now += 1;
    await scene().store.modelSteps.record({ ...step, attempt: 2, usage: null, costPicoUsd: null });
    const listed = await scene().store.modelSteps.list(tenantId, 'c1');
    expect(listed).toMatchObject([step, { attempt: 2, usage: null, costPicoUsd: null }]);
    expect(await scene().store.modelSteps.list(scene().tenant(), 'c1')).toEqual([]);
  });
});
