import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importScene, type ImportScene } from '../../../test/kit/import-scene.js';
import { tellConversation } from '../../../test/kit/told-conversation.js';
import type { LangfuseSettings } from '../../../platform/store/langfuse/configs.js';
import type { BuiltEvent } from '../../../platform/store/langfuse/own-trace-events.js';
import type { OwnObservation } from './own-event.js';

/* Our own traces against the double, whose memory decides: what we noted ourselves proves nothing. */

let scene: ImportScene;
afterEach(() => scene.close());

const minute = 60_000;
const order = (method: string, path: string, body?: unknown) => scene.langfuse.order(method, path, body);
const fault = (body: object) => order('POST', '/faults', body);

const begin = async (
  mode: 'legacy' | 'dual' | 'events_only',
  submit: LangfuseSettings['submit'] | null = { enabled: true, mask: 'none' },
  settings: Partial<LangfuseSettings> = {},
): Promise<void> => {
  scene = await importScene({ ...settings, ...(submit ? { submit } : {}) }, { mode });
};

const perform = <T>(work: () => Promise<T>): Promise<T> =>
  new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run<[], T, () => Promise<T>>(work);
const once = () => perform(() => scene.activities.submitOwnTraces(scene.address));
const probe = () =>
  perform(() => scene.activities.probeLangfuse({ ...scene.address, urgency: 'incremental' }));

/** A run as the workflow makes it; the clock moves instead of waiting. Gives the types of the failures on the way. */
async function run(): Promise<readonly string[]> {
  const failures: string[] = [];
  for (;;) {
    try {
      while ((await once()).more);
      return failures;
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      failures.push(error.type ?? '');
      if (failures.length > 8) throw error;
      if (error.type === 'LangfuseModeChanged') await probe();
      else if (error.nonRetryable === true) return failures;
      await scene.advance(Number(error.nextRetryDelay ?? 2_000));
    }
  }
}

/** The next run of the schedule, late enough to know what became of an unclear export. */
async function later(): Promise<readonly string[]> {
  await scene.advance(2 * minute);
  return run();
}

interface Rows {
  readonly traces: readonly { readonly id: string; readonly sessionId: string; readonly name: string }[];
  readonly observations: readonly {
    readonly id: string;
    readonly type: string;
    readonly startTime: string;
  }[];
}
const rows = async (): Promise<Rows> => (await order('GET', '/rows')) as Rows;
const counts = () => scene.store.ownTraceEvents.counts(scene.address);
const truth = () => scene.truth();
const requests = async (path: string) =>
  ((await order('GET', `/requests?path=${path}`)) as { requests: readonly unknown[] }).requests.length;

