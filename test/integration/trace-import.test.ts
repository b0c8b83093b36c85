import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openDatabase } from '../../platform/database/open-database.js';
import { serveLangfuse, type ServedLangfuse } from '../../simulators/langfuse/testing/served-langfuse.js';
import { orderedImportWorkflowId, traceImportScheduleId } from '../../workflows/ids.js';
import { openDesk, openDeskOf, type Desk } from '../kit/desk.js';
import { keepHistory } from '../kit/recorded-histories.js';
import { useSharedStack } from '../kit/shared-stack.js';
import type { Stack } from '../kit/stack.js';

const minute = 60_000;
const hour = 60 * minute;

let stack: Stack;
let desk: Desk;
let langfuse: ServedLangfuse;
useSharedStack((shared) => {
  stack = shared;
});
beforeAll(async () => {
  desk = await openDesk(stack);
  langfuse = await serveLangfuse();
});
afterAll(async () => {
  await langfuse.simulator.close();
});

interface Side {
  readonly traces: number;
  readonly observations: number;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const now = Date.now();

/** A project of its own for each test, with traces that began `minutesAgo`, a minute apart. */
async function project(id: string, count: number, minutesAgo: number): Promise<string> {
  await langfuse.order('POST', '/projects', { id });
  await addTraces(id, count, minutesAgo);
  return id;
}

const addTraces = (projectId: string, count: number, minutesAgo: number, prefix = 'trace') =>
  langfuse.order('POST', '/traces', {
    projectId,
    traces: Array.from({ length: count }, (_, index) => {
      const at = now - minutesAgo * minute + index * 1_000;
      const traceId = `${projectId}-${prefix}-${index}`;
      return {
        id: traceId,
        timestamp: iso(at),
        sessionId: `session-${index % 7}`,
        input: { text: `question ${index}` },
        observations: [
          {
            id: `${traceId}-generation`,
            type: 'GENERATION',
            startTime: iso(at),
            endTime: iso(at + 1_200),
            model: 'gpt-4o',
            usageDetails: { input: 90 + index, output: 12, total: 102 + index },
          },
          { id: `${traceId}-tool`, type: 'TOOL', startTime: iso(at + 100), endTime: iso(at + 300) },
        ],
      };
    }),
  });

const config = async (projectId: string, more: object = {}, by = desk): Promise<string> => {
  const created = await by.call('POST', '/api/langfuse-configs', {
    name: projectId,
    host: langfuse.simulator.url,
    publicKey: `pk-lf-${projectId}`,
    secretKey: `sk-lf-${projectId}`,
    importFrom: iso(now - 6 * hour),
    ...more,
  });
  expect(created).toMatchObject({ status: 201, body: { scheduled: true } });
  return (created.body['config'] as { configId: string }).configId;
};

const look = async (id: string) => (await desk.call('GET', `/api/langfuse-configs/${id}`)).body;

const truth = async (projectId: string): Promise<Side> => {
  const { traces, observations } = (await langfuse.order('GET', `/truth?projectId=${projectId}`)) as Side;
  return { traces, observations };
};

/** Waits for the end of a run: its note, and that the schedule knows, which starts no second one beside it. */
async function caughtUp(id: string, afterMs = 0): Promise<Readonly<Record<string, unknown>>> {
  let body: Readonly<Record<string, unknown>> = {};
  await vi.waitUntil(
    async () => {
      body = await look(id);
      const run = body['lastRun'] as { outcome: string; atMs: number } | null;
      return run !== null && run.atMs > afterMs;
    },
    { timeout: 60_000, interval: 200 },
  );
  await vi.waitUntil(
    async () => {
      const schedule = await desk.call('GET', `/api/langfuse-configs/${id}/schedule`);
      return (schedule.body['running'] as readonly unknown[]).length === 0;
    },
    { timeout: 30_000, interval: 100 },
  );
  return body;
}

const windows = async (id: string) =>
  (await desk.call('GET', `/api/langfuse-configs/${id}/windows?limit=100`)).body['windows'] as {
    kind: string;
    verdict: string | null;
    state: string;
  }[];

/** Hands the newest run of a configuration's schedule over to the replay corpus; `first` = the first of a run that continued as new. */
async function keepRun(configId: string, branch: string, first = false): Promise<void> {
  const schedule = stack.client.schedule.getHandle(traceImportScheduleId('bright-smiles', configId));
  const { workflow } = (await schedule.describe()).info.recentActions.at(-1)!.action;
  const { workflowId, firstExecutionRunId: runId } = workflow;
  await keepHistory(stack.client, 'traceImport', branch, first ? { workflowId, runId } : { workflowId });
}

const keepOrder = (importId: string, branch: string): Promise<void> =>
  keepHistory(stack.client, 'orderedTraceImport', branch, {
    workflowId: orderedImportWorkflowId('bright-smiles', importId),
  });

/** Both ways: each row of the server is in the store, each row of the store is on the server, and the cost is the same. */
async function sameRows(projectId: string, configId: string): Promise<void> {
  const server = (await langfuse.order('GET', `/rows?projectId=${projectId}`)) as {
    traces: { id: string }[];
    observations: { id: string; costUsd: number }[];
  };
  const database = await openDatabase(stack.config);
  const stored = await database.kysely
    .selectFrom('imported_observations')
    .select(['observation_id', 'cost_pico_usd'])
    .where('config_id', '=', configId)
    .execute();
  await database.close();
  const costs = (rows: readonly [string, number][]) => [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(costs(stored.map((row) => [row.observation_id, row.cost_pico_usd ?? 0]))).toEqual(
    costs(server.observations.map(({ id, costUsd }) => [id, Math.round(costUsd * 1e12)])),
  );
  const { traces, observations } = server;
  expect((await look(configId))['stored']).toEqual({
    traces: traces.length,
    observations: observations.length,
    quarantined: 0,
  });
  expect(new Set((await windows(configId)).map(({ verdict }) => verdict))).toEqual(new Set(['proven']));
}

it('imports by itself once a configuration is there, with a proof of every window', async () => {
  await project('plain', 120, 180);
  const id = await config('plain', { isDefault: true });
  const body = await caughtUp(id);
  expect(body['lastRun']).toMatchObject({ outcome: 'caughtUp', reason: null });
  expect(body['stored']).toEqual({ ...(await truth('plain')), quarantined: 0 });
  expect(body).toMatchObject({
    publicKey: '…in',
    secretKey: '…in',
    isDefault: true,
    server: { mode: 'dual' },
  });
  expect(body['watermarkMs']).toBeGreaterThan(now - 25 * minute);
  const sealed = await windows(id);
  expect(new Set(sealed.map(({ verdict }) => verdict))).toEqual(new Set(['proven']));
  const report = await desk.call('POST', `/api/langfuse-configs/${id}/test`);
  expect(report).toMatchObject({
    status: 200,
    body: { mode: 'dual', readApi: 'v1', organizationId: 'org-plain' },
  });
  expect(JSON.stringify(report.body['inWords'])).toContain('plain');
  await keepRun(id, 'caught-up');
});

it('ends as failed with the reason when the keys are refused, and says so', async () => {
  await project('refused', 1, 60);
  const id = await config('refused', { secretKey: 'sk-lf-invented-other' });
  expect((await caughtUp(id))['lastRun']).toMatchObject({ outcome: 'failed', reason: 'LangfuseAuth' });
  await keepRun(id, 'failed');
});

it('goes on over v2 when the server changes its mode, and has every row once', async () => {
  await project('changed', 40, 120);
  const id = await config('changed');
  await caughtUp(id);
  const before = Date.now();
  await langfuse.order('POST', '/switches', { mode: 'events_only' });
  await desk.call('POST', `/api/langfuse-configs/${id}/trigger`, {});
  const body = await caughtUp(id, before);
  await langfuse.order('POST', '/switches', { mode: 'dual' });
  expect(body).toMatchObject({ lastRun: { outcome: 'caughtUp' }, server: { mode: 'events_only' } });
  expect(body['stored']).toEqual({ ...(await truth('changed')), quarantined: 0 });
  await keepRun(id, 'mode-changed');
});

it('walks again what did not match, while an import of two months continues as new and loses nothing', async () => {
  await project('healed', 30, 40);
  await langfuse.order('POST', '/switches', { overcount: 1 });
  const healed = await config('healed', { importFrom: iso(now - 50 * minute) });
  // Nothing of a window is asked for after its metrics.
  await asked('/metrics', ({ projectId }) => projectId === 'healed');
  await langfuse.order('POST', '/switches', { overcount: 0 });
  await project('long', 60, 55 * 24 * 60);
  await addTraces('long', 60, 60, 'new');
  const long = await config('long', { importFrom: iso(now - 60 * 24 * hour) });
  expect((await caughtUp(long))['lastRun']).toMatchObject({ outcome: 'caughtUp' });
  await sameRows('long', long);
  await keepRun(long, 'continued-first-run', true);
  await keepRun(long, 'continued-last-run');
  expect((await caughtUp(healed))['lastRun']).toMatchObject({ outcome: 'caughtUp' });
  await sameRows('healed', healed);
  await keepRun(healed, 'walked-again');
});

it('says in words what is wrong with keys, and never shows them', async () => {
  await project('wrong', 1, 60);
  const id = await config('wrong', { secretKey: 'sk-lf-invented-wrong', active: false });
  expect(await desk.call('POST', `/api/langfuse-configs/${id}/test`)).toMatchObject({
    status: 502,
    body: { type: 'urn:chairside:problem:LangfuseAuth' },
  });
  expect(await stack.logs()).not.toContain('sk-lf-invented-wrong');
  expect(JSON.stringify(await look(id))).not.toContain('sk-lf-invented-wrong');
});

it('has a schedule that operators pause, resume and trigger, and that follows the configuration', async () => {
  await project('timed', 1, 60);
  const id = await config('timed', { everyMinutes: 5 });
  await caughtUp(id);
  const schedule = async () => (await desk.call('GET', `/api/langfuse-configs/${id}/schedule`)).body;
  expect(await schedule()).toMatchObject({ paused: false });
  const handle = stack.client.schedule.getHandle(`trace-import/bright-smiles/${id}`);
  const { spec, policies } = await handle.describe();
  expect(spec.intervals).toEqual([expect.objectContaining({ every: 5 * minute })]);
  expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: hour });
  expect(
    await desk.call('POST', `/api/langfuse-configs/${id}/pause`, { note: 'server is moved' }),
  ).toMatchObject({ status: 204 });
  expect(await desk.call('PATCH', `/api/langfuse-configs/${id}`, { everyMinutes: 10 })).toMatchObject({
    status: 200,
  });
  expect((await handle.describe()).spec.intervals).toEqual([expect.objectContaining({ every: 10 * minute })]);
  expect(await schedule()).toMatchObject({ paused: true, note: 'server is moved' });
  await desk.call('POST', `/api/langfuse-configs/${id}/resume`, {});
  expect(((await schedule())['nextRunsMs'] as number[]).length).toBeGreaterThan(0);
  await addTraces('timed', 3, 40, 'later');
  const before = Date.now();
  await desk.call('POST', `/api/langfuse-configs/${id}/trigger`, {});
  expect((await caughtUp(id, before))['stored']).toEqual({ ...(await truth('timed')), quarantined: 0 });
  expect(await desk.call('DELETE', `/api/langfuse-configs/${id}`)).toMatchObject({ status: 204 });
  expect(await desk.call('GET', `/api/langfuse-configs/${id}`)).toMatchObject({ status: 404 });
});

