import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config.js';

export interface MasterKey {
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** Keys of the credential store and of histories. The first one seals, all of them open. */
export interface MasterKeys {
  readonly current: MasterKey;
  readonly byId: ReadonlyMap<string, Buffer>;
}

/**
 * Parses `id:base64,id2:base64`. Throws ConfigError: a key that cannot be used must stop the start, not the first booking.
 */
export function parseMasterKeys(text: string): MasterKeys {
  const keys = text.split(',').map((part): MasterKey => {
    const [id = '', encoded = ''] = part.trim().split(':');
    const key = Buffer.from(encoded, 'base64');
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || key.length !== 32) {
      throw new ConfigError([
        'MASTER_KEY must be `id:` and 32 bytes in base64; several are separated by commas',
      ]);
    }
    return { id, key };
  });
  const [current] = keys;
  if (!current) throw new ConfigError(['MASTER_KEY is empty']);
  return { current, byId: new Map(keys.map(({ id, key }) => [id, key])) };
}

/** The configured keys; in the sandbox profile a generated one that is kept in the data folder, readable by its owner only. */
export async function loadOrCreateMasterKeys(
  config: Pick<Config, 'profile' | 'masterKey' | 'dataDir'>,
): Promise<MasterKeys> {
  if (config.masterKey) return parseMasterKeys(config.masterKey.reveal());
  if (config.profile === 'production') throw new ConfigError(['MASTER_KEY is required in production']);
  return parseMasterKeys(
    await keptSecret(config.dataDir, 'master-key', () => `sandbox:${randomBytes(32).toString('base64')}`),
  );
}

/** The secret that signs login tokens, kept like the master key. */
export async function loadOrCreateJwtSecret(
  config: Pick<Config, 'profile' | 'jwtSecret' | 'dataDir'>,
): Promise<string> {
  if (config.jwtSecret) return config.jwtSecret.reveal();
  if (config.profile === 'production') throw new ConfigError(['JWT_SECRET is required in production']);
  return keptSecret(config.dataDir, 'jwt-secret', () => randomBytes(48).toString('base64url'));
}

/** Creates the file once: of several processes that start together one writes and all read the same. */
async function keptSecret(folder: string, name: string, generate: () => string): Promise<string> {
  const path = join(folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${generate()}\n`, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return (await readFile(path, 'utf8')).trim();
}
