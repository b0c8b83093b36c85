import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
beforeEach(async () => {
  await served.order('POST', '/reset');
  await served.order('POST', '/traces', {
    traces: Array.from({ length: 10 }, (_, index) => ({
      id: `trace-${index}`,
      timestamp: '2026-11-20T10:00:00Z',
      input: 'x'.repeat(2_000),
      metadata: { long: 'y'.repeat(300) },
    })),
  });
});
afterAll(() => served.simulator.close());

const switches = (change: object): Promise<unknown> => served.order('POST', '/switches', change);
interface List {
  readonly data: readonly { readonly id: string; readonly metadata: { readonly long: string } }[];
  readonly meta: { readonly totalItems: number };
}
const list = async (path: string): Promise<List> => (await served.read(path)) as List;

it('counts too many items', async () => {
  await switches({ overcount: 3 });
  expect((await list('/traces')).meta.totalItems).toBe(13);
});

it('keeps one order of equal timestamps over the pages when told to', async () => {
  await switches({ ties: 'stable' });
  const ids = new Set<string>();
  for (let page = 1; page <= 4; page += 1)
    for (const { id } of (await list(`/traces?limit=3&page=${page}`)).data) ids.add(id);
  expect(ids.size).toBe(10);
});

it('refuses replies that are too large, and gives smaller ones', async () => {
  await switches({ longestReplyBytes: 8_000 });
  const large = await served.call('/traces');
  expect(large.status).toBe(422);
  expect(await large.json()).toMatchObject({ error: 'PayloadTooLargeError' });
  expect((await served.call('/traces?fields=core&limit=5')).status).toBe(200);
});

it('cuts metadata in v2 unless io or the key is asked for', async () => {
  const length = async (query: string): Promise<number | undefined> =>
    (await list(`/v2/observations?limit=1&fields=${query}`)).data[0]?.metadata.long.length;
  expect(await length('core,metadata')).toBe(200);
  expect(await length('core,metadata,io')).toBe(300);
  expect(await length('core,metadata&expandMetadata=long')).toBe(300);
});

it('trickles a body, which arrives whole in the end', async () => {
  await served.order('POST', '/faults', { kind: 'slowBody', bodyMs: 200 });
  const began = performance.now();
  expect((await list('/traces')).data).toHaveLength(10);
  expect(performance.now() - began).toBeGreaterThan(180);
});

it('says on Cloud also in its refusal that v1 is gone', async () => {
  await switches({ cloud: true, mode: 'events_only' });
  expect(await served.read('/traces')).toHaveProperty('_deprecation.sunsetAt', '2026-11-16');
  expect(await served.read('/v2/observations')).not.toHaveProperty('_deprecation');
});

it('refuses an order that it does not know, and says why', async () => {
  await expect(switches({ mode: 'v5' })).rejects.toThrow(/legacy/);
  await expect(switches({ speed: 1 })).rejects.toThrow(/speed/);
  await expect(served.order('POST', '/faults', { kind: 'flood' })).rejects.toThrow(/502-html/);
  await expect(served.order('GET', '/truth?projectId=nobody')).rejects.toThrow(/unknown project/);
  await expect(served.order('GET', '/nothing')).rejects.toThrow(/orders/);
});

it('notes each request, without keys and bodies', async () => {
  await served.order('DELETE', '/requests');
  await list('/traces?limit=2');
  expect(await served.order('GET', '/requests?path=/traces')).toMatchObject({
    total: 1,
    requests: [
      {
        method: 'GET',
        path: '/traces',
        query: { limit: '2' },
        projectId: 'proj1',
        status: 200,
        rows: 2,
        fault: null,
      },
    ],
  });
});
