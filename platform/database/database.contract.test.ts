import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects, startDatabaseServer, type DatabaseServer } from '../../test/kit/database-server.js';
import { freePort } from '../../test/kit/child.js';
import type { Database, DatabaseOptions, ExecutedQuery } from './database.js';
import { openDatabase } from './open-database.js';
import { migrate } from './migrate.js';

describe.each(dialects)('a database, %s', (dialect) => {
  let server: DatabaseServer;
  let database: Database;
  let options: DatabaseOptions;
  const executed: ExecutedQuery[] = [];
  beforeAll(async () => {
    server = await startDatabaseServer(dialect);
    options = await server.fresh();
    database = await openDatabase({ ...options, onQuery: (query) => executed.push(query) });
    await migrate(database);
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  const attempt = (key: string) => ({
    tenant_id: 'practice',
    attempt_key: key,
    failures: 1,
    last_failure_at_ms: 1_893_456_000_000,
    locked_until_at_ms: 0,
  });

  it('reports each statement with its duration, and never its values', async () => {
    executed.length = 0;
    await database.kysely.insertInto('login_attempts').values(attempt('ann@example.invalid')).execute();
    await expect(
      database.kysely.insertInto('login_attempts').values(attempt('ann@example.invalid')).execute(),
    ).rejects.toThrow();
    expect(executed.map(({ failed }) => failed)).toEqual([false, true]);
    for (const { sql: text, durationMs } of executed) {
      expect(text).toMatch(/^insert into "login_attempts"/);
      expect(durationMs).toBeGreaterThanOrEqual(0);
    }
    expect(JSON.stringify(executed)).not.toContain('ann@');
  });

  it('reads times back as the numbers that were written', async () => {
    await database.kysely.insertInto('login_attempts').values(attempt('times')).execute();
    const row = await database.kysely
      .selectFrom('login_attempts')
      .selectAll()
      .where('attempt_key', '=', 'times')
      .executeTakeFirstOrThrow();
    expect(row).toEqual(attempt('times'));
  });

  it('gives a column that another process added meanwhile, also to a statement that ran before', async () => {
    const all = (): Promise<unknown[]> =>
      sql
        .raw('select * from grown')
        .execute(database.kysely)
        .then(({ rows }) => rows);
    await sql`create table grown (a integer not null)`.execute(database.kysely);
    await sql`insert into grown (a) values (1)`.execute(database.kysely);
    expect(await all()).toEqual([{ a: 1 }]);
    const other = await openDatabase(options);
    await sql`alter table grown add column b integer not null default 2`.execute(other.kysely);
    await other.close();
    expect(await all()).toEqual([{ a: 1, b: 2 }]);
  });

  it('undoes a transaction that throws, and goes on', async () => {
    await expect(
      database.transaction(async (trx) => {
        await trx.insertInto('login_attempts').values(attempt('undone')).execute();
        throw new Error('a sample fault');
      }),
    ).rejects.toThrow('a sample fault');
    const rows = await database.kysely
      .selectFrom('login_attempts')
      .selectAll()
      .where('attempt_key', '=', 'undone')
      .execute();
    expect(rows).toEqual([]);
  });

  it('refuses a value of another type than its column', async () => {
    const wrong = { ...attempt('wrong'), failures: 'many' as unknown as number };
    await expect(database.kysely.insertInto('login_attempts').values(wrong).execute()).rejects.toThrow();
  });
});

describe('SQLite', () => {
  it('is opened for several processes and for power cuts', async () => {
    const server = await startDatabaseServer('sqlite');
    const database = await openDatabase(await server.fresh());
    const pragma = async (name: string): Promise<unknown> => {
      const { rows } = await sql<object>`${sql.raw(`pragma ${name}`)}`.execute(database.kysely);
      return Object.values(rows[0] ?? {})[0];
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('busy_timeout')).toBeGreaterThanOrEqual(5_000);
    await migrate(database);
    const { rows } = await sql<{ name: string; strict: number }>`
      select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite_%'`.execute(
      database.kysely,
    );
    expect(rows.length).toBeGreaterThan(15);
    // The full-text index is made of tables that SQLite shapes itself.
    const ours = rows.filter(({ name }) => !name.startsWith('transcript_words'));
    expect(ours.filter(({ strict }) => strict !== 1)).toEqual([]);
    await database.close();
    await server.stop();
  });
});

describe('PostgreSQL that is away', () => {
  it('stops the start with a sentence, without the password', async () => {
    const databaseUrl = `postgres://sample:hidden-word@127.0.0.1:${await freePort()}/store`;
    const error: unknown = await openDatabase({ databasePath: '', databaseUrl }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).toBe('Error: DATABASE_URL is set, but PostgreSQL does not answer there.');
    expect(String(error)).not.toContain('hidden-word');
  });
});
