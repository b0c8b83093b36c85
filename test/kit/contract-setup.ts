import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startPostgresServer } from './postgres-server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One PostgreSQL for all contract tests; each of them has databases of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'chairside-postgres-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const password = randomUUID();
  try {
    const server = await startPostgresServer(folder, password, ['-c', 'fsync=off']);
    project.provide('postgresUrl', `postgres://postgres:${password}@127.0.0.1:${server.port}`);
    return async () => {
      await server.stop();
      await remove();
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
