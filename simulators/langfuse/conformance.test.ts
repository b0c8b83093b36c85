import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { masked, recording, replay, type Exchange } from './testing/recordings.js';
import { serveLangfuse, type ServedLangfuse } from './testing/served-langfuse.js';

/**
 * Every recorded request is sent to the double in the state that the recording was made in, and the reply is compared. Values that no reader
 * can derive are compared by shape only; they are, with the reason:
 *
 * - `createdAt`, `updatedAt`: moments of the recorded machine (their order is asserted where it matters).
 * - the OTLP job's ids and its body's own times: random.
 * - `totalItems`, `totalPages` where the server held rows that are in no recording, likewise the sessions and daily figures of the Cloud files.
 * - `/models`: the recorded server had 174 models, the price file has 167; its `createdAt` and `totalPrice` differ from that file's.
 * - which rows of one timestamp a v1 page shows: chance of the recorded server. That rows are lost, and that each row is right, is compared.
 * - retry times of 429: what is left of a minute.
 * - HTML pages: recorded shortened.
 */
let served: ServedLangfuse;
beforeAll(async () => {
  served = await serveLangfuse();
});
beforeEach(() => served.order('POST', '/reset'));
afterAll(() => served.simulator.close());

const at = (time: string): Promise<unknown> => served.order('POST', '/clock', { now: time });
const pass = (ms: number): Promise<unknown> => served.order('POST', '/clock', { advanceMs: ms });
const switches = (change: object): Promise<unknown> => served.order('POST', '/switches', change);

/** Sends one exchange and compares status and body, apart from what `mask` hides. */
async function same(exchange: Exchange, ...hidden: readonly string[]): Promise<void> {
  const { status, body } = await replay(served, exchange);
  const hide = ['createdAt', 'updatedAt', ...hidden];
  expect(masked(body, hide), exchange.note).toEqual(masked(exchange.response.body, hide));
  expect(status, exchange.note).toBe(exchange.response.status);
}

/** The same, and the bytes: equal ETags mean equal bodies. */
async function identical(exchange: Exchange): Promise<void> {
  const { status, body, etag } = await replay(served, exchange);
  expect(body, exchange.note).toEqual(exchange.response.body);
  expect(status).toBe(exchange.response.status);
  expect(etag ?? undefined).toBe(exchange.response.headers['etag']);
}

const isPage = ({ request }: Exchange): boolean => request.path === '/api/public/nope';

describe('errors and edge values', () => {
  test.each(
    recording('errors-v4.16.0-dual-selfhosted').map((exchange) => [exchange.note, exchange] as const),
  )('%s: byte for byte', async (_, exchange) => {
    if (!isPage(exchange)) return identical(exchange);
    const { status, body } = await replay(served, exchange);
    expect(status).toBe(404);
    expect(body).toMatch(/^<!DOCTYPE html>/);
  });
});

it('a trace from its first write to a late error, an update and its v2 rows', async () => {
  const steps = recording('trace-lifecycle-v4.16.0-dual');
  await switches({ delays: 'measured' });
  await at('2026-11-23T06:17:20.122Z');
  const id = 't-vis-1795414640117';
  await served.call('/ingestion', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ batch: firstWrites(id) }),
  });
  await pass(6_200);
  for (const step of steps) {
    const body = step.request.body as
      { readonly batch: readonly { readonly timestamp: string }[] } | undefined;
    if (body?.batch[0]) await at(body.batch[0].timestamp);
    await same(step);
    if (body) await pass(6_200);
  }
  await pass(13 * 60_000);
  for (const step of recording('v2-observations-after-propagation')) await same(step);
});

const firstWrites = (id: string): readonly object[] => [
  {
    id: 'first',
    type: 'trace-create',
    timestamp: '2026-11-23T06:17:20.121Z',
    body: {
      id,
      timestamp: '2026-11-23T06:17:20.117Z',
      name: 'vis',
      userId: 'u1',
      sessionId: 'sess-vis',
      release: 'r1',
      version: 'v1',
      tags: ['a', 'b'],
      input: { q: 'hi' },
      output: { a: 1 },
      metadata: { k: 'v', n: 1 },
    },
  },
  {
    id: 'second',
    type: 'generation-create',
    timestamp: '2026-11-23T06:17:20.122Z',
    body: {
      id: `${id}-g`,
      traceId: id,
      name: 'gen',
      startTime: '2026-11-23T06:17:20.122Z',
      endTime: '2026-11-23T06:17:20.122Z',
      model: 'gpt-4o',
      modelParameters: { temperature: 0.2 },
      input: [{ role: 'user', content: 'hi' }],
      output: { role: 'assistant', content: 'yo' },
      usageDetails: { input: 100, output: 20, input_cached_tokens: 40 },
    },
  },
];

