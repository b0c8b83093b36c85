import { ensureApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Langfuse } from 'langfuse';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { importScene, sampleTrace, type ImportScene } from '../../test/kit/import-scene.js';
import {
  naiveEventImport,
  naiveSdkImport,
  naiveStore,
  type NaiveStore,
} from '../../test/kit/naive-importer.js';

/*
 * The traps of reading Langfuse (langfuse.md 15). Each is laid twice, on the double: the loop that one writes first falls into it and shows
 * how, our importer does not. Both read at once, then something happens, then both read again, an hour apart and twice.
 */

let scene: ImportScene;
afterEach(async () => {
  vi.restoreAllMocks();
  await scene.close();
});

const minute = 60_000;
const hour = 60 * minute;
const pageSize = 20;
const order = (method: string, path: string, body?: unknown) => scene.langfuse.order(method, path, body);
const seed = (traces: readonly object[]) => order('POST', '/traces', { traces });
const switches = (changed: object) => order('POST', '/switches', changed);
const fault = (body: object) => order('POST', '/faults', body);
const iso = (ms: number): string => new Date(ms).toISOString();

/** Traces a minute apart; every fifth ends with an error. */
const turns = (
  count: number,
  way: 'ingestion' | 'otlp' = 'ingestion',
  minutesAgo = (index: number) => 30 + index,
) =>
  Array.from({ length: count }, (_, index) => {
    const trace = sampleTrace(`trace-${index}`, minutesAgo(index), {}, way);
    const [generation, tool] = trace.observations;
    const level = index % 5 === 0 ? 'ERROR' : 'DEFAULT';
    return { ...trace, observations: [generation, { ...tool, level }] };
  });
/** One trace with one generation that lasts `lastsMs`. */
const single = (id: string, lastsMs: number, more: object = {}) => {
  const startMs = scene.nowMs() - hour;
  const generation = {
    id: `${id}-step`,
    type: 'GENERATION',
    name: 'reply',
    startTime: iso(startMs),
    endTime: iso(startMs + lastsMs),
    model: 'gpt-4o',
    usageDetails: { input: 100, output: 20, total: 120 },
    ...more,
  };
  return sampleTrace(id, 60, { observations: [generation] }, 'otlp');
};
const lateError = () =>
  order('POST', '/observations', {
    traceId: 'trace-11',
    observations: [
      {
        id: 'late',
        level: 'ERROR',
        startTime: iso(scene.nowMs() - 4 * hour),
        endTime: iso(scene.nowMs() - 4 * hour + 5),
      },
    ],
  });
/** Once the server has been asked for traces `count` times. */
const asked = (count: number) =>
  vi.waitUntil(
    async () =>
      ((await order('GET', '/requests?path=/traces')) as { requests: unknown[] }).requests.length >= count,
    { interval: 5, timeout: 10_000 },
  );

/** What one side has, and what the server has, in the same terms. */
interface Sums {
  readonly traces: number;
  readonly sessions: number;
  readonly observations: number;
  readonly errors: number;
  /** Cut at the precision at which sums of floats are compared (langfuse.md 10, "Money"). */
  readonly costUsd: string;
  /** Observations that have not ended. */
  readonly open: number;
  /** Observations whose first token has a time. */
  readonly firstTokens: number;
}

interface Trap {
  readonly trap: string;
  readonly server?: object;
  readonly rows: () => Promise<unknown>;
  /** In the way of the first run of a side. */
  readonly meanwhile?: () => Promise<unknown>;
  /** After the first run. */
  readonly later?: () => Promise<unknown>;
  /** What the loop does; `sdk` unless said. */
  readonly loop?: 'sdk' | 'events' | 'sdkThenEvents';
  readonly options?: { readonly fields?: string; readonly untilTotal?: boolean; readonly mirror?: boolean };
  readonly firstTokens?: number;
  /** How the loop ends, or in what it is wrong although it says success. */
  readonly wrong: 'never' | 'SyntaxError' | readonly (keyof Sums)[];
}

const everything = ['traces', 'sessions', 'observations', 'errors', 'costUsd'] as const;

