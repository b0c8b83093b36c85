import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects, startDatabaseServer, type DatabaseServer } from '../../test/kit/database-server.js';
import { startRivals } from '../../test/kit/store-rivals.js';
import type { Database } from './database.js';
import { openDatabase } from './open-database.js';
import { applyMigrations, migrate } from './migrate.js';
import type { Migration } from './migration.js';

const first: Migration = {
  name: '0001-sample',
  statements: [
    'create table samples (tenant_id text not null, count $int not null, primary key (tenant_id))',
  ],
};
const second: Migration = {
  name: '0002-more',
  statements: [
    'alter table samples add column note text',
    'create index samples_note on samples (tenant_id, note)',
  ],
};

describe.each(dialects)('migrations, %s', (dialect) => {
  let server: DatabaseServer;
  const opened: Database[] = [];
  beforeAll(async () => {
    server = await startDatabaseServer(dialect);
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await server.stop();
  });
  const fresh = async (): Promise<Database> => {
    const database = await openDatabase(await server.fresh());
    opened.push(database);
    return database;
  };

  it('are applied in order and once, and recorded with time and checksum', async () => {
    const database = await fresh();
    const before = Date.now();
    expect(await applyMigrations(database, [first])).toEqual(['0001-sample']);
    expect(await applyMigrations(database, [first, second])).toEqual(['0002-more']);
    expect(await applyMigrations(database, [first, second])).toEqual([]);
    const { rows } = await sql<{ tenant_id: string; name: string; checksum: string; applied_at_ms: number }>`
      select * from schema_migrations order by name`.execute(database.kysely);
    expect(rows.map(({ tenant_id, name }) => [tenant_id, name])).toEqual([
      ['_platform', '0001-sample'],
      ['_platform', '0002-more'],
    ]);
    for (const { checksum, applied_at_ms } of rows) {
      expect(checksum).toMatch(/^[0-9a-f]{64}$/);
      expect(applied_at_ms).toBeGreaterThanOrEqual(before);
      expect(applied_at_ms).toBeLessThanOrEqual(Date.now());
    }
  });

  it('refuse to go on when an applied one was edited', async () => {
    const database = await fresh();
    await applyMigrations(database, [first]);
    const edited = { ...first, statements: [...first.statements, 'drop table samples'] };
    await expect(applyMigrations(database, [edited, second])).rejects.toThrow(
      /0001-sample was applied with another text/,
    );
    await expect(sql`select count from samples`.execute(database.kysely)).resolves.toMatchObject({
      rows: [],
    });
  });

  it('leave nothing behind when one fails, and can be tried again', async () => {
    const database = await fresh();
    const broken = {
      name: '0002-broken',
      statements: [...second.statements, 'insert into nowhere values (1)'],
    };
    await expect(applyMigrations(database, [first, broken])).rejects.toThrow(/nowhere/);
    await expect(sql`select 1 from samples`.execute(database.kysely)).rejects.toThrow(/samples/);
    expect(await applyMigrations(database, [first, second])).toEqual(['0001-sample', '0002-more']);
  });

  it('run once when several processes start on an empty database at the same time', async () => {
    const rivals = await startRivals(await server.fresh(), 4);
    for (let round = 0; round < 5; round += 1) {
      const applied = await rivals.migrate(await server.fresh());
      expect(applied.flat().sort()).toEqual([...new Set(applied.flat())].sort());
      expect(applied.flat()).toContain('0001-spine');
    }
    await rivals.stop();
  });

  it('put the tenant first in the key of every table', async () => {
    const database = await fresh();
    await migrate(database);
    // SQLite's full-text index has no columns of its own: whoever reads it comes over transcript_turns.
    const tables = (await database.kysely.introspection.getTables()).filter(
      ({ name }) => !name.startsWith('transcript_words'),
    );
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables)
      expect([name, await firstKeyColumn(database, name)]).toEqual([name, 'tenant_id']);
  });
});

async function firstKeyColumn(database: Database, table: string): Promise<string | undefined> {
  const query =
    database.dialect === 'sqlite'
      ? sql<{ name: string }>`select name from pragma_table_info(${table}) where pk = 1`
      : sql<{ name: string }>`
          select a.attname as name from pg_index i
          join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
          where i.indrelid = ${table}::regclass and i.indisprimary`;
  return (await query.execute(database.kysely)).rows[0]?.name;
}
