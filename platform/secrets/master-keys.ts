import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { parseMasterKeys, type MasterKeys } from './parse-master-keys.js';

export type { MasterKeys } from './parse-master-keys.js';

/** The configured keys; in the sandbox profile a generated one that is kept in the data folder, readable by its owner only. */
export async function loadOrCreateMasterKeys(
  config: Pick<Config, 'profile' | 'masterKey' | 'dataDir'>,
): Promise<MasterKeys> {
  if (!config.masterKey && config.profile === 'production')
    throw new ConfigError(['MASTER_KEY is required in production']);
  const text =
    config.masterKey?.reveal() ??
    (await keptSecret(config.dataDir, 'master-key', () => `sandbox:${randomBytes(32).toString('base64')}`));
  const keys = parseMasterKeys(text);
  // The environment's own text was checked when the configuration was read; what is left is a damaged file.
  if (!keys) {
    throw new ConfigError([
      `${join(config.dataDir, 'master-key')} is damaged: it must hold \`id:\` and 32 bytes in base64. ` +
        'What it sealed opens with the original only.',
    ]);
  }
  return keys;
}

/** The secret that signs login tokens, kept like the master key. */
export async function loadOrCreateJwtSecret(
  config: Pick<Config, 'profile' | 'jwtSecret' | 'dataDir'>,
): Promise<string> {
  if (config.jwtSecret) return config.jwtSecret.reveal();
  if (config.profile === 'production') throw new ConfigError(['JWT_SECRET is required in production']);
  return keptSecret(config.dataDir, 'jwt-secret', () => randomBytes(48).toString('base64url'));
}

/** Creates the file once: of several processes that start together one wins and all read the same. */
async function keptSecret(folder: string, name: string, generate: () => string): Promise<string> {
  const path = join(folder, name);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await mkdir(folder, { recursive: true });
  await writeFile(draft, `${generate()}\n`, { flag: 'wx', mode: 0o600 });
  try {
    // Linked when complete: a file created in place can be read by another process before its text is there.
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return (await readFile(path, 'utf8')).trim();
}
