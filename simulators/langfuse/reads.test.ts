import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

interface Page {
  readonly data: readonly { readonly id: string; readonly sessionId: string | null }[];
  readonly meta: { readonly totalItems?: number; readonly cursor?: string };
}
const page = async (path: string): Promise<Page> => (await served.read(path)) as Page;

/** Traces on one timestamp, each with one generation. */
const seedTied = (count: number, more: object = {}): Promise<unknown> =>
  served.order('POST', '/traces', {
    traces: Array.from({ length: count }, (_, index) => ({
      id: `trace-${String(index).padStart(3, '0')}`,
      timestamp: '2026-11-20T10:00:00Z',
      sessionId: 'session-1',
      observations: [
        {
          id: `observation-${index}`,
          type: 'GENERATION',
          startTime: '2026-11-20T10:00:00Z',
          endTime: '2026-11-20T10:00:02Z',
          model: 'gpt-4o',
          usageDetails: { input: 100, output: 20 },
        },
      ],
      ...more,
    })),
  });

async function walkPages(query: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (let number = 1; ; number += 1) {
    const { data } = await page(`/traces?limit=7&page=${number}&${query}`);
    if (data.length === 0) return ids;
    for (const { id } of data) ids.add(id);
  }
}

async function walkCursor(limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const next = await page(
      `/v2/observations?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    ids.push(...next.data.map(({ id }) => id));
    cursor = next.meta.cursor;
  } while (cursor !== undefined);
  return ids;
}

describe('v1 pages', () => {
  it('lose rows of one timestamp, though not by id, and say how many there are', async () => {
    await seedTied(60);
    expect((await walkPages('orderBy=timestamp.asc')).size).toBeLessThan(60);
    expect((await walkPages('orderBy=id.asc')).size).toBe(60);
    expect((await page('/traces?limit=1')).meta.totalItems).toBe(60);
  });

  it('drift while somebody reads', async () => {
    await seedTied(20);
    await served.order('POST', '/switches', { driftPerPage: 2 });
    await page('/traces?page=1');
    expect((await page('/traces?page=2')).meta.totalItems).toBe(22);
  });
});

describe('v2 pages', () => {
  it('give every row once, synthetic roots included, and end without a cursor', async () => {
    await seedTied(30);
    const ids = await walkCursor(7);
    expect(ids).toHaveLength(60);
    expect(new Set(ids).size).toBe(60);
    expect(ids.filter((id) => id.startsWith('t-trace-'))).toHaveLength(30);
    expect(await walkCursor(60)).toHaveLength(60);
  });

  it('may be empty or short and go on', async () => {
    await seedTied(30);
    await served.order('POST', '/switches', { emptyPageEvery: 2, shortPageEvery: 3 });
    expect(new Set(await walkCursor(7)).size).toBe(60);
  });

  it('may repeat a cursor', async () => {
    await seedTied(30);
    await served.order('POST', '/switches', { repeatCursorFrom: 2 });
    const first = await page('/v2/observations?limit=7');
    const second = await page(
      `/v2/observations?limit=7&cursor=${encodeURIComponent(first.meta.cursor ?? '')}`,
    );
    expect(second.meta.cursor).toBe(first.meta.cursor);
  });

  it('may have lost the session', async () => {
    await seedTied(1);
    expect((await page('/v2/observations')).data[0]?.sessionId).toBe('session-1');
    await served.order('POST', '/switches', { lostContext: 1 });
    expect((await page('/v2/observations')).data[0]?.sessionId).toBe('');
  });

  it('show a span once for each export', async () => {
    await seedTied(1, { way: 'otlp' });
    await served.order('POST', '/observations', {
      traceId: 'trace-000',
      observations: [{ id: 'observation-0', startTime: '2026-11-20T10:00:01Z' }],
    });
    expect(await walkCursor(10)).toEqual(['observation-0', 'observation-0']);
    expect((await page('/observations')).data).toHaveLength(1);
  });
});

it('rows can arrive later, by the clock', async () => {
  await served.order('POST', '/clock', { now: '2026-11-20T12:00:00Z' });
  await served.order('POST', '/traces', {
    visibleInMs: 60_000,
    traces: [{ id: 'late', timestamp: '2026-11-20T11:00:00Z' }],
  });
  expect((await page('/traces')).data).toHaveLength(0);
  await served.order('POST', '/clock', { advanceMs: 60_000 });
  expect((await page('/traces')).data).toHaveLength(1);
});

describe('modes', () => {
  const statusOf = async (path: string): Promise<number> => (await served.call(path)).status;
  const query = encodeURIComponent(
    JSON.stringify({
      view: 'observations',
      metrics: [{ measure: 'count', aggregation: 'count' }],
      fromTimestamp: '2026-11-20T00:00:00Z',
      toTimestamp: '2026-11-21T00:00:00Z',
    }),
  );

  it('legacy has no v2 rows and no v2 metrics', async () => {
    await seedTied(1);
    await served.order('POST', '/switches', { mode: 'legacy' });
    expect(await served.read('/v2/observations')).toEqual({ data: [], meta: {} });
    expect(await statusOf(`/v2/metrics?query=${query}`)).toBe(404);
    expect(await statusOf('/v2/metrics')).toBe(400);
    expect(await statusOf('/traces')).toBe(200);
  });

  it('events_only has no v1, whoever asks', async () => {
    await served.order('POST', '/switches', { mode: 'events_only' });
    expect(await statusOf('/traces')).toBe(404);
    expect((await fetch(`${served.simulator.url}/api/public/traces`)).status).toBe(404);
    expect(await statusOf(`/v2/metrics?query=${query}`)).toBe(200);
  });

  it('dual counts what v2 shows, and the cost of the traces', async () => {
    await seedTied(2);
    const asked = JSON.parse(decodeURIComponent(query)) as object;
    const metrics = [
      { measure: 'count', aggregation: 'count' },
      { measure: 'totalCost', aggregation: 'sum' },
    ];
    const both = encodeURIComponent(JSON.stringify({ ...asked, metrics }));
    expect(await served.read(`/v2/metrics?query=${both}`)).toEqual({
      data: [{ count_count: 4, sum_totalCost: 0.0009 }],
    });
    expect(await served.read(`/metrics?query=${both}`)).toEqual({
      data: [{ count_count: 2, sum_totalCost: 0.0009 }],
    });
    expect(await served.order('GET', '/truth')).toMatchObject({
      traces: 2,
      observations: 2,
      costPico: '900000000',
      v2: { rows: 4, synthetic: 2 },
    });
  });
});

describe('limits and faults', () => {
  it('two projects of one organisation share a bucket, whose last request is refused', async () => {
    const organisation = { id: 'org1', name: 'Org' };
    await served.order('POST', '/projects', { id: 'second', organisation });
    await served.order('POST', '/switches', { plan: 'hobby' });
    const statuses: number[] = [];
    for (let number = 1; number <= 15; number += 1)
      statuses.push(
        (await served.call('/traces?limit=1', { project: number % 2 === 0 ? 'second' : 'proj1' })).status,
      );
    expect(statuses).toEqual([...Array<number>(14).fill(200), 429]);
    expect((await served.call('/v2/observations')).status).toBe(200);
  });

  it('a fault hits as often as it was ordered', async () => {
    await served.order('POST', '/faults', { kind: '502-html', path: '/traces', after: 1, times: 2 });
    const statuses: number[] = [];
    for (let number = 1; number <= 4; number += 1) statuses.push((await served.call('/traces')).status);
    expect(statuses).toEqual([200, 502, 502, 200]);
  });

  it('a socket hangs, or breaks in the middle of a body', async () => {
    await seedTied(50);
    await served.order('POST', '/faults', [{ kind: 'hang' }, { kind: 'resetBody' }, { kind: 'brokenGzip' }]);
    await expect(served.call('/traces', { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    await expect(served.read('/traces')).rejects.toThrow();
    await expect(served.read('/traces')).rejects.toThrow();
    expect(await page('/traces')).toHaveProperty('data.length', 50);
  });
});

it('says "nothing changed" of a page by its ETag', async () => {
  const first = await served.call('/traces');
  const again = await served.call('/traces', {
    headers: { 'if-none-match': first.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
});