const traps: readonly Trap[] = [
  {
    trap: 'traces of one timestamp, which each page gives in another order',
    rows: () => seed(turns(160, 'ingestion', () => 120)),
    wrong: everything,
  },
  {
    trap: 'rows that arrive between pages',
    // All in one of our windows, which has two pages.
    rows: () => seed(turns(120, 'ingestion', (index) => 100 + index / 4)),
    meanwhile: () => switches({ driftPerPage: 2 }),
    later: () => switches({ driftPerPage: 0 }),
    wrong: ['traces'],
  },
  {
    trap: 'a 429 that the SDK shows as an empty page',
    rows: () => seed(turns(50)),
    meanwhile: () => fault({ kind: '429', path: '/traces', after: 1 }),
    wrong: ['traces', 'sessions', 'costUsd'],
  },
  {
    trap: 'a 500 that the SDK shows as an empty page',
    rows: () => seed(turns(50)),
    meanwhile: () => fault({ kind: '500', path: '/observations', after: 1 }),
    wrong: ['observations', 'errors'],
  },
  {
    trap: 'a 502 of HTML',
    rows: () => seed(turns(50)),
    meanwhile: () => fault({ kind: '502-html', path: '/traces', after: 1 }),
    wrong: 'SyntaxError',
  },
  {
    trap: 'a server that changes to events_only in mid-run',
    rows: () => seed(turns(120)),
    meanwhile: async () => {
      await switches({ latencyMs: 20 });
      // The first is our probe.
      void asked(3).then(() => switches({ mode: 'events_only', latencyMs: 0 }));
    },
    wrong: everything,
  },
  {
    trap: 'v2 of a legacy server, which answers 200 and nothing',
    server: { mode: 'legacy' },
    rows: () => seed(turns(20)),
    loop: 'events',
    wrong: everything,
  },
  {
    trap: 'empty and short v2 pages with a cursor',
    server: { mode: 'events_only', emptyPageEvery: 2, shortPageEvery: 3 },
    rows: () => seed(turns(150, 'otlp')),
    loop: 'events',
    wrong: everything,
  },
  {
    trap: 'a v2 cursor that repeats',
    server: { mode: 'events_only' },
    // All in one of our windows, which has two pages.
    rows: () => seed(turns(150, 'otlp', () => 120)),
    meanwhile: () => switches({ repeatCursorFrom: 2 }),
    later: () => switches({ repeatCursorFrom: 0 }),
    loop: 'events',
    wrong: 'never',
  },
  {
    trap: 'exactly as many v2 rows as fill pages',
    server: { mode: 'events_only' },
    // 200 is our first page, and ten of the loop's.
    rows: () => seed(turns(100, 'otlp', () => 120)),
    loop: 'events',
    wrong: 'never',
  },
  {
    trap: 'a late ERROR span that leaves updatedAt of its trace as it was',
    rows: () => seed(turns(12)),
    later: lateError,
    wrong: ['observations', 'errors'],
  },
  {
    trap: 'a span that was exported three times, the newest first',
    server: { mode: 'events_only' },
    rows: async () => {
      for (const level of ['ERROR', 'DEFAULT', 'DEFAULT']) {
        await seed([single('copied', 2_000, { level })]);
        await scene.advance(1_000);
      }
    },
    loop: 'events',
    wrong: ['errors', 'costUsd'],
  },
  {
    trap: 'the rows t-<trace> that v2 invents',
    server: { mode: 'events_only' },
    rows: () => seed(turns(9)),
    loop: 'events',
    wrong: ['observations', 'open'],
  },
  {
    trap: 'the -1 of a group that was not asked for',
    rows: () => seed(turns(9)),
    options: { fields: 'core' },
    wrong: ['costUsd'],
  },
  {
    trap: 'a v2 row without the session that v1 knew',
    server: { lostContext: 1 },
    rows: () => seed(turns(9, 'otlp')),
    later: () => switches({ mode: 'events_only' }),
    loop: 'sdkThenEvents',
    wrong: ['sessions'],
  },
  {
    trap: 'a total that is higher than what there is',
    server: { overcount: 2 },
    rows: () => seed(turns(9)),
    options: { untilTotal: true },
    wrong: 'never',
  },
  {
    trap: 'the latency of a span without length, which v2 calls null',
    server: { mode: 'events_only' },
    rows: () => seed([single('short', 0), single('long', 4_000)]),
    loop: 'events',
    wrong: ['open'],
  },
  {
    trap: 'a time to first token that is null because nobody asked',
    server: { mode: 'events_only' },
    rows: () => seed([single('spoken', 4_000, { completionStartTime: iso(scene.nowMs() - hour + 500) })]),
    loop: 'events',
    firstTokens: 1,
    wrong: ['firstTokens'],
  },
  {
    trap: 'a range that the server has deleted',
    rows: () => seed(turns(20)),
    later: () =>
      order('DELETE', '/traces', {
        traceIds: turns(20)
          .slice(10)
          .map(({ id }) => id),
      }),
    wrong: everything,
  },
  {
    trap: 'a changed mode that looks as if all had been deleted',
    rows: () => seed(turns(20)),
    later: () => switches({ mode: 'events_only' }),
    options: { mirror: true },
    wrong: everything,
  },
];

