import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failures } from '../domain/failures.js';
import { apiScene, failureOf, type ApiScene } from '../test/kit/api-scene.js';
import { routes } from './routes/index.js';

let scene: ApiScene;
let token: string;
beforeAll(async () => {
  scene = await apiScene();
  ({ token } = await scene.user('admin'));
});
afterAll(() => scene.close());

describe('every failure is a problem of RFC 9457', () => {
  const json = { 'content-type': 'application/json' };
  it.each([
    ['malformed JSON', 'POST', '/api/auth/login', { body: '{"email":' }, 400, 'MalformedBody'],
    ['JSON that is no object', 'POST', '/api/auth/login', { body: '"text"' }, 400, 'MalformedBody'],
    [
      'another content type',
      'POST',
      '/api/auth/login',
      { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'UnsupportedMediaType',
    ],
    [
      'another character set',
      'POST',
      '/api/auth/login',
      { body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } },
      415,
      'UnsupportedMediaType',
    ],
    [
      'an oversized body',
      'POST',
      '/api/auth/login',
      { body: { email: 'x'.repeat(70_000) } },
      413,
      'BodyTooLarge',
    ],
    ['a missing body', 'POST', '/api/auth/login', {}, 422, 'ValidationFailed'],
    ['an unknown route', 'GET', '/api/nothing', {}, 404, 'RouteNotFound'],
    ['a path that is no text', 'GET', '/api/users/%E0%A4%A', {}, 404, 'RouteNotFound'],
    ['a wrong method', 'DELETE', '/api/conversations', {}, 405, 'MethodNotAllowed'],
    ['a wrong method on a page', 'PUT', '/health/live', { body: {} }, 405, 'MethodNotAllowed'],
  ] as const)('%s', async (_case, method, path, call, status, failure) => {
    const answer = await scene.call(method, path, {
      token,
      ...call,
      headers: { ...json, ...('headers' in call ? call.headers : {}) },
    });
    expect([answer.status, failureOf(answer)]).toEqual([status, failure]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ status, title: failures[failure].title, instance: path });
    expect(answer.body['correlationId']).toBe(answer.headers.get('x-correlation-id'));
  });

  it('says which methods a route takes', async () => {
    const answer = await scene.call('PUT', '/api/conversations', { token });
    expect(answer.headers.get('allow')).toBe('POST, GET');
  });

  it('a credential whose key is missing is a conflict that names the key', async () => {
    const tenant = 'bright-smiles';
    const row = { tenantId: tenant, environment: 'sandbox', integration: 'cloud9', keyId: 'test' } as const;
    const path = `/api/tenants/${tenant}/credentials/cloud9`;
    await scene.services.store.credentials.put({ ...row, sealed: 'v1.gone.x.y' });
    const answer = await scene.call('GET', path, { token });
    expect([answer.status, failureOf(answer)]).toEqual([409, 'IntegrationNotConfigured']);
    expect(answer.body['detail']).toContain('"gone"');
  });
});

it('credentials are sealed, shown masked, checked field by field, and leave a row of who set them', async () => {
  const about = { token, tenant: 'river-ortho' };
  const path = '/api/tenants/river-ortho/credentials/cloud9';
  const account = {
    endpoint: 'https://cloud9.example.invalid/GetData.ashx',
    clientId: '11111111-1111-4111-8111-111111111111',
    userName: 'invented-user',
    password: 'invented-cloud9-password',
  };
  const set = await scene.call('PUT', path, { ...about, body: account });
  expect([set.status, set.body]).toEqual([200, { version: 1 }]);
  const shown = await scene.call('GET', path, about);
  expect(shown.body).toMatchObject({ source: 'administrator', fields: { userName: '…er', password: '…rd' } });
  const row = await scene.services.store.credentials.get('river-ortho', 'sandbox', 'cloud9');
  const audit = await scene.call('GET', '/api/audit', about);
  expect(audit.body['entries']).toMatchObject([
    { action: 'credentials.set', target: 'sandbox/cloud9', detail: { version: 1 }, ip: '127.0.0.1' },
  ]);
  for (const text of [shown.text, audit.text, JSON.stringify(row), await scene.logs()]) {
    expect(text).not.toContain(account.password);
  }
  const elsewhere = { ...about, headers: { 'x-environment': 'production' } };
  expect(failureOf(await scene.call('GET', path, elsewhere))).toBe('RecordNotFound');
  const half = await scene.call('PUT', path, { ...about, body: { ...account, password: '' } });
  expect([half.status, half.body['errors']]).toMatchObject([422, [{ path: 'password' }]]);
  const two = await scene.call('PUT', path, { token, tenant: 'bright-smiles', body: account });
  expect([two.status, failureOf(two)]).toEqual([403, 'TenantForbidden']);
});