it('reads the past on request, shows how far it is, can be cancelled and resumed, and leaves the watermark alone', async () => {
  await project('past', 150, 10 * 60);
  const id = await config('past', { importFrom: iso(now - 30 * minute) });
  const before = await caughtUp(id);
  expect(before['stored']).toMatchObject({ traces: 0 });
  await langfuse.order('POST', '/faults', { kind: 'hang', path: '/observations', after: 1 });
  const ordered = await desk.call('POST', '/api/imports', {
    configId: id,
    from: iso(now - 12 * hour),
    to: iso(now - hour),
  });
  expect(ordered).toMatchObject({ status: 202, body: { kind: 'backfill', state: 'running' } });
  const importId = String(ordered.body['importId']);
  const progress = async () => (await desk.call('GET', `/api/imports/${importId}`)).body;
  await vi.waitUntil(async () => Number((await progress())['windowsDone']) > 0, {
    timeout: 30_000,
    interval: 300,
  });
  expect(await progress()).toMatchObject({ state: 'running', timeLeftMs: expect.any(Number) as number });
  // Else the request that hangs would be one of the resumed import.
  await asked('/observations', ({ fault }) => fault === 'hang');
  await desk.call('POST', `/api/imports/${importId}/cancel`);
  await vi.waitUntil(async () => (await progress())['state'] === 'cancelled', {
    timeout: 30_000,
    interval: 300,
  });
  await stack.client.workflow.getHandle(orderedImportWorkflowId('bright-smiles', importId)).result();
  await keepOrder(importId, 'backfill-cancelled');
  expect(await desk.call('POST', `/api/imports/${importId}/resume`)).toMatchObject({ status: 202 });
  await vi.waitUntil(async () => (await progress())['state'] === 'done', { timeout: 60_000, interval: 300 });
  expect(await progress()).toMatchObject({ state: 'done', outcome: 'complete', timeLeftMs: null });
  expect((await look(id))['stored']).toEqual({ ...(await truth('past')), quarantined: 0 });
  await keepOrder(importId, 'backfill-resumed');
  expect((await look(id))['lanes']).toMatchObject({
    live: { windowsDone: (before['lanes'] as { live: { windowsDone: number } }).live.windowsDone },
  });
});