it('a late observation leaves updatedAt of its trace alone, an update moves it', async () => {
  await at('2026-11-23T06:00:00Z');
  const updatedAt = async (): Promise<unknown> =>
    ((await served.read('/traces/lasting')) as { readonly updatedAt: string }).updatedAt;
  await served.order('POST', '/traces', { traces: [{ id: 'lasting', timestamp: '2026-11-23T05:00:00Z' }] });
  const first = await updatedAt();
  await served.order('POST', '/observations', {
    traceId: 'lasting',
    observations: [{ id: 'o', level: 'ERROR' }],
  });
  expect(await updatedAt()).toBe(first);
  await served.order('POST', '/traces', { traces: [{ id: 'lasting', name: 'renamed' }] });
  expect(await updatedAt()).toBe('2026-11-23T06:00:00.000Z');
});

it('one trace id on two days, an observation without its trace, deletes', async () => {
  await switches({ delays: 'measured' });
  await at('2026-11-23T06:21:20Z');
  for (const step of recording('duplicates-late-deletes-v4.16.0-dual')) {
    await same(step);
    if (step.request.method !== 'GET') await pass(7_000);
  }
});

interface Row {
  readonly id: string;
  readonly timestamp: string;
}
interface Page {
  readonly data: readonly Row[];
  readonly meta: { readonly totalItems: number };
}

it('v1 pages over equal timestamps: right rows, right counts, and rows lost as recorded', async () => {
  const steps = recording('paging-v4.16.0-dual');
  const rows = new Map(
    steps.flatMap(({ response }) => (response.body as Page).data.map((row) => [row.id, row] as const)),
  );
  await at('2026-11-23T06:20:26Z');
  const seed = (wanted: (id: string) => boolean): Promise<unknown> =>
    served.order('POST', '/traces', {
      traces: [...rows.values()]
        .filter(({ id }) => wanted(id))
        .map(({ id, timestamp }) => ({ id, timestamp, name: 'p', sessionId: 'sess-page-1795414819712' })),
    });
  await seed((id) => /-\d{3}$/.test(id));
  const walked = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (index === 29) await seed((id) => /-(late|new)-d-/.test(id));
    // Three older rows of the second drift are on no recorded page.
    if (index === 36) {
      await seed((id) => id.includes('-timestamp.asc-'));
      await served.order('POST', '/traces', {
        traces: [0, 1, 2].map((number) => ({
          id: `unseen-${number}`,
          timestamp: '2026-11-20T09:59:59.500Z',
          name: 'p',
        })),
      });
    }
    const recorded = step.response.body as Page;
    const reply = await replay(served, step);
    const given = reply.body as Page;
    expect(given.meta, step.note).toEqual(recorded.meta);
    expect(given.data).toHaveLength(recorded.data.length);
    const hide = ['createdAt', 'updatedAt'];
    for (const row of given.data.filter(({ id }) => !id.startsWith('unseen')))
      expect(masked(row, hide)).toEqual(masked(rows.get(row.id), hide));
    if (index < 27) for (const { id } of given.data) walked.add(id);
  }
  expect(walked.size).toBeLessThan(60);
});

it('v2 pages: order, cursors and ends, byte for byte', async () => {
  const steps = recording('v2-paging-v4.16.0');
  type Event = {
    readonly id: string;
    readonly traceId: string;
    readonly startTime: string;
    readonly endTime: string;
    readonly name: string;
  };
  const all = (steps[19]?.response.body as { readonly data: readonly Event[] }).data;
  const before = new Set(
    steps
      .slice(0, 9)
      .flatMap(({ response }) =>
        (response.body as { readonly data: readonly Event[] }).data.map(({ id }) => id),
      ),
  );
  await at('2026-11-23T06:00:00Z');
  const seed = (wanted: (id: string) => boolean): Promise<unknown> =>
    served.order('POST', '/traces', {
      traces: all
        .filter(({ id }) => wanted(id))
        .map(({ id, traceId, startTime, endTime, name }) => ({
          id: traceId,
          way: 'otlp',
          sessionId: 'v2page',
          timestamp: startTime,
          observations: [{ id, name, startTime, endTime }],
        })),
    });
  await seed((id) => before.has(id));
  for (const [index, step] of steps.entries()) {
    if (index === 11) await seed((id) => !before.has(id));
    await identical(step);
  }
});

