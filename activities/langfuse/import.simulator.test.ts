import { afterEach, expect, it } from 'vitest';
import { importScene, sampleTrace, type ImportScene } from '../../test/kit/import-scene.js';

/* What the import promises beyond the traps of reading, which traps.simulator.test.ts lays beside a naive loop. */

let scene: ImportScene;
afterEach(() => scene.close());

const minute = 60_000;
const hour = 60 * minute;
const order = (method: string, path: string, body: unknown) => scene.langfuse.order(method, path, body);
const seed = (traces: readonly object[]) => order('POST', '/traces', { traces });
const switches = (changed: object) => order('POST', '/switches', changed);
const fault = (body: object) => order('POST', '/faults', body);
const many = (count: number, minutesAgo = 120) =>
  Array.from({ length: count }, (_, index) => sampleTrace(`trace-${index}`, minutesAgo));
const spread = (count: number) =>
  Array.from({ length: count }, (_, index) => sampleTrace(`trace-${index}`, 30 + index));

/** Both sides agree on everything that is counted. */
async function matches(): Promise<void> {
  const { traces, observations, costPico, errors } = await scene.truth();
  expect(await scene.stored()).toEqual({ traces, observations, costPico, errors });
}

const observation = (id: string) =>
  scene.database.kysely
    .selectFrom('imported_observations')
    .selectAll()
    .where('observation_id', '=', id)
    .executeTakeFirst();
const trace = (id: string) =>
  scene.database.kysely
    .selectFrom('imported_traces')
    .selectAll()
    .where('trace_id', '=', id)
    .executeTakeFirst();
const watermark = async () =>
  (await scene.store.importLanes.standing(scene.address.tenantId, scene.address.configId)).find(
    ({ kind }) => kind === 'live',
  )!.positionMs;

it.each(['legacy', 'dual', 'events_only'])(
  'imports every trace and observation once, and proves it, in mode %s',
  async (mode) => {
    scene = await importScene({}, { mode });
    await seed(spread(30));
    const end = await scene.run();
    expect(end).toMatchObject({ outcome: 'caughtUp', reason: null });
    expect(new Set(end.verdicts)).toEqual(new Set(['proven']));
    await matches();
    const again = await scene.run();
    expect(again.requests).toBeLessThanOrEqual(4);
    await matches();
  },
);

it.each([
  '429',
  '500',
  '502-html',
  '503',
  'not-json',
  'brokenGzip',
  'reset',
  'resetBody',
  '404-html',
  '401',
  'empty-200',
])('never takes %s for "nothing there"', async (kind) => {
  scene = await importScene({}, { mode: 'dual' });
  await seed(spread(20));
  const fatal = ['404-html', '401'].includes(kind);
  await fault({ kind, path: '/traces', after: 1, times: 1, retryAfterSeconds: 30 });
  const end = await scene.run();
  if (fatal) {
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: kind === '401' ? 'LangfuseAuth' : 'LangfuseWrongHost',
    });
    expect((await scene.stored()).traces).toBe(0);
    const before = await watermark();
    await scene.run();
    expect(await watermark()).toBeGreaterThan(before);
  } else expect(end).toMatchObject({ outcome: 'caughtUp' });
  await matches();
});

it('halves pages that are too large until they pass', async () => {
  scene = await importScene({}, { mode: 'dual', longestReplyBytes: 20_000 });
  await seed(spread(60));
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  await matches();
});

it('goes on over v2 when the server changes to events_only in mid-run, without copies and with the sessions that v1 knew', async () => {
  scene = await importScene({}, { mode: 'dual', lostContext: 1 });
  await seed(spread(40));
  await scene.run();
  const sessions = async () =>
    (
      await scene.database.kysely.selectFrom('imported_traces').select(['trace_id', 'session_id']).execute()
    ).filter(({ session_id }) => session_id !== null).length;
  expect(await sessions()).toBe(40);
  await switches({ mode: 'events_only' });
  await scene.advance(30 * minute);
  await seed([sampleTrace('after-the-switch', -5)]);
  await scene.advance(30 * minute);
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  await matches();
  expect(await sessions()).toBeGreaterThanOrEqual(40);
  const config = await scene.store.langfuseConfigs.get(scene.address.tenantId, scene.address.configId);
  expect(config).toMatchObject({ facts: { mode: 'events_only' }, modeChange: { from: 'dual' } });
});

it('is not fooled by a v2 that answers 200 and nothing because the server is in legacy mode', async () => {
  scene = await importScene({ readApi: 'v2' }, { mode: 'legacy' });
  await seed(spread(10));
  const before = scene.nowMs() - 6 * hour;
  expect(await scene.run()).toMatchObject({ outcome: 'failed', reason: 'LangfuseModeChanged' });
  expect(await watermark()).toBe(before);
});

