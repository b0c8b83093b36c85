import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiScene, failureOf, type ApiAnswer, type ApiScene } from '../test/kit/api-scene.js';

let scene: ApiScene;
let admin: Awaited<ReturnType<ApiScene['user']>>;
beforeAll(async () => {
  scene = await apiScene();
  admin = await scene.user('admin');
});
afterAll(() => scene.close());

const logIn = (email: string, password = scene.password): Promise<ApiAnswer> =>
  scene.call('POST', '/api/auth/login', { body: { email, password } });
const me = (token: unknown): Promise<ApiAnswer> =>
  scene.call('GET', '/api/auth/me', { token: String(token) });
const asAdmin = (method: string, path: string, body?: unknown): Promise<ApiAnswer> =>
  scene.call(method, path, { token: admin.token, body });

describe('a login', () => {
  it('gives a token of eight hours that says who one is', async () => {
    const { email, userId } = await scene.user('operator', [{ tenantId: 'bright-smiles', role: 'viewer' }]);
    const login = await logIn(email.toUpperCase());
    expect(login.body['expiresInSeconds']).toBe(8 * 3_600);
    expect((await me(login.body['token'])).body).toEqual({
      userId,
      email,
      role: 'operator',
      memberships: [{ tenantId: 'bright-smiles', role: 'viewer' }],
    });
  });

  it('answers alike for a wrong password and for an unknown account, and locks both after five', async () => {
    const { email } = await scene.user('operator');
    for (const account of [email, 'nobody@example.invalid']) {
      for (let attempt = 1; attempt <= 5; attempt++) {
        const wrong = await logIn(account, 'Wrong-Password-1');
        expect([wrong.status, failureOf(wrong)]).toEqual([401, 'BadCredentials']);
      }
      const locked = await logIn(account);
      expect([locked.status, failureOf(locked)]).toEqual([429, 'LockedOut']);
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(800);
    }
    scene.clock.aheadMs += 16 * 60_000;
    expect((await logIn(email)).status).toBe(200);
  });

  it('fails for a user who was deactivated, whose token is void too', async () => {
    const { email, userId, token } = await scene.user('operator');
    expect((await asAdmin('DELETE', `/api/users/${userId}`)).status).toBe(204);
    expect(failureOf(await logIn(email))).toBe('BadCredentials');
    expect(failureOf(await me(token))).toBe('Unauthenticated');
  });
});

describe('a change of password', () => {
  const change = (token: string, currentPassword: string, newPassword: string): Promise<ApiAnswer> =>
    scene.call('POST', '/api/auth/change-password', { token, body: { currentPassword, newPassword } });

  it('voids older tokens and the old password, and leaves a row of who did it', async () => {
    const { email, userId, token } = await scene.user('operator');
    const changed = await change(token, scene.password, 'Another-Invented-2');
    expect(changed.status).toBe(200);
    expect(failureOf(await me(token))).toBe('Unauthenticated');
    expect((await me(changed.body['token'])).status).toBe(200);
    expect(failureOf(await logIn(email))).toBe('BadCredentials');
    expect((await logIn(email, 'Another-Invented-2')).status).toBe(200);
    const { body } = await asAdmin('GET', '/api/audit/installation?limit=1');
    expect(body['entries']).toMatchObject([
      { actorUserId: userId, action: 'user.password.change', target: userId, ip: '127.0.0.1' },
    ]);
  });

  it('is no way to guess the password with a stolen token', async () => {
    const { token } = await scene.user('operator');
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(failureOf(await change(token, 'Wrong-Password-1', 'Another-Invented-2'))).toBe('BadCredentials');
    }
    expect(failureOf(await change(token, scene.password, 'Another-Invented-2'))).toBe('LockedOut');
  });

  it('refuses a password that is short, or longer than bcrypt reads', async () => {
    const { token } = await scene.user('operator');
    for (const password of ['short', 'x'.repeat(73), 'ä'.repeat(37)]) {
      const answer = await change(token, scene.password, password);
      expect([answer.status, failureOf(answer)]).toEqual([422, 'ValidationFailed']);
      expect(answer.body['errors']).toMatchObject([{ path: 'newPassword' }]);
    }
  });
});

