import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseOptions } from '../../platform/database/database.js';

/** Gives out empty databases of one dialect. */
export interface DatabaseServer {
  /** Options that open a new, empty database; opened twice they are two connections to the same one, as two processes have. */
  fresh(): Promise<DatabaseOptions>;
  /** Removes the files of SQLite; PostgreSQL goes with the run of the tests. */
  stop(): Promise<void>;
}

export const dialects = ['sqlite', 'postgres'] as const;

/** Where databases of the dialect are made: a folder for SQLite, the server of `contract-setup.ts` for PostgreSQL. */
export async function startDatabaseServer(dialect: (typeof dialects)[number]): Promise<DatabaseServer> {
  if (dialect === 'postgres') return { fresh: freshPostgres, stop: () => Promise.resolve() };
  const folder = await mkdtemp(join(tmpdir(), 'chairside-database-'));
  return {
    fresh: () => Promise.resolve({ databasePath: join(folder, `${randomUUID()}.db`), databaseUrl: null }),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}

async function freshPostgres(): Promise<DatabaseOptions> {
  const serverUrl = inject('postgresUrl');
  const name = `store_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return { databasePath: '', databaseUrl: `${serverUrl}/${name}` };
}