it('staff tasks are listed in pages, taken by one, closed once, each with a row of who did it', async () => {
  const member = () => scene.user('operator', [{ tenantId: 'bright-smiles', role: 'operator' }]);
  const [ann, bob] = [await member(), await member()];
  for (const taskId of ['t1', 't2', 't3']) {
    await scene.services.store.staffTasks.open({
      tenantId: 'bright-smiles',
      environment: 'sandbox',
      taskId,
      conversationId: null,
      kind: 'transfer',
      summary: 'An invented task',
      detail: {},
    });
  }
  const list = (query: string): ReturnType<ApiScene['call']> =>
    scene.call('GET', `/api/staff-tasks?${query}`, { token: ann.token });
  const ids = ({ body }: Awaited<ReturnType<typeof list>>) =>
    (body['tasks'] as { taskId: string }[]).map(({ taskId }) => taskId);
  const first = await list('limit=2');
  const rest = await list(`limit=2&cursor=${String(first.body['nextCursor'])}`);
  expect([...ids(first), ...ids(rest)].sort()).toEqual(['t1', 't2', 't3']);
  expect(rest.body['nextCursor']).toBeNull();
  expect((await list('cursor=invented')).body['errors']).toMatchObject([{ path: 'cursor' }]);

  const act = (token_: string, what: string, body?: unknown): ReturnType<ApiScene['call']> =>
    scene.call('POST', `/api/staff-tasks/${what}`, { token: token_, body });
  expect((await act(ann.token, 't1/take')).body).toMatchObject({ status: 'taken', takenBy: ann.userId });
  expect(failureOf(await act(bob.token, 't1/take'))).toBe('Conflict');
  const note = { note: 'Called back.' };
  expect((await act(ann.token, 't1/close', note)).body).toMatchObject({ status: 'closed', ...note });
  expect(failureOf(await act(ann.token, 't1/close', note))).toBe('Conflict');
  expect(failureOf(await act(ann.token, 'none/take'))).toBe('RecordNotFound');
  expect(ids(await list('status=open')).sort()).toEqual(['t2', 't3']);
  const audit = await scene.call('GET', '/api/audit?limit=2', { token, tenant: 'bright-smiles' });
  expect(audit.body['entries']).toMatchObject([
    { action: 'staff-task.close', target: 't1', actorUserId: ann.userId },
    { action: 'staff-task.take', target: 't1', actorUserId: ann.userId },
  ]);
});

it('a caller number is kept as a keyed pseudonym, and shown to nobody', async () => {
  const about = { token, tenant: 'bright-smiles' };
  const begun = await scene.call('POST', '/api/conversations', {
    ...about,
    body: { callerNumber: '(555) 555-0142' },
  });
  const id = String(begun.body['conversationId']);
  const row = await scene.services.store.conversations.get('bright-smiles', 'sandbox', id);
  expect(row?.callerNumberHash).toMatch(/^test\.[0-9a-f]{64}$/);
  expect(begun.text).not.toContain('callerNumber');
  const odd = await scene.call('POST', '/api/conversations', {
    ...about,
    body: { callerNumber: 'anonymous' },
  });
  expect(odd.body['errors']).toMatchObject([{ path: 'callerNumber' }]);
});

