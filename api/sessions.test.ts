import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionRuleOf } from '../domain/sessions/session-group.js';
import { apiScene, type ApiScene } from '../test/kit/api-scene.js';

const tenant = 'bright-smiles';
const base = Date.parse('2030-03-04T09:00:00Z');
const range = 'from=2030-03-01&to=2030-03-31';
let scene: ApiScene;
let token: string;

const observation = {
  type: 'SPAN',
  name: null,
  level: 'DEFAULT',
  statusMessage: null,
  version: null,
  environment: null,
  parentId: null,
  endedAtMs: null,
  completionStartedAtMs: null,
  model: null,
  modelParameters: null,
  promptName: null,
  promptVersion: null,
  usage: null,
  inputTokens: null,
  outputTokens: null,
  totalTokens: null,
  costs: null,
  costPicoUsd: null,
  synthetic: false,
  serverCreatedAtMs: 1,
  serverUpdatedAtMs: 1,
  body: null,
} as const;

beforeAll(async () => {
  scene = await apiScene();
  ({ token } = await scene.user('viewer', [{ tenantId: tenant, role: 'viewer' }]));
  const { store } = scene.services;
  const traceId = 'turn/1';
  await store.importedTraces.save(
    { tenantId: tenant, environment: 'sandbox', configId: 'c', api: 'v1' },
    {
      traces: [
        {
          traceId,
          startedAtMs: base,
          startSource: 'trace',
          name: 'turn',
          sessionId: 'theirs',
          userId: 'caller',
          tags: '["outcome:booked"]',
          environment: 'production',
          release: 'agent-1',
          version: null,
          serverCreatedAtMs: 1,
          serverUpdatedAtMs: 1,
          body: { input: 'Hello', output: 'Booked.', metadata: null },
        },
      ],
      observations: [
        {
          ...observation,
          traceId,
          observationId: 'tool',
          type: 'TOOL',
          name: '=cmd',
          level: 'ERROR',
          statusMessage: 'SlotTaken',
          parentId: 'step',
          startedAtMs: base + 10,
          endedAtMs: base + 20,
          body: { input: '{"slot":"S1"}', output: '{"ok":false}', metadata: null },
        },
        {
          ...observation,
          traceId,
          observationId: 'step',
          type: 'GENERATION',
          model: 'gpt-4o',
          startedAtMs: base,
          completionStartedAtMs: base + 500,
          endedAtMs: base + 2_000,
          usage: '{"input":100,"output":20,"total":120}',
          inputTokens: 100,
          outputTokens: 20,
          totalTokens: 120,
          costPicoUsd: 450_000_000,
        },
      ],
      unreadable: [],
    },
  );
  await store.sessions.digest(tenant, 'sandbox', sessionRuleOf(undefined));
});
afterAll(() => scene.close());

const get = (path: string) => scene.call('GET', path, { token, tenant });

it('lists sessions and opens one by any of its ids, with its turns and their observations as a tree', async () => {
  const list = await get('/api/sessions?outcome=booked&withErrors=true');
  expect(list.body).toMatchObject({
    sessions: [
      { turns: 1, costUsd: '0.00045', ownSessionIds: ['theirs'], outcome: 'booked', evidence: { by: 'tag' } },
    ],
    nextCursor: null,
  });
  const [{ sessionId }] = list.body['sessions'] as [{ sessionId: string }];
  for (const id of [sessionId, 'theirs', 'turn/1']) {
    const { status, body } = await get(`/api/sessions/${encodeURIComponent(id)}`);
    expect([status, body['sessionId']]).toEqual([200, sessionId]);
    expect(body).toMatchObject({
      turnList: [
        {
          input: 'Hello',
          output: 'Booked.',
          latencyMs: 2_000,
          observations: [
            { observationId: 'step', depth: 0, firstTokenMs: 500, costUsd: '0.00045' },
            { observationId: 'tool', depth: 1, input: '{"slot":"S1"}', statusMessage: 'SlotTaken' },
          ],
        },
      ],
      nextTurn: null,
    });
  }
  expect((await get('/api/traces/turn%2F1')).body).toMatchObject({ traceId: 'turn/1', deleted: false });
  expect((await get('/api/sessions?withErrors=false')).body).toEqual({ sessions: [], nextCursor: null });
  for (const path of ['/api/sessions/nobody', '/api/traces/nobody', '/api/lookup/nobody'])
    expect((await get(path)).status).toBe(404);
});

