import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

const post = (
  path: string,
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  served.call(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const ingest = (...batch: readonly object[]): Promise<Response> =>
  post('/ingestion', JSON.stringify({ batch }));
const traceEvent = (envelope: string, body: object): object => ({
  id: envelope,
  type: 'trace-create',
  timestamp: '2026-11-20T10:00:00Z',
  body: { id: 'one', ...body },
});
interface List {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly meta: { readonly totalItems: number; readonly cursor?: string };
}
const list = async (path: string): Promise<List> => (await served.read(path)) as List;

describe('ingestion', () => {
  it('takes the same bytes once, and another body of the same envelope as well', async () => {
    await ingest(traceEvent('e1', { name: 'first', sessionId: 's' }));
    await ingest(traceEvent('e1', { name: 'first', sessionId: 's' }));
    expect((await list('/traces?sessionId=s')).meta.totalItems).toBe(1);
    await ingest(traceEvent('e1', { name: 'second' }));
    expect(await list('/traces?sessionId=s')).toMatchObject({
      data: [{ name: 'second' }],
      meta: { totalItems: 2 },
    });
  });

  it('unites tags, merges metadata deeply, and keeps what a later write leaves out', async () => {
    await ingest(traceEvent('e1', { tags: ['b'], metadata: { a: { x: 1 } }, userId: 'u' }));
    await ingest(
      traceEvent('e2', { tags: ['a'], metadata: { a: { y: 2 } }, timestamp: '2026-11-21T00:00:00Z' }),
    );
    expect(await served.read('/traces/one')).toMatchObject({
      tags: ['a', 'b'],
      metadata: { a: { x: 1, y: 2 } },
      userId: 'u',
      timestamp: '2026-11-20T10:00:00.000Z',
    });
  });

  it('refuses a batch that is too long', async () => {
    const response = await ingest(traceEvent('e1', { input: 'x'.repeat(4.6 * 1024 * 1024) }));
    expect(response.status).toBe(413);
    expect(await response.text()).toBe('Body exceeded 4.5mb limit');
  });

  it('may be carried out although the connection broke', async () => {
    await served.order('POST', '/faults', { kind: 'reset', path: '/ingestion', afterCommit: true });
    await expect(ingest(traceEvent('e1', { name: 'kept' }))).rejects.toThrow();
    expect((await list('/traces')).data).toMatchObject([{ name: 'kept' }]);
    await served.order('POST', '/faults', { kind: 'reset', path: '/ingestion' });
    await expect(ingest(traceEvent('e2', { name: 'lost' }))).rejects.toThrow();
    expect((await list('/traces')).data).toMatchObject([{ name: 'kept' }]);
  });

  it('is visible in v1 after seconds and in v2 after minutes, as measured', async () => {
    await served.order('POST', '/switches', { delays: 'measured' });
    await served.order('POST', '/clock', { now: '2026-11-20T10:00:00Z' });
    await ingest(traceEvent('e1', {}));
    const counts = async (): Promise<readonly number[]> => [
      (await list('/traces')).data.length,
      (await list('/v2/observations')).data.length,
    ];
    expect(await counts()).toEqual([0, 0]);
    await served.order('POST', '/clock', { advanceMs: 7_000 });
    expect(await counts()).toEqual([1, 0]);
    await served.order('POST', '/clock', { advanceMs: 13 * 60_000 });
    expect(await counts()).toEqual([1, 1]);
  });
});

it('a session that is set after the propagation reaches v1, but no v2 row of an observation that was there', async () => {
  const traces = [{ id: 'one', timestamp: '2026-11-20T10:00:00Z', observations: [{ id: 'early' }] }];
  await served.order('POST', '/traces', { traces });
  await served.order('POST', '/traces', {
    traces: [{ id: 'one', sessionId: 's', observations: [{ id: 'late' }] }],
  });
  const rows = (await list('/v2/observations')).data;
  const sessionOf = (id: string): unknown => rows.find((row) => row['id'] === id)?.['sessionId'];
  expect(['early', 'late'].map(sessionOf)).toEqual(['', 's']);
  expect((await list('/traces?sessionId=s')).data).toHaveLength(1);
});

describe('OTLP', () => {
  /** What @opentelemetry/exporter-trace-otlp-proto sent for one root span. */
  const exported = Buffer.from(
    'CuEBCkMKGgoMc2VydmljZS5uYW1lEgoKCGludmVudGVkCiMKFmRlcGxveW1lbnQuZW52aXJvbm1lbnQSCQoHc3RhZ2luZxAAEpkBCg4KB3Njb3BlLXgSAzEuMBKGAQoQWJOp8AsKu+ALQNSxlJLDKRIIA28ZlqOSK7AqCHJvb3QtdGFwMAE5AEhb2miY6hhBADphBGqY6hhKFQoKc2Vzc2lvbi5pZBIHCgVzLXRhcEojChNsYW5nZnVzZS50cmFjZS50YWdzEgwqCgoDCgFhCgMKAWJQAGAAcAB6AhgAhQEBAQAA',
    'base64',
  );
  const protobuf = { 'content-type': 'application/x-protobuf', 'x-langfuse-ingestion-version': '4' };

  it.each([
    ['protobuf', exported, protobuf],
    ['protobuf in gzip', gzipSync(exported), { ...protobuf, 'content-encoding': 'gzip' }],
  ])('takes %s of the vendor', async (_, bytes, headers) => {
    expect((await post('/otel/v1/traces', new Uint8Array(bytes), headers)).status).toBe(200);
    expect((await list('/v2/observations?fields=core,basic,trace_context')).data).toMatchObject([
      {
        id: '036f1996a3922bb0',
        traceId: '5893a9f00b0abbe00b40d4b19492c329',
        name: 'root-tap',
        sessionId: 's-tap',
        environment: 'staging',
        tags: ['a', 'b'],
        startTime: '2026-11-23T06:22:57.568Z',
        isRootObservation: true,
      },
    ]);
  });

  it('refuses what it cannot read, and a version of the future', async () => {
    expect((await post('/otel/v1/traces', new Uint8Array([255, 255, 255]), protobuf)).status).toBe(400);
    expect((await post('/otel/v1/traces', '{', {})).status).toBe(400);
    const later = { ...protobuf, 'x-langfuse-ingestion-version': '5' };
    expect((await post('/otel/v1/traces', new Uint8Array(exported), later)).status).toBe(400);
    expect((await list('/v2/observations')).data).toEqual([]);
  });
});

it('deletes take some seconds, and take everything with them', async () => {
  await served.order('POST', '/switches', { delays: 'measured' });
  await served.order('POST', '/clock', { now: '2026-11-20T12:00:00Z' });
  const traces = ['a', 'b', 'c'].map((id) => ({
    id,
    timestamp: '2026-11-20T10:00:00Z',
    observations: [{ id: `${id}-o` }],
  }));
  await served.order('POST', '/traces', { traces });
  const response = await served.call('/traces', {
    method: 'DELETE',
    body: JSON.stringify({ traceIds: ['a', 'b'] }),
  });
  expect(await response.json()).toEqual({ message: 'Traces deleted successfully' });
  expect((await list('/traces')).data).toHaveLength(3);
  await served.order('POST', '/clock', { advanceMs: 5_300 });
  expect((await list('/traces')).data).toMatchObject([{ id: 'c' }]);
  expect((await list('/v2/observations')).data.map(({ traceId }) => traceId)).toEqual(['c', 'c']);
  expect((await served.call('/traces/a')).status).toBe(404);
});

it("prices usage by the project's own model before the built-in one, and keeps a cost that was given", async () => {
  const price = (id: string, more: object): object => ({ id, type: 'GENERATION', model: 'gpt-4o', ...more });
  await served.order('POST', '/models', {
    model: {
      id: 'own',
      modelName: 'gpt-4o',
      matchPattern: '(?i)^gpt-4o$',
      pricingTiers: [{ id: 'own-tier', name: 'Own', isDefault: true, priority: 0, prices: { input: 0.001 } }],
    },
  });
  await served.order('POST', '/observations', {
    traceId: 'one',
    observations: [
      price('priced', { usageDetails: { input: 3, output: 5, unknown: 7 } }),
      price('given', { usageDetails: { input: 3 }, costDetails: { input: 0.5, output: 0.25 } }),
    ],
  });
  const rows = (await list('/observations?traceId=one')).data;
  const cost = (id: string): unknown => rows.find((row) => row['id'] === id)?.['calculatedTotalCost'];
  expect(cost('priced')).toBe(0.003);
  expect(cost('given')).toBe(0.75);
});

it('lists scores by pages in v1 and v2, by cursor in v3', async () => {
  await served.order('POST', '/scores', {
    scores: [1, 2, 3].map((value) => ({
      id: `s${value}`,
      name: 'outcome',
      dataType: 'NUMERIC',
      value,
      traceId: 'one',
    })),
  });
  expect((await list('/scores?limit=2')).meta).toMatchObject({ totalItems: 3, totalPages: 2 });
  expect((await list('/v2/scores?name=outcome')).data).toHaveLength(3);
  const first = await list('/v3/scores?limit=2&fields=subject');
  expect(first.data).toMatchObject([
    { id: 's3', value: 3, subject: { kind: 'trace', id: 'one' } },
    { id: 's2' },
  ]);
  const second = await list(`/v3/scores?limit=2&cursor=${first.meta.cursor ?? ''}`);
  expect(second.data).toMatchObject([{ id: 's1' }]);
  expect(second.meta).toEqual({ limit: 2 });
});
