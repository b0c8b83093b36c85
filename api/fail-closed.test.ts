import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiScene, failureOf, inactiveTenant, type ApiScene } from '../test/kit/api-scene.js';
import { routes } from './routes/index.js';

let scene: ApiScene;
beforeAll(async () => {
  scene = await apiScene();
});
afterAll(() => scene.close());

const unused = '00000000-0000-4000-8000-000000000000';
const filled = (path: string, slug: string): string =>
  path.replace('{slug}', slug).replace(/\{\w+\}/g, unused);
const guarded = routes.filter(({ access }) => access !== 'public');
const ofTenant = guarded.filter(({ access }) => access === 'tenant');
const named = (list: typeof routes) =>
  list.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

it('only these routes answer without a token', () => {
  const open = routes.filter(({ access }) => access === 'public').map(({ path }) => path);
  expect(open.sort()).toEqual(['/', '/api/auth/login', '/health/live', '/health/ready']);
});

// A new route is in the list by being served, so none can forget its guard.
describe.each(named(guarded))('%s', (_name, { method, path }) => {
  it.each([
    ['without a token', null],
    ['with a made-up token', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4IiwidmVyIjoxfQ.invented'],
  ])('answers 401 %s', async (_case, token) => {
    const answer = await scene.call(method, filled(path, 'bright-smiles'), {
      token,
      tenant: 'bright-smiles',
    });
    expect([answer.status, failureOf(answer)]).toEqual([401, 'Unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe.each(named(ofTenant))('%s', (_name, { method, path }) => {
  it('answers 403, with the same words, for a foreign and for an unknown tenant', async () => {
    const { token } = await scene.user('viewer', [{ tenantId: 'bright-smiles', role: 'admin' }]);
    const [foreign, unknown] = await Promise.all(
      ['river-ortho', 'no-such-practice'].map((tenant) =>
        scene.call(method, filled(path, tenant), { token, tenant }),
      ),
    );
    expect([foreign!.status, failureOf(foreign!)]).toEqual([403, 'TenantForbidden']);
    const { type, title, status } = foreign!.body;
    const instance = filled(path, 'no-such-practice');
    const correlationId = expect.any(String) as unknown;
    expect(unknown!.body).toEqual({ type, title, status, instance, correlationId });
  });

  it('answers 403 for a tenant that is switched off, to members and administrators', async () => {
    const member = await scene.user('operator', [{ tenantId: inactiveTenant, role: 'admin' }]);
    const admin = await scene.user('admin');
    for (const { token } of [member, admin]) {
      const answer = await scene.call(method, filled(path, inactiveTenant), {
        token,
        tenant: inactiveTenant,
      });
      expect([answer.status, failureOf(answer)]).toEqual([403, 'TenantInactive']);
    }
  });
});

describe.each(named(ofTenant.filter(({ role }) => role !== 'viewer')))(
  '%s',
  (_name, { method, path, role }) => {
    it('answers 403 to a member of a lesser role', async () => {
      const lesser = role === 'admin' ? 'operator' : 'viewer';
      const { token } = await scene.user('viewer', [{ tenantId: 'bright-smiles', role: lesser }]);
      const answer = await scene.call(method, filled(path, 'bright-smiles'), { token });
      expect([answer.status, failureOf(answer)]).toEqual([403, 'Forbidden']);
    });
  },
);

describe.each(named(guarded.filter(({ access }) => access === 'admin')))('%s', (_name, { method, path }) => {
  it('answers 403 to everybody but administrators of the installation', async () => {
    const { token } = await scene.user('operator', [{ tenantId: 'bright-smiles', role: 'admin' }]);
    const answer = await scene.call(method, filled(path, 'bright-smiles'), { token });
    expect([answer.status, failureOf(answer)]).toEqual([403, 'Forbidden']);
  });
});