const jobFields = ['id', 'timestamp', 'fileKey', 'publicKey', 'traceparent'];
const isExport = ({ request }: Exchange): boolean => request.path.endsWith('/otel/v1/traces');

it.each([
  ['otel-dual', 'dual'],
  ['otel-events_only', 'events_only'],
] as const)('%s: what is visible of an export', async (file, mode) => {
  await switches({ mode, delays: 'measured' });
  await at('2026-11-23T06:39:00Z');
  for (const step of recording(file)) {
    await same(step, ...(isExport(step) ? jobFields : []));
    if (isExport(step)) await pass(2_000);
  }
});

it('a span that is exported three times: two rows in v2, one in v1, and both counted', async () => {
  await at('2026-11-23T06:31:35Z');
  await switches({ delays: 'measured' });
  for (const step of recording('otel-duplicate-span-ids-v4.16.0')) {
    await same(step, ...(isExport(step) ? jobFields : []));
    if (isExport(step)) await pass(2_000);
  }
  await switches({ mode: 'events_only' });
  for (const step of recording('events-only-mode-v4.16.0')) {
    if (step.request.path.includes('/models')) await sameModel(step);
    else await same(step);
  }
});

/** The first of the models; the lists differ in length, and in a price that the file does not have. */
async function sameModel(step: Exchange): Promise<void> {
  type Models = { readonly data: readonly [Readonly<Record<string, unknown>>] };
  const [given, recorded] = [(await replay(served, step)).body, step.response.body].map(
    (body) => (body as Models).data[0],
  );
  expect({ ...given, createdAt: 'a time', totalPrice: 'a price' }).toEqual({
    ...recorded,
    createdAt: 'a time',
    totalPrice: 'a price',
  });
}

describe('a server in Cloud mode', () => {
  const figures = ['totalItems', 'totalPages'];

  beforeEach(async () => {
    await at('2026-11-23T06:25:00Z');
    for (const step of recording('otel-dual')) if (isExport(step)) await replay(served, step);
    await served.order('DELETE', '/traces', { traceIds: ['fc4e02a8aad2462ee782e6fa8ff42995'] });
    await switches({ cloud: true });
  });

  it('marks what is deprecated', async () => {
    for (const step of recording('cloud-mode-deprecation-keys-v4.16.0')) {
      const { path } = step.request;
      if (path.includes('/sessions')) await same(step, ...figures, 'id', 'environment');
      else if (path.includes('/daily')) {
        const { body } = await replay(served, step);
        const recorded = step.response.body as {
          readonly data: readonly [object];
          readonly _deprecation: object;
        };
        expect(body).toMatchObject({ _deprecation: recorded._deprecation });
        const [day] = (body as typeof recorded).data;
        expect(Object.keys(day)).toEqual(Object.keys(recorded.data[0]));
      } else await same(step, ...figures);
    }
  });

  it('refuses the fifteenth and the thirtieth request, with the recorded words and headers', async () => {
    await switches({ plan: 'hobby' });
    const steps = recording('rate-limits-cloud-hobby-v4.16.0');
    for (const step of steps) {
      await same(step, ...figures, 'retryAfterSeconds', 'resetAt');
      if (step.response.status !== 429) continue;
      const { headers, body } = await replay(served, step);
      const { details } = body as {
        readonly details: { readonly retryAfterSeconds: number; readonly resetAt: string };
      };
      expect(headers.get('retry-after')).toBe(String(details.retryAfterSeconds));
      expect(headers.get('x-ratelimit-limit')).toBe(step.response.headers['x-ratelimit-limit']);
      expect(headers.get('x-ratelimit-reset')).toMatch(
        /^Mon Nov 23 2026 06:26:00 GMT\+0000 \(Coordinated Universal Time\)$/,
      );
      expect(Date.parse(details.resetAt)).toBe(Date.parse(headers.get('x-ratelimit-reset') ?? ''));
    }
  });
});