const inUsd = (pico: string): string => (Number(pico) / 1e12).toFixed(9);

async function truth({ firstTokens = 0 }: Trap): Promise<Sums> {
  const said = (await order('GET', '/truth')) as Omit<Sums, 'costUsd'> & { readonly costPico: string };
  const { observations: rows } = (await order('GET', '/rows')) as {
    observations: { endTime: string | null }[];
  };
  const { traces, sessions, observations, errors, costPico } = said;
  const open = rows.filter(({ endTime }) => endTime === null).length;
  return { traces, sessions, observations, errors, costUsd: inUsd(costPico), open, firstTokens };
}

async function ours(): Promise<Sums> {
  const { kysely } = scene.database;
  const traces = await kysely
    .selectFrom('imported_traces')
    .select('session_id')
    .where('deleted_at_ms', 'is', null)
    .execute();
  const rows = await kysely
    .selectFrom('imported_observations')
    .select(['level', 'cost_pico_usd', 'ended_at_ms', 'completion_started_at_ms'])
    .where('deleted_at_ms', 'is', null)
    .where('synthetic', '=', 0)
    .execute();
  return {
    traces: traces.length,
    sessions: new Set(traces.flatMap(({ session_id }) => session_id ?? [])).size,
    observations: rows.length,
    errors: rows.filter(({ level }) => level === 'ERROR').length,
    costUsd: inUsd(String(rows.reduce((sum, row) => sum + BigInt(row.cost_pico_usd ?? 0), 0n))),
    open: rows.filter((row) => row.ended_at_ms === null).length,
    firstTokens: rows.filter((row) => row.completion_started_at_ms !== null).length,
  };
}

function naively({ traces, observations }: NaiveStore): Sums {
  const rows = [...observations.values()];
  const cost = [...traces.values()].reduce((sum, { costUsd }) => sum + costUsd, 0);
  return {
    traces: traces.size,
    sessions: new Set([...traces.values()].flatMap(({ sessionId }) => sessionId || [])).size,
    observations: rows.length,
    errors: rows.filter(({ level }) => level === 'ERROR').length,
    costUsd: cost.toFixed(9),
    open: rows.filter(({ latency }) => latency === null).length,
    firstTokens: rows.filter(({ firstToken }) => firstToken !== null).length,
  };
}

const client = (project = 'proj1') =>
  new Langfuse({
    baseUrl: scene.langfuse.simulator.url,
    publicKey: `pk-lf-${project}`,
    secretKey: `sk-lf-${project}`,
    enabled: false,
  });

/** Reads once, lets happen what happens, and reads twice more; after that everything is long settled. */
async function play(trap: Trap, run: (first: boolean) => Promise<unknown>): Promise<void> {
  await trap.rows();
  await trap.meanwhile?.();
  await run(true);
  await trap.later?.();
  for (let more = 0; more < 2; more += 1) {
    await scene.advance(61 * minute);
    await run(false);
  }
}

describe.each(traps)('$trap', (trap) => {
  it('makes the naive loop wrong', async () => {
    scene = await importScene({}, trap.server);
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const store = naiveStore();
    const { loop = 'sdk', options = {}, wrong } = trap;
    const end = await play(trap, async (first) => {
      const at = { nowMs: scene.nowMs(), pageSize };
      if (loop === 'sdk' || (loop === 'sdkThenEvents' && first))
        await naiveSdkImport(store, client(), { ...at, ...options });
      else await naiveEventImport(store, (path) => scene.langfuse.read(path), at);
    }).then(
      async () => {
        const [has, is] = [naively(store), await truth(trap)];
        return Object.keys(is).filter((key) => has[key as keyof Sums] !== is[key as keyof Sums]);
      },
      (error: unknown) => (error instanceof SyntaxError ? error.name : (error as Error).message),
    );
    expect(end).toEqual(wrong);
  });

  it('does us no harm', async () => {
    scene = await importScene({}, trap.server);
    await play(trap, () => scene.run());
    expect(await ours()).toEqual(await truth(trap));
  });
});