it('tells what an id is: a session by its id here or there, a trace, an observation, a conversation', async () => {
  const found = async (id: string) =>
    (await get(`/api/lookup/${encodeURIComponent(id)}`)).body['found'] as { kind: string; path: string }[];
  const [session] = await found('theirs');
  const trace = '/api/traces/turn%2F1';
  expect(session?.kind).toBe('session');
  expect(await found(session?.path.split('/').at(-1) ?? '')).toEqual([session]);
  expect(await found('turn/1')).toEqual([session, { kind: 'trace', id: 'turn/1', path: trace }]);
  expect(await found('tool')).toEqual([session, { kind: 'observation', id: 'turn/1', path: trace }]);
  const observed = (await get('/api/sessions/tool')).body;
  expect(`/api/sessions/${String(observed['sessionId'])}`).toBe(session?.path);
  const conversationId = randomUUID();
  await scene.services.store.conversations.create({
    tenantId: tenant,
    environment: 'sandbox',
    conversationId,
    channel: 'chat',
    language: 'en',
    isTest: true,
    callerNumberHash: null,
  });
  expect(await found(conversationId)).toEqual([
    { kind: 'conversation', id: conversationId, path: `/api/conversations/${conversationId}` },
  ]);
  for (const { path } of [...(await found('tool')), ...(await found('turn/1'))])
    expect((await get(path)).status).toBe(200);
  // In the other environment it is nothing.
  const elsewhere = await scene.call('GET', '/api/lookup/turn%2F1', {
    token,
    tenant,
    headers: { 'X-Environment': 'production' },
  });
  expect(elsewhere.status).toBe(404);
});

it('finds sessions by what was said, with the place, and refuses no text', async () => {
  const search = async (q: string) => get(`/api/sessions?q=${encodeURIComponent(q)}`);
  expect((await search('BOOKED hel*')).body).toMatchObject({
    sessions: [
      {
        ownSessionIds: ['theirs'],
        hits: [
          { traceId: 'turn/1', part: 'input', text: 'Hello', marks: [[0, 5]] },
          { traceId: 'turn/1', part: 'output', text: 'Booked.', marks: [[0, 6]] },
        ],
      },
    ],
  });
  for (const q of ['booked goodbye', '"', '") OR NEAR(*', "' | & !", '-'])
    expect(await search(q)).toMatchObject({ status: 200, body: { sessions: [], nextCursor: null } });
  expect((await search('one two three four five six seven eight nine ten eleven')).status).toBe(422);
  expect((await get('/api/sessions')).body).toMatchObject({ sessions: [{ hits: [] }] });
});

it('answers insights from the daily counts', async () => {
  const rows = async (path: string) => (await get(`/api/insights/${path}&${range}`)).body['rows'];
  expect((await get(`/api/insights/cost?by=model&${range}`)).body).toMatchObject({
    fromDay: '2030-03-01',
    totalCostUsd: '0.00045',
    bookings: 1,
    costPerBookingUsd: '0.00045',
    rows: [{ key: 'gpt-4o', calls: 1, costUsd: '0.00045', recomputedCostUsd: '0.00045', disagreeing: 0 }],
  });
  expect(await rows('latency?of=firstToken')).toEqual([
    { key: 'firstToken', count: 1, p50: 500, p75: 500, p90: 500, p95: 500, p99: 500 },
  ]);
  expect(await rows('errors?by=message')).toEqual([{ key: '=cmd: SlotTaken', count: 1, errors: 1, rate: 1 }]);
  expect(await rows('tools?by=tool')).toEqual([{ key: '=cmd', calls: 1, errors: 1, rate: 1 }]);
  expect(await rows('outcomes?by=outcome')).toMatchObject([
    { key: 'booked', sessions: 1, withErrors: 1, share: 1 },
  ]);
  const models = [
    {
      modelName: 'ours',
      matchPattern: '(?i)^gpt-4o$',
      startsAtMs: null,
      tiers: [{ name: 'Own', isDefault: true, priority: 0, conditions: [], prices: { input: 0.001 } }],
    },
  ];
  await scene.services.store.modelPrices.save(
    { tenantId: tenant, environment: 'sandbox', configId: 'c' },
    models,
  );
  expect((await get('/api/insights/prices?kind=unpriced')).body).toMatchObject({
    rows: [],
    projects: [{ configId: 'c', models }],
    nextCursor: null,
  });
});

it('gives rows as CSV that no spreadsheet takes for a formula', async () => {
  const answer = await get(`/api/insights/tools?format=csv&${range}`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(answer.text).toBe("key,calls,errors,rate\r\n'=cmd,1,1,1\r\n");
  const none = await get('/api/insights/tools?format=csv&from=2020-01-01&to=2020-01-02');
  expect(none.text).toBe('key,calls,errors,rate\r\n');
});

it('shows nothing to members of another practice', async () => {
  const other = await scene.user('viewer', [{ tenantId: 'river-ortho', role: 'viewer' }]);
  for (const path of ['sessions', 'sessions/theirs', 'traces/turn%2F1', 'lookup/theirs', 'insights/cost'])
    expect((await scene.call('GET', `/api/${path}`, { token: other.token, tenant })).status).toBe(403);
  const own = await scene.call('GET', '/api/sessions/theirs', { token: other.token, tenant: 'river-ortho' });
  expect(own.status).toBe(404);
});
