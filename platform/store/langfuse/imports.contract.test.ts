import { expect, it } from 'vitest';
import type { ReadApi, ReadRows } from '../../../domain/langfuse/rows.js';
import type { Walk } from '../../../domain/langfuse/walk.js';
import { readStep, readTrace } from '../../../test/kit/read-rows.js';
import { storeContract } from '../../../test/kit/store-contract.js';
import type { ImportWindow } from './import-windows.js';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

storeContract('imports', (scene) => {
  /** A tenant with a configuration that reads from some hours ago. */
  const home = async (hours = 6) => {
    const tenantId = scene().tenant();
    const { store, clock, database } = scene();
    const owner = { tenantId, environment: 'sandbox' as const, configId: 'config' };
    const nowMs = clock.now;
    await store.langfuseConfigs.create(owner, {
      name: 'config',
      host: 'https://langfuse.invalid',
      projectId: null,
      plan: 'selfHosted',
      readApi: 'auto',
      active: true,
      isDefault: true,
      everyMs: 15 * minute,
      settleMs: 20 * minute,
      overlapMs: hour,
      importFromMs: nowMs - hours * hour,
    });
    const { importWindows, importLanes, importedTraces } = store;
    const open = (api: ReadApi = 'v1', firstOfRun = true, laneId: string | null = null) =>
      importWindows.open({
        tenantId,
        configId: 'config',
        laneId,
        api,
        settleMs: 20 * minute,
        overlapMs: hour,
        firstOfRun,
      });
    const page = (
      window: ImportWindow,
      rows: Partial<ReadRows>,
      change: Partial<Walk> = {},
      withBodies = true,
    ) =>
      importWindows.savePage({
        tenantId,
        environment: 'sandbox',
        window,
        rows: { traces: [], observations: [], unreadable: [], ...rows },
        walk: { ...window.walk, pages: window.walk.pages + 1, ...change } as Walk,
        withBodies,
      });
    const seal = (window: ImportWindow, verdict: 'proven' | 'mismatch' = 'proven') =>
      importWindows.seal(tenantId, 'sandbox', window, { verdict, proof: {} });
    const put = (rows: Partial<ReadRows>, api: ReadApi = 'v1') =>
      importedTraces.save({ ...owner, api }, { traces: [], observations: [], unreadable: [], ...rows });
    const row = (traceId: string) =>
      database.kysely
        .selectFrom('imported_traces')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('trace_id', '=', traceId)
        .executeTakeFirst();
    const step = (traceId: string) =>
      database.kysely
        .selectFrom('imported_observations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('trace_id', '=', traceId)
        .executeTakeFirst();
    const watermark = async () =>
      (await importLanes.standing(tenantId, 'config')).find(({ kind }) => kind === 'live')!.positionMs;
    const changed = async () => {
      const rows = await database.kysely
        .selectFrom('changed_traces')
        .select('trace_id')
        .where('tenant_id', '=', tenantId)
        .orderBy('trace_id')
        .execute();
      await database.kysely.deleteFrom('changed_traces').where('tenant_id', '=', tenantId).execute();
      return rows.map(({ trace_id }) => trace_id);
    };
    return { ...store, tenantId, owner, nowMs, open, page, seal, put, row, step, watermark, changed };
  };

  it('save a page and the place after it together or not at all', async () => {
    const { open, page, row, importWindows, tenantId } = await home();
    const window = (await open())!;
    const unstorable = {
      toJSON: () => {
        throw new Error('the process dies here');
      },
    };
    await expect(
      page(window, { traces: [readTrace('a', window.fromMs)] }, unstorable as unknown as Walk),
    ).rejects.toThrow('dies');
    expect(await row('a')).toBeUndefined();
    expect(await importWindows.get(tenantId, 'config', window.windowId)).toEqual(window);
    const saved = await page(window, { traces: [readTrace('a', window.fromMs)] });
    expect(await row('a')).toBeDefined();
    expect(saved).toMatchObject({ walk: { pages: 1 }, counts: { traces: { received: 1, added: 1 } } });
  });

  it('let only one of two who walk a window save its next page', async () => {
    const { open, page } = await home();
    const window = (await open())!;
    const both = await Promise.allSettled([
      page(window, { traces: [readTrace('a', window.fromMs)] }),
      page(window, { traces: [readTrace('a', window.fromMs)] }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { name: 'Conflict' } });
  });

  it('give a window again until it is sealed, and only then move the watermark', async () => {
    const { open, page, seal, nowMs, watermark } = await home();
    const first = (await open())!;
    expect(first).toMatchObject({ kind: 'live', fromMs: nowMs - 6 * hour, toMs: nowMs - 5 * hour });
    await page(first, {});
    expect(await open()).toMatchObject({ windowId: first.windowId, walk: { pages: 1 } });
    expect(await watermark()).toBe(nowMs - 6 * hour);
    await seal((await open())!);
    await seal(first);
    expect(await watermark()).toBe(nowMs - 5 * hour);
    const second = (await open('v1', false))!;
    expect(second.fromMs).toBe(first.toMs);
    await seal(second);
    // A new run begins with what the last one has read.
    expect((await open('v1', true))!.fromMs).toBe((await watermark()) - hour);
  });

  it('begin a window with pages as large as those of the window before', async () => {
    const { open, page, seal } = await home();
    const first = (await open('v2'))!;
    await seal(await page(first, {}, { phase: 'done', limit: 400 }));
    expect((await open('v2', false))!.walk).toMatchObject({ pages: 0, cursor: null, limit: 400 });
  });

  it('abandon a window that was begun over another API, and keep its rows', async () => {
    const { open, page, row, importWindows, tenantId } = await home();
    const window = (await open('v1'))!;
    await page(window, { traces: [readTrace('a', window.fromMs)] });
    const next = (await open('v2'))!;
    expect(next).toMatchObject({ api: 'v2', fromMs: window.fromMs, walk: { api: 'v2', pages: 0 } });
    expect(await importWindows.get(tenantId, 'config', window.windowId)).toMatchObject({
      state: 'abandoned',
    });
    await expect(page(window, {})).rejects.toThrow('not being walked');
    expect(await row('a')).toBeDefined();
  });

  it('read the last day before the watermark once more when another API is to be read', async () => {
    const { open, seal, langfuseConfigs, tenantId, watermark } = await home(72);
    const facts = { organizationId: 'org', serverVersion: '4' };
    await langfuseConfigs.noteFacts(tenantId, 'config', { ...facts, mode: 'dual' });
    for (let index = 0; index < 5; index += 1) await seal((await open('v1', false))!);
    await langfuseConfigs.noteFacts(tenantId, 'config', { ...facts, mode: 'events_only' });
    const again = (await open('v2', false))!;
    expect(again.fromMs).toBe((await watermark()) - day);
    await seal(again);
    expect((await open('v2', false))!.fromMs).toBe(await watermark());
  });

  it('keep the newest version of a row, whatever comes first, and nothing unset overwrites what was known', async () => {
    const { put, row, step, changed } = await home();
    const newer = { serverUpdatedAtMs: 9 };
    await put({
      traces: [readTrace('a', 1_000, { ...newer, name: 'new', sessionId: null })],
      observations: [readStep('a', 1_000, { ...newer, level: 'ERROR', statusMessage: 'late' })],
    });
    await put({
      traces: [readTrace('a', 1_000, { name: 'old', sessionId: 'known' })],
      observations: [readStep('a', 1_000, { statusMessage: null, promptName: 'known' })],
    });
    expect(await row('a')).toMatchObject({ name: 'new', session_id: 'known' });
    expect(await step('a')).toMatchObject({ level: 'ERROR', status_message: 'late', prompt_name: 'known' });
    // What the other API says now is taken, but for what it leaves unset.
    await put({ traces: [readTrace('a', 1_000, { name: 'other', sessionId: null })] }, 'v2');
    expect(await row('a')).toMatchObject({ name: 'other', session_id: 'known', source_api: 'v2' });
    expect(await changed()).toEqual(['a']);
  });

  it('write nothing and queue nothing when the same is read again', async () => {
    const { put, row, step, changed } = await home();
    const rows = {
      traces: [{ ...readTrace('a', 1_000), body: { input: 'hello', output: null, metadata: null } }],
      observations: [readStep('a', 1_000)],
    };
    expect(await put(rows)).toMatchObject({ traces: { added: 1 }, observations: { added: 1 } });
    expect(await changed()).toEqual(['a']);
    const before = [await row('a'), await step('a')];
    scene().clock.now += minute;
    expect(await put(rows)).toMatchObject({
      traces: { added: 0, changed: 0 },
      observations: { added: 0, changed: 0 },
    });
    expect([await row('a'), await step('a')]).toEqual(before);
    expect(await changed()).toEqual([]);
  });

  it('keep a body that was not asked for, and name the traces whose bodies must be read', async () => {
    const { open, page, put, importedTraces, owner, row } = await home();
    const window = (await open())!;
    const body = { input: 'hello', output: 'good day', metadata: null };
    await put({ traces: [{ ...readTrace('a', window.fromMs), body }] });
    const changes = { serverUpdatedAtMs: 2, name: 'renamed' };
    await page(window, { traces: [readTrace('a', window.fromMs, changes)] }, {}, false);
    expect(await row('a')).toMatchObject({ name: 'renamed' });
    const said = await scene()
      .database.kysely.selectFrom('imported_bodies')
      .select(['input', 'output'])
      .where('tenant_id', '=', owner.tenantId)
      .execute();
    expect(said).toEqual([{ input: 'hello', output: 'good day' }]);
    expect(await importedTraces.staleBodies(owner, window, 10)).toEqual(['a']);
    await importedTraces.bodiesRead(owner, 'a');
    expect(await importedTraces.staleBodies(owner, window, 10)).toEqual([]);
  });

  it('count copies and what cannot be read, and keep that raw', async () => {
    const { open, page, importWindows, importedTraces, tenantId, owner } = await home();
    const window = (await open())!;
    const broken = { kind: 'observation' as const, reason: 'startTime is missing', raw: '{"id":"x"}' };
    const first = await page(window, {
      observations: [readStep('a', window.fromMs), readStep('a', window.fromMs)],
      unreadable: [broken],
    });
    const second = await page(first, { observations: [readStep('a', window.fromMs)], unreadable: [broken] });
    expect(second.counts).toMatchObject({
      observations: { received: 5, copies: 3, unreadable: 1, added: 1 },
      costPicoUsd: '1500000000',
    });
    expect(await importWindows.stored(tenantId, 'sandbox', second)).toEqual({ traces: 0, observations: 1 });
    const { rows } = await importedTraces.quarantine(tenantId, 'config', { limit: 10 });
    expect(rows).toMatchObject([broken]);
    // An observation makes its trace known, as the stub that it is.
    expect(await importedTraces.count(owner)).toEqual({ traces: 1, observations: 1, quarantined: 1 });
  });

  it('suspect a trace that two proven walks did not meet, and no other', async () => {
    const { open, page, seal, put, importLanes, tenantId } = await home();
    const atMs = (await open())!.fromMs + minute;
    const others = [readTrace('met', atMs), readTrace('gone', atMs)];
    await put({ traces: others });
    await put({ traces: [readTrace('only-in-v2', atMs)] }, 'v2');
    let orders = 0;
    const walk = async (verdict: 'proven' | 'mismatch', ids: readonly string[]) => {
      orders += 1;
      const range = { kind: 'backfill' as const, fromMs: atMs - minute, toMs: atMs + minute };
      await importLanes.order(tenantId, 'config', `order-${orders}`, range);
      const window = (await open('v1', true, `order-${orders}`))!;
      const walked = await page(window, { traces: others.filter(({ traceId }) => ids.includes(traceId)) });
      return (await seal(walked, verdict)).absent;
    };
    expect(await walk('proven', ['met'])).toEqual([]);
    expect(await walk('mismatch', ['met'])).toEqual([]);
    // It was there after all, and counting begins anew.
    expect(await walk('proven', ['met', 'gone'])).toEqual([]);
    expect(await walk('proven', ['met'])).toEqual([]);
    expect(await walk('proven', ['met'])).toEqual(['gone']);
  });

  it('work off what a person ordered newest first, once, and leave the watermark alone', async () => {
    const { open, seal, importLanes, tenantId, watermark, nowMs } = await home();
    const before = await watermark();
    const range = { kind: 'backfill' as const, fromMs: nowMs - 4 * hour, toMs: nowMs - hour };
    await importLanes.order(tenantId, 'config', 'order', range);
    await importLanes.order(tenantId, 'config', 'order', { ...range, fromMs: 0 });
    const edges: number[] = [];
    for (;;) {
      const window = await open('v1', true, 'order');
      if (!window) break;
      edges.push(window.toMs);
      await seal(window);
    }
    expect(edges).toEqual([nowMs - hour, nowMs - 2 * hour]);
    // All is read; the order is done when its run has named an outcome.
    expect(await importLanes.get(tenantId, 'order')).toMatchObject({ state: 'running', windowsDone: 2 });
    await importLanes.settle(tenantId, 'config', 'order', { state: 'done', outcome: 'complete' });
    expect(await importLanes.get(tenantId, 'order')).toMatchObject({ state: 'done', outcome: 'complete' });
    expect(await watermark()).toBe(before);
  });

  it('keep tenants apart that read the same traces', async () => {
    const [one, other] = [await home(), await home()];
    await one.put({ traces: [readTrace('a', 1_000, { name: 'ours' })] });
    await other.put({ traces: [readTrace('a', 1_000, { name: 'theirs' }), readTrace('b', 1_000)] });
    expect(await one.row('a')).toMatchObject({ name: 'ours' });
    expect(await one.importedTraces.count(one.owner)).toMatchObject({ traces: 1 });
    await one.importedTraces.markDeleted(one.owner, 'a');
    expect(await other.importedTraces.count(other.owner)).toMatchObject({ traces: 2 });
    expect(await one.importedTraces.count(one.owner)).toMatchObject({ traces: 0 });
    const window = (await one.open())!;
    await expect(one.importWindows.get(other.tenantId, 'config', `${window.windowId}0`)).rejects.toThrow();
    expect(await other.importWindows.list(one.tenantId, 'config', {}, { limit: 9 })).toMatchObject({
      rows: [{ windowId: window.windowId }],
    });
  });

  it('bring a deleted trace back when it is read again', async () => {
    const { put, row, importedTraces, owner } = await home();
    await put({ traces: [readTrace('a', 1_000)] });
    await importedTraces.markDeleted(owner, 'a');
    expect((await row('a'))?.deleted_at_ms).not.toBeNull();
    await put({ traces: [readTrace('a', 1_000)] });
    expect(await row('a')).toMatchObject({ deleted_at_ms: null });
  });
});

storeContract('request budgets', (scene) => {
  const limit = { most: 15, perMs: minute };
  const take = (budget: string, ticket: string, urgency: 'interactive' | 'incremental' | 'backfill') =>
    scene().store.rateWindows.take({
      budget,
      ticket,
      urgency,
      limitOf: (learned) => (learned === null ? limit : { ...limit, most: learned }),
      nowMs: scene().clock.now,
    });

  it('give one less than the limit to all together, however many ask at once, and begin anew after their time', async () => {
    const budget = scene().tenant();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => take(budget, `t${index}`, 'interactive')),
    );
    expect(all.filter(({ kind }) => kind === 'go')).toHaveLength(14);
    expect(all.find(({ kind }) => kind === 'wait')).toMatchObject({ untilMs: scene().clock.now + minute });
    expect(await take(scene().tenant(), 't', 'interactive')).toEqual({ kind: 'go' });
    scene().clock.now += minute;
    expect(await take(budget, 't', 'interactive')).toEqual({ kind: 'go' });
  });

  it('leave some to those who are more urgent', async () => {
    const budget = scene().tenant();
    const went = async (urgency: Parameters<typeof take>[2]) => {
      let count = 0;
      while ((await take(budget, `${urgency}-${count}`, urgency)).kind === 'go') count += 1;
      return count;
    };
    expect(await went('backfill')).toBe(10);
    expect(await went('incremental')).toBe(2);
    expect(await went('interactive')).toBe(2);
  });

  it('close for everybody when the server refuses, and learn its limit', async () => {
    const budget = scene().tenant();
    const untilMs = scene().clock.now + 30_000;
    await scene().store.rateWindows.close(budget, untilMs, 3);
    expect(await take(budget, 't', 'interactive')).toEqual({ kind: 'wait', untilMs });
    scene().clock.now += 30_000;
    const kinds = [];
    for (const ticket of ['a', 'b', 'c']) kinds.push((await take(budget, ticket, 'interactive')).kind);
    expect(kinds).toEqual(['go', 'go', 'wait']);
  });
});