it('reads one trace and one session on request', async () => {
  await project('one', 14, 20 * 60);
  const id = await config('one', { importFrom: iso(now - 30 * minute) });
  await caughtUp(id);
  const order = async (subject: object, branch: string) => {
    const { body } = await desk.call('POST', '/api/imports', { configId: id, ...subject });
    await stack.client.workflow
      .getHandle(orderedImportWorkflowId('bright-smiles', String(body['importId'])))
      .result();
    await keepOrder(String(body['importId']), branch);
    return (await desk.call('GET', `/api/imports/${String(body['importId'])}`)).body;
  };
  expect(await order({ traceId: 'one-trace-3' }, 'one-trace')).toMatchObject({ state: 'done', rows: 3 });
  expect((await look(id))['stored']).toMatchObject({ traces: 1, observations: 2 });
  expect(await order({ sessionId: 'session-5' }, 'one-session')).toMatchObject({ state: 'done', rows: 6 });
  expect((await look(id))['stored']).toMatchObject({ traces: 3, observations: 6 });
  expect(await order({ traceId: 'nobody-knows-it' }, 'not-found')).toMatchObject({
    state: 'failed',
    outcome: 'failed: LangfuseNotFound',
  });
});

it('has every row exactly once in four imports that one kill of the worker hits at different places', async () => {
  await project('swept', 200, 120);
  const swept = await config('swept');
  await caughtUp(swept);
  // As if an hour had passed: the sweep is due. Meanwhile rows have come late, far behind the watermark's overlap.
  const database = await openDatabase(stack.config);
  await database.kysely
    .updateTable('import_lanes')
    .set({ started_at_ms: 0 })
    .where('config_id', '=', swept)
    .where('lane_id', '=', 'day')
    .execute();
  await addTraces('swept', 30, 119, 'late');
  const sweeping = await faultAt('hang', 'observations', 2);
  const before = Date.now();
  await desk.call('POST', `/api/langfuse-configs/${swept}/trigger`, {});
  await sweeping();
  expect((await windows(swept)).filter(({ state }) => state === 'walking')).toMatchObject([{ kind: 'day' }]);

  const begun = async (name: string, kind: 'hang' | 'slowBody', endpoint: string) => {
    await project(name, 420, 120);
    const hit = await faultAt(kind, endpoint, 3);
    return { id: await config(name), hit };
  };
  const traces = await begun('killed-traces', 'hang', 'traces');
  await traces.hit();
  const observations = await begun('killed-observations', 'hang', 'observations');
  await observations.hit();
  const between = await begun('between', 'slowBody', 'observations');
  await vi.waitUntil(
    async () => ((await langfuse.order('GET', '/faults')) as { faults: unknown[] }).faults.length === 0,
    { timeout: 30_000, interval: 20 },
  );
  // While this page trickles in, somebody else takes the store's write lock: it arrives and cannot be saved with its place.
  await database.transaction(async () => {
    await between.hit();
    await stack.worker.kill();
  });
  await database.close();
  await stack.worker.start();

  for (const [name, id] of [
    ['killed-traces', traces.id],
    ['killed-observations', observations.id],
    ['between', between.id],
    ['swept', swept],
  ] as const) {
    expect((await caughtUp(id, before))['lastRun']).toMatchObject({ outcome: 'caughtUp' });
    await sameRows(name, id);
  }
  await keepRun(traces.id, 'interrupted-at-traces');
  await keepRun(observations.id, 'interrupted-at-observations');
  await keepRun(swept, 'swept');
});

