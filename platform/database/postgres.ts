import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, PostgresDialect, sql, type LogEvent, type Transaction } from 'kysely';
import pg from 'pg';
import type { Database, DatabaseOptions } from './database.js';
import { reportQueries } from './query-report.js';
import type { Schema } from './schema.js';

/** Any number, the same in every version of the product: PostgreSQL's advisory lock of our migrations. */
const migrationLock = 7_241_336;

/** SQLSTATE of a transaction that lost a race and may be tried again: serialization failure and deadlock. */
const lostRace = new Set(['40001', '40P01']);
/** With many rivals for one row each round lets one of them pass; tries cost a few milliseconds each. */
const mostTries = 50;
/** A pause of random length keeps the rivals of one round from meeting again in the next. */
const longestPauseMs = 20;
const connectTimeoutMs = 5_000;

/** Opens PostgreSQL and proves that it answers. int8 columns are read as numbers: all of ours are counts or milliseconds. */
export async function openPostgres(
  url: string,
  options: Pick<DatabaseOptions, 'onQuery'>,
): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    types: {
      getTypeParser: (id, format) =>
        id === pg.types.builtins.INT8 ? Number : (pg.types.getTypeParser(id, format) as unknown),
    },
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  const log = (event: LogEvent): void => reportQueries(event, options.onQuery);
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }), log });
  await sql`select 1`.execute(kysely).catch(async (error: unknown) => {
    await kysely.destroy();
    throw new Error('DATABASE_URL is set, but PostgreSQL does not answer there.', { cause: error });
  });

  const serializable = async <T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await kysely.transaction().setIsolationLevel('serializable').execute(work);
      } catch (error) {
        const code = (error as { readonly code?: unknown }).code;
        if (attempt >= mostTries || typeof code !== 'string' || !lostRace.has(code)) throw error;
        await sleep(Math.random() * Math.min(longestPauseMs, attempt * 2));
      }
    }
  };
  return {
    dialect: 'postgres',
    kysely,
    transaction: serializable,
    underMigrationLock: (work) =>
      kysely.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(${migrationLock})`.execute(trx);
        return work(trx);
      }),
    close: () => kysely.destroy(),
  };
}