it('a route that needs Temporal says within seconds that it is away, and when to come back', async () => {
  const about = { token, tenant: 'bright-smiles' };
  const begun = await scene.call('POST', '/api/conversations', { ...about, body: {} });
  expect(begun.status).toBe(201);
  expect(begun.headers.get('x-correlation-id')).toBe(begun.body['workflowId']);
  const path = `/api/conversations/${String(begun.body['conversationId'])}/messages`;
  const beganAt = performance.now();
  const answer = await scene.call('POST', path, {
    ...about,
    body: { messageId: crypto.randomUUID(), text: 'Hello' },
  });
  expect([answer.status, failureOf(answer)]).toEqual([503, 'TemporalUnavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(performance.now() - beganAt).toBeLessThan(15_000);
  const ready = await scene.call('GET', '/health/ready');
  expect(ready).toMatchObject({
    status: 503,
    body: { ready: false, database: 'up', temporal: 'down', worker: 'down' },
  });
});

it('shuts an address out that guesses at one account after the other, and says until when', async () => {
  const guessed = await apiScene();
  try {
    const guess = (account: number): ReturnType<ApiScene['call']> =>
      guessed.call('POST', '/api/auth/login', {
        body: { email: `account-${account}@example.invalid`, password: 'Wrong-Password-1' },
      });
    for (let account = 1; account <= 30; account++) {
      expect(failureOf(await guess(account))).toBe('BadCredentials');
    }
    const refused = await guess(31);
    expect([refused.status, failureOf(refused)]).toEqual([429, 'RateLimited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
    // Whoever has a token is not concerned.
    const { token: own } = await guessed.user('viewer');
    expect((await guessed.call('GET', '/api/auth/me', { token: own })).status).toBe(200);
  } finally {
    await guessed.close();
  }
});

it('a caller that hangs up in the middle of a body leaves the server well', async () => {
  const { port } = new URL(scene.url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        'POST /api/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{',
      );
      socket.end(() => socket.destroy());
    });
    socket.once('close', () => resolve());
  });
  expect((await scene.call('GET', '/health/live')).status).toBe(200);
});

it('describes itself in valid OpenAPI 3.1, every route with its success and its problems', async () => {
  const { body } = await scene.call('GET', '/openapi.json');
  const { valid, errors } = await new Validator().validate(structuredClone(body));
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
  const paths = body['paths'] as Record<string, Record<string, { responses: object; security?: object }>>;
  for (const { method, path, access, answers } of routes) {
    const operation = paths[path]?.[method];
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining([...Object.keys(answers), '500']),
    );
    expect(Boolean(operation?.security)).toBe(access !== 'public');
  }
});

it('shows its routes with their fields on a page that loads nothing', async () => {
  const page = await scene.call('GET', '/docs');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.text).not.toMatch(/<script|<link|src=|https?:\/\//);
  for (const { path } of routes) expect(page.text).toContain(`<code>${path}</code>`);
  for (const field of ['messageId', 'waitMs', 'X-Tenant-Id', 'callerNumber'])
    expect(page.text).toContain(field);
});

describe('docs/api.md', () => {
  it('lists every route and every failure with its status, and no others', async () => {
    const guide = await readFile('docs/api.md', 'utf8');
    const listed = [...guide.matchAll(/^\| `(GET|POST|PUT|PATCH|DELETE) (\/\S*)`/gm)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    expect(listed.sort()).toEqual(routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`).sort());
    const problems = [...guide.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm)].map(([, type, status]) => [
      type,
      Number(status),
    ]);
    expect(problems).toEqual(Object.entries(failures).map(([type, { status }]) => [type, status]));
  });
});
