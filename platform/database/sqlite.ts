import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import {
  CompiledQuery,
  Kysely,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type SqliteDialectConfig,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Database, DatabaseOptions } from './database.js';
import { reportQueries } from './query-report.js';
import type { Schema } from './schema.js';

/** How long a process waits for another one's write. Writes take milliseconds; the rest is a machine under load. */
const busyTimeoutMs = 10_000;
const longestPauseMs = 20;

/** Takes the write lock at the start: a deferred transaction that turns from reading to writing fails with SQLITE_BUSY instead of waiting. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#config);
  }
}

/** SQLite in WAL mode: several processes read while one writes. */
export async function openSqlite(
  options: Pick<DatabaseOptions, 'databasePath' | 'onQuery'>,
): Promise<Database> {
  mkdirSync(dirname(options.databasePath), { recursive: true });
  const file = new BetterSqlite3(options.databasePath, { timeout: busyTimeoutMs });
  try {
    await useWal(file);
  } catch (error) {
    file.close();
    throw error;
  }
  // An intent that was acknowledged must survive a power cut: with NORMAL the last commits may be lost in WAL mode.
  file.pragma('synchronous = FULL');
  file.pragma('foreign_keys = ON');
  const kysely = new Kysely<Schema>({
    dialect: new ImmediateSqliteDialect({ database: rememberingStatements(file) }),
    log: (event) => reportQueries(event, options.onQuery),
  });
  return {
    dialect: 'sqlite',
    kysely,
    transaction: (work) => kysely.transaction().execute(work),
    underMigrationLock: (work) => kysely.transaction().execute(work),
    close: () => kysely.destroy(),
  };
}

/** Our repositories have some 150 statements; texts that vary with their input push older ones out. */
const rememberedStatements = 500;

/** Kysely prepares a statement each time it runs one. A prepared one is used again; SQLite itself follows a changed schema. */
function rememberingStatements(file: BetterSqlite3.Database): SqliteDatabase {
  const prepared = new LRUCache<string, BetterSqlite3.Statement>({ max: rememberedStatements });
  return {
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = file.prepare(sql);
      prepared.set(sql, statement);
      return statement;
    },
    close: () => void file.close(),
  };
}

/**
 * Switches a new file to WAL. Of processes that open it at the same time all but one are refused at once, busy timeout or not: SQLite
 * sees a deadlock in two readers that both want to be the writer. They try again and find it done.
 */
async function useWal(file: BetterSqlite3.Database): Promise<void> {
  const deadlineMs = Date.now() + busyTimeoutMs;
  for (;;) {
    try {
      file.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      const busy = error instanceof BetterSqlite3.SqliteError && error.code.startsWith('SQLITE_BUSY');
      if (!busy || Date.now() > deadlineMs) throw error;
      await sleep(Math.random() * longestPauseMs);
    }
  }
}