describe('administrators', () => {
  const invented = () => ({
    email: `${crypto.randomUUID()}@example.invalid`,
    password: 'Invented-Password-2',
    role: 'operator',
    memberships: [{ tenantId: 'bright-smiles', role: 'operator' }],
  });

  it('create, read, change and list users; each change leaves a row and voids older tokens', async () => {
    const wanted = invented();
    const created = await asAdmin('POST', '/api/users', wanted);
    const { email, role, memberships } = wanted;
    expect(created).toMatchObject({ status: 201, body: { email, role, memberships, active: true } });
    expect(created.text).not.toMatch(/password|hash|token/i);
    const path = `/api/users/${String(created.body['userId'])}`;
    const login = await logIn(wanted.email, wanted.password);
    const changed = await asAdmin('PATCH', path, {
      memberships: [{ tenantId: 'river-ortho', role: 'viewer' }],
    });
    expect(changed.body['memberships']).toEqual([{ tenantId: 'river-ortho', role: 'viewer' }]);
    expect(failureOf(await me(login.body['token']))).toBe('Unauthenticated');
    expect((await asAdmin('GET', path)).body).toEqual(changed.body);
    expect((await asAdmin('GET', '/api/users')).body['users']).toContainEqual(changed.body);
    await asAdmin('PATCH', path, { password: 'Invented-Password-3' });
    const audit = await asAdmin('GET', '/api/audit/installation?limit=3');
    expect(audit.body['entries']).toMatchObject([
      { action: 'user.update', actorUserId: admin.userId, detail: { password: 'changed' } },
      { action: 'user.update', target: created.body['userId'] },
      { action: 'user.create', detail: { role: 'operator' } },
    ]);
    expect(audit.text).not.toContain('Invented-Password');
  });

  it.each([
    ['an e-mail that is none', { email: 'nobody' }, 'email'],
    ['a role that is none', { role: 'owner' }, 'role'],
    ['a practice that is none', { memberships: [{ tenantId: 'nowhere', role: 'viewer' }] }, 'memberships'],
    [
      'a practice twice',
      {
        memberships: [
          { tenantId: 'river-ortho', role: 'viewer' },
          { tenantId: 'river-ortho', role: 'admin' },
        ],
      },
      'memberships',
    ],
    ['a field that is none', { admin: true }, '(body)'],
  ])('cannot give a user %s', async (_case, change, path) => {
    const answer = await asAdmin('POST', '/api/users', { ...invented(), ...change });
    expect([answer.status, failureOf(answer)]).toEqual([422, 'ValidationFailed']);
    expect(answer.body['errors']).toMatchObject([{ path }]);
  });

  it('cannot use an e-mail twice, nor change a user that is none', async () => {
    const twice = await asAdmin('POST', '/api/users', { ...invented(), email: admin.email });
    expect([twice.status, failureOf(twice)]).toEqual([409, 'Conflict']);
    const nobody = await asAdmin('PATCH', `/api/users/${crypto.randomUUID()}`, { active: false });
    expect([nobody.status, failureOf(nobody)]).toEqual([404, 'RecordNotFound']);
  });

  it('cannot remove the last one of them', async () => {
    const alone = await apiScene();
    try {
      const { userId, token } = await alone.user('admin');
      const tries = [
        await alone.call('DELETE', `/api/users/${userId}`, { token }),
        await alone.call('PATCH', `/api/users/${userId}`, { token, body: { role: 'viewer' } }),
        await alone.call('PATCH', `/api/users/${userId}`, { token, body: { active: false } }),
      ];
      expect(tries.map(failureOf)).toEqual(['Conflict', 'Conflict', 'Conflict']);
      expect((await alone.call('GET', '/api/auth/me', { token })).status).toBe(200);
    } finally {
      await alone.close();
    }
  });
});

describe('the tenant of a request', () => {
  const tenantOf = (token: string, tenant: string | null, headers = {}): Promise<ApiAnswer> =>
    scene.call('GET', '/api/tenant', { token, tenant, headers });

  it('is the only membership, the one that the header names, and never a guess', async () => {
    const one = await scene.user('viewer', [{ tenantId: 'bright-smiles', role: 'viewer' }]);
    expect((await tenantOf(one.token, null)).body).toMatchObject({ slug: 'bright-smiles' });
    const two = await scene.user('viewer', [
      { tenantId: 'bright-smiles', role: 'viewer' },
      { tenantId: 'river-ortho', role: 'viewer' },
    ]);
    expect((await tenantOf(two.token, 'river-ortho')).body).toMatchObject({ slug: 'river-ortho' });
    for (const { token } of [two, await scene.user('operator'), admin]) {
      expect(failureOf(await tenantOf(token, null))).toBe('TenantForbidden');
    }
  });

  it('has one environment, and a third word is refused', async () => {
    const odd = await tenantOf(admin.token, 'bright-smiles', { 'x-environment': 'staging' });
    expect([odd.status, odd.body['errors']]).toMatchObject([422, [{ path: 'X-Environment' }]]);
  });

  it('shows no GUID of the practice system', async () => {
    expect((await tenantOf(admin.token, 'bright-smiles')).text).not.toMatch(/guid/i);
  });
});