it('stops at a repeated cursor, keeps its watermark, and is whole after the next run', async () => {
  scene = await importScene({}, { mode: 'events_only', repeatCursorFrom: 2, shortPageEvery: 1 });
  await seed(spread(150));
  const oldest = scene.nowMs() - 179 * minute;
  expect(await scene.run()).toMatchObject({ outcome: 'failed', reason: 'LangfuseProtocol' });
  expect(await watermark()).toBeLessThanOrEqual(oldest);
  await switches({ repeatCursorFrom: 0, shortPageEvery: 0 });
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  await matches();
});

it.each(['dual', 'events_only'])('finds a late ERROR span by its sweep in mode %s', async (mode) => {
  scene = await importScene({}, { mode });
  await seed(spread(12));
  await scene.run();
  await order('POST', '/observations', {
    traceId: 'trace-11',
    observations: [
      {
        id: 'late',
        type: 'SPAN',
        level: 'ERROR',
        statusMessage: 'boom',
        startTime: new Date(scene.nowMs() - 5 * hour).toISOString(),
        endTime: new Date(scene.nowMs() - 5 * hour + 1_000).toISOString(),
      },
    ],
  });
  await scene.run();
  expect(await observation('late')).toBeUndefined();
  await scene.advance(61 * minute);
  await scene.run();
  expect(await observation('late')).toMatchObject({ level: 'ERROR', status_message: 'boom' });
  await matches();
});

it('keeps one observation of a span that was exported three times, the newest', async () => {
  scene = await importScene({}, { mode: 'events_only' });
  for (const name of ['first', 'second', 'third']) {
    await seed([
      sampleTrace('copied', 60, {
        way: 'otlp',
        observations: [
          {
            id: 'span',
            type: 'GENERATION',
            name,
            startTime: new Date(scene.nowMs() - hour).toISOString(),
            endTime: new Date(scene.nowMs() - hour + 1_000).toISOString(),
          },
        ],
      }),
    ]);
    await scene.advance(1_000);
  }
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  expect(await scene.stored()).toMatchObject({ observations: 1 });
  expect(await observation('span')).toMatchObject({ name: 'third' });
});

it('marks the rows that v2 invents and counts them as nothing', async () => {
  scene = await importScene({}, { mode: 'events_only' });
  await seed(spread(10));
  await scene.run();
  const { v2 } = await scene.truth();
  expect(v2.synthetic).toBe(10);
  await matches();
  expect(await observation('t-trace-3')).toMatchObject({ synthetic: 1 });
  expect(await observation('trace-3-tool')).toMatchObject({ parent_id: null });
});

it('reports a total that never fits, after a second walk, instead of sealing it silently', async () => {
  scene = await importScene({}, { mode: 'dual', overcount: 2 });
  await seed(spread(10));
  const end = await scene.run();
  expect(end.outcome).toBe('caughtUp');
  expect(new Set(end.verdicts)).toEqual(new Set(['mismatch']));
  const { tenantId, configId } = scene.address;
  const { rows } = await scene.store.importWindows.list(
    tenantId,
    configId,
    { verdict: 'mismatch' },
    { limit: 10 },
  );
  expect(rows[0]).toMatchObject({ attempt: 2, verdict: 'mismatch' });
  expect(JSON.stringify(rows[0]!.proof)).toContain('the server says');
  await matches();
});

it('marks what was deleted after two proven walks and the word of the server', async () => {
  scene = await importScene({}, { mode: 'dual' });
  await seed(many(12));
  await scene.run();
  await order('DELETE', '/traces', { traceIds: ['trace-4'] });
  await scene.advance(61 * minute);
  await scene.run();
  expect(await trace('trace-4')).toMatchObject({ deleted_at_ms: null });
  await scene.advance(61 * minute);
  await scene.run();
  expect((await trace('trace-4'))?.deleted_at_ms).not.toBeNull();
  await matches();
});

it('reads a backfill newest first without moving the watermark', async () => {
  scene = await importScene({ importFromMs: Date.UTC(2030, 2, 4, 11) }, { mode: 'dual' });
  await seed(spread(300));
  await scene.run();
  const before = await watermark();
  const { tenantId, configId } = scene.address;
  await scene.store.importLanes.order(tenantId, configId, 'order-1', {
    kind: 'backfill',
    fromMs: scene.nowMs() - 8 * hour,
    toMs: scene.nowMs() - hour,
  });
  await scene.run({ laneId: 'order-1' });
  expect(await watermark()).toBe(before);
  await matches();
  // Nobody sees it done before its outcome is named.
  const order = () => scene.store.importLanes.get(tenantId, 'order-1');
  expect(await order()).toMatchObject({ state: 'running', outcome: null, endedAtMs: null });
  await scene.activities.settleImport({
    tenantId,
    configId,
    importId: 'order-1',
    state: 'done',
    outcome: 'complete',
  });
  expect(await order()).toMatchObject({ state: 'done', outcome: 'complete', endedAtMs: scene.nowMs() });
});

it('surfaces that an endpoint will go away', async () => {
  scene = await importScene({}, { mode: 'dual', cloud: true });
  await seed(spread(2));
  await scene.run();
  const config = await scene.store.langfuseConfigs.get(scene.address.tenantId, scene.address.configId);
  expect(config?.deprecation).toMatchObject({ sunsetAt: '2026-11-16' });
});
