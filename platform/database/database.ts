import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** One executed statement, without its parameters: those may hold personal data. */
export interface ExecutedQuery {
  readonly sql: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

export interface DatabaseOptions {
  readonly databasePath: string;
  /** `postgres://…` selects PostgreSQL, null SQLite at `databasePath`. */
  readonly databaseUrl: string | null;
  readonly onQuery?: (query: ExecutedQuery) => void;
}

export interface Database {
  readonly dialect: 'sqlite' | 'postgres';
  readonly kysely: Kysely<Schema>;
  /**
   * Runs `work` in one write transaction. On SQLite it takes the write lock at once, so that two processes wait for each other instead of
   * failing in the middle; on PostgreSQL it is serializable and repeated when the server says that it lost a race.
   */
  transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>;
  /** Runs `work` while no other process migrates. */
  underMigrationLock<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