/** Lets a later request of an endpoint go wrong; what it gives waits until that has happened. */
async function faultAt(
  kind: 'hang' | 'slowBody',
  endpoint: string,
  after: number,
): Promise<() => Promise<unknown>> {
  await langfuse.order('DELETE', '/requests');
  await langfuse.order('POST', '/faults', { kind, path: `/${endpoint}`, after });
  return () => asked(`/${endpoint}`, ({ fault }) => fault === kind);
}

/** Until the server has been asked for a path in such a way. */
const asked = (path: string, how: (request: { projectId: string | null; fault: string | null }) => boolean) =>
  vi.waitUntil(
    async () => {
      const { requests } = (await langfuse.order('GET', `/requests?path=${path}`)) as {
        requests: Parameters<typeof how>[0][];
      };
      return requests.some(how);
    },
    { timeout: 30_000, interval: 50 },
  );

it('is hidden from other practices, and viewers may look only', async () => {
  await project('private', 1, 60);
  const id = await config('private', { active: false });
  const viewer = await openDeskOf(stack, { tenantId: 'bright-smiles', role: 'viewer' });
  expect(await viewer.call('GET', `/api/langfuse-configs/${id}`)).toMatchObject({ status: 200 });
  expect(await viewer.call('POST', `/api/langfuse-configs/${id}/pause`, {})).toMatchObject({ status: 403 });
  const river = await openDesk(stack, 'river-ortho');
  expect(await river.call('GET', `/api/langfuse-configs/${id}`)).toMatchObject({ status: 404 });
  expect(await river.call('POST', '/api/imports', { configId: id, traceId: 'x' })).toMatchObject({
    status: 404,
  });
});

it('keeps rows, ids of sessions and keys out of the histories', async () => {
  const { decryptedTexts } = await import('../kit/recorded-histories.js');
  for await (const run of stack.client.workflow.list({ query: "WorkflowType = 'traceImport'" })) {
    const history = await stack.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    const text = JSON.stringify(await decryptedTexts(history));
    for (const word of ['question', 'session-', 'sk-lf', 'gpt-4o'])
      expect(text.includes(word), word).toBe(false);
    expect(text.length).toBeLessThan(400_000);
  }
});