describe.each(['legacy', 'dual', 'events_only'] as const)('in mode %s', (mode) => {
  beforeEach(() => begin(mode));
  const way = mode === 'events_only' ? '/otel' : '/ingestion';
  /** v1 hides what was sent twice; v2, which "legacy" does not have, shows it beside the rows that Langfuse makes up. */
  const allOnce = async (observations: number) => {
    const { v2, ...found } = await truth();
    expect(found.observations).toBe(observations);
    expect(v2.rows - v2.synthetic).toBe(observations);
    expect(await counts()).toMatchObject({ pending: 0, refused: 0 });
  };

  it('each turn becomes a trace of its conversation with everything that it cost, and the end a score', async () => {
    await tellConversation(scene, 'c1', { turns: 2 });
    await run();
    await allOnce(8);
    const held = await rows();
    expect(held.traces).toHaveLength(2);
    for (const trace of held.traces)
      expect(trace).toMatchObject({
        sessionId: 'c1',
        userId: 'hash-of-c1',
        name: 'booking turn',
        tags: expect.arrayContaining(['chairside', 'channel:chat']) as string[],
      });
    expect(held.observations.map(({ type }) => type).sort()).toEqual([
      ...Array<string>(4).fill('GENERATION'),
      ...Array<string>(2).fill('SPAN'),
      ...Array<string>(2).fill('TOOL'),
    ]);
    expect((await truth()).costPico).toBe(String(4 * 8_625_000_000));
    const { data } = (await scene.langfuse.read('/v3/scores?fields=details,subject')) as {
      data: readonly object[];
    };
    expect(data).toMatchObject([{ name: 'outcome', environment: 'chairside-sandbox' }]);
    expect(JSON.stringify(data)).toContain('booked');
    expect(await counts()).toMatchObject({ submitted: 9 });
  });

  it('has every observation once when the answer to a request is lost, and the run is repeated', async () => {
    await tellConversation(scene, 'c1', { turns: 3 });
    await fault({ kind: 'reset', path: way, afterCommit: true, times: 1 });
    expect(await run()).toContain('LangfuseUnavailable');
    const first = (await rows()).observations;
    await later();
    await later();
    await allOnce(12);
    expect((await rows()).observations).toEqual(first);
  });

  it('has every observation once when the process dies between sending and recording', async () => {
    await tellConversation(scene, 'c1', { turns: 3 });
    await run().catch(() => undefined);
    await tellConversation(scene, 'c2', { turns: 3 });
    vi.spyOn(scene.store.ownTraceEvents, 'settle').mockImplementation((_, settlements) =>
      // A score alone is a request of its own where spans go another way.
      settlements.length <= 1 ? Promise.resolve() : Promise.reject(new Error('killed')),
    );
    await expect(once()).rejects.toThrow('killed');
    vi.restoreAllMocks();
    expect((await counts()).pending).toBeGreaterThanOrEqual(12);
    expect((await truth()).observations).toBe(24);
    await later();
    await later();
    await allOnce(24);
  });

  it('sends again what did not arrive: the connection broke before the request was read', async () => {
    await tellConversation(scene, 'c1');
    await fault({ kind: 'reset', path: way, times: 1 });
    await run();
    await later();
    await later();
    await allOnce(4);
  });

  it('brings 30 events of 900 KB over, in requests that the server takes', async () => {
    await tellConversation(scene, 'c1');
    await addEvents(30, () => ({ output: 'x'.repeat(900_000) }));
    expect((await run()).filter((type) => type !== 'LangfuseModeChanged')).toEqual([]);
    await allOnce(34);
    expect(await requests(way)).toBeGreaterThan(7);
  });
});

/** Generations of one turn that are what the test says. */
async function addEvents(
  count: number,
  more: (index: number) => Partial<OwnObservation>,
): Promise<readonly BuiltEvent[]> {
  const { submit } = (await scene.store.langfuseConfigs.get(scene.address.tenantId, scene.address.configId))!;
  const events = Array.from({ length: count }, (_, index): BuiltEvent => {
    const own: OwnObservation = {
      eventId: `event-${index}`,
      kind: 'generation',
      turn: 1,
      observationId: index.toString(16).padStart(16, 'a'),
      traceId: 'b'.repeat(32),
      traceName: 'booking turn',
      sessionId: 'made-up',
      userId: null,
      tags: [],
      environment: 'chairside-sandbox',
      parentId: null,
      name: 'model step',
      startMs: scene.nowMs(),
      endMs: scene.nowMs(),
      level: 'DEFAULT',
      statusMessage: null,
      model: null,
      usage: null,
      costUsd: null,
      metadata: {},
      ...more(index),
    };
    const { eventId, turn, kind, traceId, observationId } = own;
    return { eventId, turn, kind, traceId, observationId, json: JSON.stringify(own) };
  });
  await scene.store.ownTraceEvents.add(scene.address, 'made-up', events, {
    seq: 1,
    done: false,
    fromMs: submit.fromMs,
  });
  return events;
}