it('shows nothing wrong in the naive loops where no trap is laid', async () => {
  for (const [loop, way] of [
    ['sdk', 'ingestion'],
    ['events', 'otlp'],
  ] as const) {
    scene = await importScene();
    const store = naiveStore();
    const at = { nowMs: scene.nowMs(), pageSize };
    const trap = { trap: 'none', rows: () => seed(turns(48, way)), loop, wrong: [] };
    await play(trap, () =>
      loop === 'sdk'
        ? naiveSdkImport(store, client(), at)
        : naiveEventImport(store, (path) => scene.langfuse.read(path), at),
    );
    expect(naively(store)).toEqual(await truth(trap));
    if (loop === 'sdk') await scene.close();
  }
});

it('ends a request to a hung socket, for which the naive loop waits on', async () => {
  scene = await importScene();
  await seed(turns(20));
  await fault({ kind: 'hang', path: '/traces' });
  let ended = false;
  const naive = naiveSdkImport(naiveStore(), client(), { nowMs: scene.nowMs(), pageSize }).finally(() => {
    ended = true;
  });
  // It ends with the server only.
  naive.catch(() => undefined);
  await asked(1);
  await fault({ kind: 'hang', path: '/traces', after: 1 });
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const deadlines = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 200));
  expect(await scene.run()).toMatchObject({ outcome: 'caughtUp' });
  expect(deadlines).toHaveBeenCalledWith(60_000);
  expect((await scene.stored()).traces).toBe(20);
  expect(ended).toBe(false);
});

it('names what went wrong, where the SDK throws a Response into an activity', async () => {
  scene = await importScene();
  await fault({ kind: '401', path: '/traces', times: 2 });
  const activity = () => client().api.traceList({ limit: 1 });
  const thrown: unknown = await new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
    .run(activity)
    .catch((error: unknown) => error);
  // What a workflow would see: no message, a type that tells nothing, and tried again for ever.
  expect(thrown).not.toBeInstanceOf(Error);
  expect(ensureApplicationFailure(thrown)).toMatchObject({ type: 'Response', nonRetryable: false });
  expect(await scene.run()).toMatchObject({ outcome: 'failed', reason: 'LangfuseAuth' });
});

describe('two tenants of one organisation', () => {
  // Each alone keeps to the plan's 14 requests a minute; together they do not.
  const begin = async () => {
    scene = await importScene({ plan: 'hobby' }, { plan: 'hobby' });
    await order('POST', '/projects', { id: 'proj2', organisation: { id: 'org1', name: 'Org' } });
    for (const projectId of ['proj1', 'proj2'])
      await order('POST', '/traces', { projectId, traces: turns(20) });
  };
  const refusals = async () =>
    ((await order('GET', '/requests')) as { requests: { status: number }[] }).requests.filter(
      ({ status }) => status === 429,
    ).length;

  it('refuse each other where everyone counts alone, and one of them is left without rows', async () => {
    await begin();
    vi.spyOn(console, 'error').mockReturnValue(undefined);
    const stores = [naiveStore(), naiveStore()];
    for (const [index, store] of stores.entries())
      await naiveSdkImport(store, client(`proj${index + 1}`), { nowMs: scene.nowMs(), pageSize: 10 });
    expect(await refusals()).toBeGreaterThan(0);
    expect(stores.map(({ observations }) => observations.size)).not.toEqual([40, 40]);
  });

  it('share one budget with us, and neither meets a refusal', async () => {
    await begin();
    const other = await scene.configure({ tenantId: 'river-ortho', project: 'proj2', plan: 'hobby' });
    for (const address of [scene.address, other])
      expect(await scene.run({ address, tries: 200 })).toMatchObject({ outcome: 'caughtUp' });
    expect(await refusals()).toBe(0);
    expect(await scene.stored()).toMatchObject({ traces: 40, observations: 80 });
  });
});
