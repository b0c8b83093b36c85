import { randomBytes } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDatabaseServer, type DatabaseServer } from '../test/kit/database-server.js';
import { systemClock } from './clock.js';
import { loadConfig } from './config/config.js';
import { createCredentialResolver, seedCredentials } from './credentials.js';
import { sealContext } from './sealed-credential.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { migrate } from './database/migrate.js';
import { createLangfuseKeyring } from './langfuse-keys.js';
import { parseMasterKeys } from './secrets/parse-master-keys.js';
import { createSealer, type Sealer } from './secrets/sealer.js';
import { createStore, type Store } from './store/store.js';
import { loadTenants } from './tenants/load-tenants.js';

const newSealer = (): Sealer => createSealer(parseMasterKeys(`k:${randomBytes(32).toString('base64')}`)!);

const tenants = await loadTenants('tenants');
const environment = {
  CLOUD9_SANDBOX_ENDPOINT: 'http://127.0.0.1:3901/',
  CLOUD9_SANDBOX_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
  CLOUD9_SANDBOX_USERNAME: 'sim-user',
  CLOUD9_SANDBOX_PASSWORD: 'sim-pass',
  ANTHROPIC_API_KEY: 'sk-invented',
};

let server: DatabaseServer;
let database: Database;
let store: Store;
let sealer: Sealer;
beforeEach(async () => {
  server = await startDatabaseServer('sqlite');
  database = await openDatabase(await server.fresh());
  await migrate(database);
  store = createStore(database, systemClock);
  sealer = newSealer();
});
afterEach(async () => {
  await database.close();
  await server.stop();
});

const seed = (change: NodeJS.ProcessEnv = {}): Promise<void> =>
  seedCredentials(loadConfig({ ...environment, ...change }), tenants, store, sealer);
const resolver = () => createCredentialResolver({ store, sealer });

describe('credentials from the environment', () => {
  it('are resolved for the environment that they name, and sealed in the store', async () => {
    await seed({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:3902' });
    const cloud9 = await resolver().resolve('bright-smiles', 'sandbox', 'cloud9');
    expect(cloud9).toMatchObject({ endpoint: 'http://127.0.0.1:3901/', userName: 'sim-user', version: 1 });
    expect(cloud9.password.reveal()).toBe('sim-pass');
    const anthropic = await resolver().resolve('river-ortho', 'production', 'anthropic');
    expect(anthropic.baseUrl).toBe('http://127.0.0.1:3902');
    expect(anthropic.apiKey.reveal()).toBe('sk-invented');
    const row = await store.credentials.get('bright-smiles', 'sandbox', 'cloud9');
    expect(JSON.stringify(row)).not.toMatch(/sim-/);
  });

  it('never stand in for another environment, and go to one practice only', async () => {
    await seed();
    for (const [tenantId, world] of [
      ['bright-smiles', 'production'],
      ['river-ortho', 'sandbox'],
      ['nobody', 'sandbox'],
    ] as const) {
      const failure: unknown = await resolver()
        .resolve(tenantId, world, 'cloud9')
        .catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type: 'IntegrationNotConfigured', nonRetryable: true });
    }
  });

  it('follow the environment at the next start, and keep their version when nothing changed', async () => {
    await seed();
    await seed();
    expect(await resolver().resolve('bright-smiles', 'sandbox', 'cloud9')).toMatchObject({ version: 1 });
    await seed({ CLOUD9_SANDBOX_ENDPOINT: 'http://127.0.0.1:4901/' });
    expect(await resolver().resolve('bright-smiles', 'sandbox', 'cloud9')).toMatchObject({
      endpoint: 'http://127.0.0.1:4901/',
      version: 2,
    });
  });

  it('never replace what an administrator set', async () => {
    const context = sealContext('bright-smiles', 'sandbox', 'anthropic');
    const own = sealer.seal(JSON.stringify({ apiKey: 'sk-of-the-practice', baseUrl: null }), context);
    await store.credentials.put({
      tenantId: 'bright-smiles',
      environment: 'sandbox',
      integration: 'anthropic',
      ...own,
    });
    await seed();
    const resolved = await resolver().resolve('bright-smiles', 'sandbox', 'anthropic');
    expect(resolved.apiKey.reveal()).toBe('sk-of-the-practice');
  });

  it('are set anew when their key is lost', async () => {
    await seed();
    sealer = newSealer();
    await seed();
    const resolved = await resolver().resolve('bright-smiles', 'sandbox', 'cloud9');
    expect(resolved.password.reveal()).toBe('sim-pass');
  });
});

describe('a stored credential that cannot be used', () => {
  const resolve = (): Promise<unknown> =>
    resolver()
      .resolve('bright-smiles', 'sandbox', 'cloud9')
      .catch((error: unknown) => error);

  it('fails for good, in our own words and without a cause', async () => {
    await seed();
    sealer = newSealer();
    const failure = await resolve();
    expect(failure).toMatchObject({ type: 'IntegrationNotConfigured', nonRetryable: true });
    expect((failure as Error).cause).toBeUndefined();
  });

  it('fails when it was copied from another practice', async () => {
    await seed();
    const row = (await store.credentials.get('bright-smiles', 'sandbox', 'cloud9'))!;
    await store.credentials.put({ ...row, tenantId: 'river-ortho' });
    await expect(resolver().resolve('river-ortho', 'sandbox', 'cloud9')).rejects.toMatchObject({
      type: 'IntegrationNotConfigured',
    });
  });

  it('fails without telling a value when its shape is wrong', async () => {
    const context = sealContext('bright-smiles', 'sandbox', 'cloud9');
    const { sealed, keyId } = sealer.seal(JSON.stringify({ password: 'sim-pass' }), context);
    await store.credentials.put({
      tenantId: 'bright-smiles',
      environment: 'sandbox',
      integration: 'cloud9',
      sealed,
      keyId,
    });
    const failure = await resolve();
    expect(failure).toMatchObject({ type: 'IntegrationNotConfigured' });
    expect(String(failure)).not.toContain('sim-pass');
  });
});

it('keys of a Langfuse configuration are null where none are set, and never because the store failed', async () => {
  const keyring = createLangfuseKeyring({ store, sealer });
  const owner = { tenantId: 'bright-smiles', environment: 'sandbox', configId: 'c' } as const;
  expect(await keyring.find(owner)).toBeNull();
  await keyring.set(owner, { publicKey: 'pk', secretKey: 'sk' });
  expect(await keyring.find(owner)).toMatchObject({ publicKey: 'pk' });
  await database.kysely.schema.dropTable('credentials').execute();
  await expect(keyring.find(owner)).rejects.toThrow(/credentials/);
});
