import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiScene, failureOf, type ApiScene } from '../test/kit/api-scene.js';
import { changedPractices } from '../test/kit/changed-practices.js';

const tenant = 'river-ortho';
let folder: string;
let scene: ApiScene;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-tenants-'));
  const marked = (practice: object): object => ({ ...practice, holdsHealthData: true });
  scene = await apiScene({ TENANTS_DIR: await changedPractices(folder, { [tenant]: marked }) });
  token = (await scene.user('admin')).token;
});
afterAll(async () => {
  await scene.close();
  await rm(folder, { recursive: true, force: true });
});

it.each(['personal', 'none'])(
  'texts of a practice that holds health data do not leave with mask %s',
  async (mask) => {
    const body = {
      name: 'own',
      host: 'https://langfuse.example.invalid',
      publicKey: 'pk-invented',
      secretKey: 'sk-invented',
      submit: { enabled: true, mask },
    };
    const refused = await scene.call('POST', '/api/langfuse-configs', { token, tenant, body });
    expect(refused.status).toBe(422);
    expect(failureOf(refused)).toBe('ValidationFailed');
    expect(refused.body['errors']).toMatchObject([{ path: 'submit.mask' }]);
  },
);

it('a mask is not loosened afterwards, either', async () => {
  const configId = 'config-1';
  await scene.services.store.langfuseConfigs.create(
    { tenantId: tenant, environment: 'sandbox', configId },
    {
      name: configId,
      host: 'https://langfuse.example.invalid',
      projectId: null,
      plan: 'selfHosted',
      readApi: 'auto',
      active: true,
      isDefault: false,
      everyMs: 900_000,
      settleMs: 0,
      overlapMs: 0,
      importFromMs: 0,
      submit: { enabled: true, mask: 'all' },
    },
  );
  const body = { submit: { enabled: true, mask: 'personal' } };
  const refused = await scene.call('PATCH', `/api/langfuse-configs/${configId}`, { token, tenant, body });
  expect(refused.status).toBe(422);
  expect((await scene.services.store.langfuseConfigs.get(tenant, configId))?.submit.mask).toBe('all');
});