it('keeps an event that the server refuses, with where it is wrong, and sends all others of the batch', async () => {
  await begin('dual');
  await addEvents(5, (index) => (index === 2 ? { level: 'LOUD' as never } : {}));
  await run();
  await later();
  expect(await truth()).toMatchObject({ observations: 4 });
  const { rows: refused } = await scene.store.ownTraceEvents.list(scene.address, 'refused', { limit: 9 });
  expect(refused).toMatchObject([{ eventId: 'event-2', way: 'ingestion' }]);
  expect(refused[0]!.reason).toMatch(/^400 Invalid request data: .*level/);
  expect(await requests('/ingestion')).toBe(1);
});

it('finds the one span that makes a server refuse a whole export', async () => {
  await begin('events_only');
  await addEvents(6, (index) => (index === 4 ? { traceId: 7 as never } : {}));
  await run();
  expect(await truth()).toMatchObject({ observations: 5 });
  const { rows: refused } = await scene.store.ownTraceEvents.list(scene.address, 'refused', { limit: 9 });
  expect(refused).toMatchObject([{ eventId: 'event-4', reason: 'the server cannot read it' }]);
});

describe('when the server begins to keep events only', () => {
  beforeEach(async () => {
    await begin('dual');
    await tellConversation(scene, 'c1');
    await run();
  });
  const flip = () => order('POST', '/switches', { mode: 'events_only' });

  it('sends over OTLP what it took nothing of, once', async () => {
    await flip();
    await tellConversation(scene, 'c2');
    expect(await run()).toEqual(['LangfuseModeChanged']);
    await later();
    expect(await counts()).toMatchObject({ pending: 0, refused: 0, submitted: 10 });
    const { v2 } = await truth();
    expect(v2.rows - v2.synthetic).toBe(8);
  });

  it.each(['known already', 'not known yet'])(
    'never sends what it may have over OTLP as well (%s)',
    async (known) => {
      await tellConversation(scene, 'c2');
      await fault({ kind: 'reset', path: '/ingestion', afterCommit: true, times: 1 });
      await expect(once()).rejects.toThrow();
      await flip();
      if (known === 'known already') await probe();
      expect(await run()).toContain('LangfuseModeChanged');
      await later();
      expect(await counts()).toMatchObject({ pending: 0, refused: 4 });
      const { v2 } = await truth();
      expect(v2.rows - v2.synthetic).toBe(8);
    },
  );
});

it('waits as long as the server says, and nobody of the organisation asks meanwhile', async () => {
  await begin('dual');
  await tellConversation(scene, 'c1');
  await fault({ kind: '429', path: '/ingestion', times: 1, retryAfterSeconds: 40 });
  await run().catch(() => undefined);
  expect(await truth()).toMatchObject({ observations: 4 });
  await tellConversation(scene, 'c2');
  await fault({ kind: '429', path: '/ingestion', times: 1, retryAfterSeconds: 40 });
  const refused = await once().catch((error: unknown) => error);
  expect(refused).toMatchObject({ type: 'LangfuseThrottled', nextRetryDelay: 40_000 });
  const before = await requests('/ingestion');
  await expect(once()).rejects.toMatchObject({ type: 'LangfuseThrottled' });
  expect(await requests('/ingestion')).toBe(before);
});

it.each([
  ['401', 'LangfuseAuth'],
  ['404-html', 'LangfuseWrongHost'],
])('keeps everything when the server answers %s, and sends it when that is put right', async (kind, type) => {
  await begin('dual');
  await tellConversation(scene, 'c1');
  await run();
  await tellConversation(scene, 'c2');
  await fault({ kind, path: '/ingestion', times: 1 });
  expect(await run()).toEqual([type]);
  expect(await counts()).toMatchObject({ pending: 5 });
  await run();
  expect(await truth()).toMatchObject({ observations: 8 });
});

