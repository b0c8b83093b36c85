import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../config/config-error.js';
import { Secret } from '../config/secret.js';
import { loadOrCreateJwtSecret, loadOrCreateMasterKeys } from './master-keys.js';
import { parseMasterKeys } from './parse-master-keys.js';

const key = (): string => randomBytes(32).toString('base64');

let folder: string;
let dataDir: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-keys-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true }));

const sandbox = () => ({ profile: 'sandbox', masterKey: null, jwtSecret: null, dataDir }) as const;

describe('parseMasterKeys', () => {
  it('seals with the first key and keeps all', () => {
    const [first, second] = [key(), key()];
    const keys = parseMasterKeys(`new:${first}, old:${second}`);
    expect(keys?.current).toEqual({ id: 'new', key: Buffer.from(first, 'base64') });
    expect(keys?.byId.get('old')).toEqual(Buffer.from(second, 'base64'));
    expect([...(keys?.byId.keys() ?? [])]).toEqual(['new', 'old']);
  });

  it.each([
    ['nothing', ''],
    ['no id', key()],
    ['an id with a dot, which the sealed format cannot hold', `a.b:${key()}`],
    ['a short key', `k:${randomBytes(16).toString('base64')}`],
    ['an empty part', `k:${key()},`],
    ['one id twice', `k:${key()},k:${key()}`],
  ])('refuses %s', (_what, text) => {
    expect(parseMasterKeys(text)).toBeNull();
  });
});

describe('in the sandbox', () => {
  it('a master key is generated once, and only its owner can read it', async () => {
    const first = await loadOrCreateMasterKeys(sandbox());
    const again = await loadOrCreateMasterKeys(sandbox());
    expect(again.current).toEqual(first.current);
    expect((await stat(join(dataDir, 'master-key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(['master-key']);
  });

  it('processes that start together get the same secrets', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateMasterKeys(sandbox())));
    expect(new Set(keys.map(({ current }) => current.key.toString('hex'))).size).toBe(1);
    const secrets = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateJwtSecret(sandbox())));
    expect(new Set(secrets).size).toBe(1);
    expect(secrets[0]?.length).toBeGreaterThanOrEqual(32);
    expect((await readdir(dataDir)).sort()).toEqual(['jwt-secret', 'master-key']);
  });

  it('a damaged key file stops the start with a sentence, and is not replaced', async () => {
    await loadOrCreateMasterKeys(sandbox());
    await writeFile(join(dataDir, 'master-key'), 'damaged');
    await expect(loadOrCreateMasterKeys(sandbox())).rejects.toThrow(/master-key is damaged/);
    expect(await readFile(join(dataDir, 'master-key'), 'utf8')).toBe('damaged');
  });
});

it('what the environment gives is used, and nothing is written', async () => {
  const given = { ...sandbox(), masterKey: new Secret(`given:${key()}`), jwtSecret: new Secret('given') };
  expect((await loadOrCreateMasterKeys(given)).current.id).toBe('given');
  expect(await loadOrCreateJwtSecret(given)).toBe('given');
  expect(await readdir(folder)).toEqual([]);
});

it('production never generates a secret', async () => {
  const production = { ...sandbox(), profile: 'production' } as const;
  await expect(loadOrCreateMasterKeys(production)).rejects.toThrow(ConfigError);
  await expect(loadOrCreateJwtSecret(production)).rejects.toThrow(ConfigError);
  expect(await readdir(folder)).toEqual([]);
});