it.each(['personal', 'none'] as const)(
  'sends nothing with mask %s once the practice is marked as holding health data, not even what waits; with "all" it goes on',
  async (mask) => {
    await begin('dual', { enabled: true, mask });
    await tellConversation(scene, 'c1');
    await fault({ kind: '429', path: '/ingestion', times: 1, retryAfterSeconds: 40 });
    await expect(once()).rejects.toMatchObject({ type: 'LangfuseModeChanged' });
    await probe();
    await expect(once()).rejects.toMatchObject({ type: 'LangfuseThrottled' });
    expect((await counts()).pending).toBeGreaterThan(0);
    scene.markHealthData();
    await scene.advance(minute);
    await expect(once()).rejects.toMatchObject({ type: 'SubmissionForbidden', nonRetryable: true });
    expect(await truth()).toMatchObject({ observations: 0 });

    const { tenantId, configId } = scene.address;
    await scene.store.langfuseConfigs.change(tenantId, configId, { submit: { enabled: true, mask: 'all' } });
    await tellConversation(scene, 'c2');
    await run();
    expect((await rows()).traces.map(({ sessionId }) => sessionId)).toEqual(['c2']);
  },
);
it('sends nothing and keeps nothing while it is off', async () => {
  await begin('dual', null);
  await tellConversation(scene, 'c1');
  expect(await once()).toEqual({ collected: 0, submitted: 0, refused: 0, more: false });
  expect(await requests('/')).toBe(0);
  expect(await counts()).toEqual({ pending: 0, submitted: 0, refused: 0, withdrawn: 0 });
});

it('sends what begins after it is switched on, and nothing of the past', async () => {
  await begin('dual', { enabled: false, mask: 'all' });
  await tellConversation(scene, 'past');
  const { tenantId, configId } = scene.address;
  await scene.advance(minute);
  await scene.store.langfuseConfigs.change(tenantId, configId, { submit: { enabled: true, mask: 'all' } });
  await tellConversation(scene, 'present');
  await run();
  expect((await rows()).traces.map(({ sessionId }) => sessionId)).toEqual(['present']);
});

it('sends the turns of an open conversation as they end, and later the rest', async () => {
  await begin('dual');
  await tellConversation(scene, 'c1', { turns: 2, open: true });
  await run();
  expect((await rows()).traces).toHaveLength(1);
  await scene.advance(6 * minute);
  await run();
  expect((await rows()).traces).toHaveLength(2);
  await scene.store.conversations.update('bright-smiles', 'c1', { status: 'closed', outcome: 'information' });
  await run();
  expect(await truth()).toMatchObject({ traces: 2, observations: 8 });
  expect(await counts()).toMatchObject({ submitted: 9 });
});

it('lets no word out under the strictest mask, and waits for the end where names are masked', async () => {
  await begin('dual', { enabled: true, mask: 'all' });
  await tellConversation(scene, 'c1');
  await run();
  const held = async () => JSON.stringify(await scene.langfuse.read('/traces?fields=core,io'));
  expect(await held()).toContain('c1');
  expect(await held()).not.toMatch(/Ana|asks|Answer/);
  const { tenantId, configId } = scene.address;
  await scene.store.langfuseConfigs.change(tenantId, configId, {
    submit: { enabled: true, mask: 'personal' },
  });
  await tellConversation(scene, 'c2', { turns: 2, open: true });
  await run();
  expect(await held()).not.toContain('c2');
  await scene.store.conversations.update('bright-smiles', 'c2', { status: 'closed', outcome: 'booked' });
  await run();
  expect(await held()).toContain('[personal] [personal] asks 1');
  expect(await held()).not.toMatch(/Ana|Lopez/);
});

it('is imported back with the rest of the project, yet stands in no session and no figure', async () => {
  await begin('dual', null, { settleMs: 0 });
  const { tenantId, configId } = scene.address;
  await scene.store.langfuseConfigs.change(tenantId, configId, { submit: { enabled: true, mask: 'all' } });
  await tellConversation(scene, 'c1');
  await run();
  await scene.advance(30 * minute);
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  expect(await scene.stored()).toMatchObject({ traces: 1, observations: 4 });
  const facts = await scene.database.kysely.selectFrom('trace_facts').selectAll().execute();
  expect(facts).toEqual([]);
});
