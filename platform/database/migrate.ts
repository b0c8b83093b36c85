import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from './database.js';
import type { Migration } from './migration.js';
import { spine } from './migrations/0001-spine.js';
import { promptBundles } from './migrations/0002-prompt-bundles.js';
import { practiceData } from './migrations/0003-practice-data.js';
import { waitlist } from './migrations/0004-waitlist.js';
import { langfuseConfigs } from './migrations/0005-langfuse-configs.js';
import { importedTraces } from './migrations/0006-imported-traces.js';
import { traceImports } from './migrations/0007-trace-imports.js';
import { sessions } from './migrations/0008-sessions.js';
import { alerts } from './migrations/0009-alerts.js';
import { nodeRed } from './migrations/0010-node-red.js';
import { ownTraces } from './migrations/0011-own-traces.js';
import { transcriptSearch } from './migrations/0012-transcript-search.js';
import { modelPrices } from './migrations/0013-model-prices.js';
import { observationIds } from './migrations/0014-observation-ids.js';

const migrations: readonly Migration[] = [
  spine,
  promptBundles,
  practiceData,
  waitlist,
  langfuseConfigs,
  importedTraces,
  traceImports,
  sessions,
  alerts,
  nodeRed,
  ownTraces,
  transcriptSearch,
  modelPrices,
  observationIds,
];

/**
 * Brings the store up to date and returns the names of what was applied now. Several processes may call it at once: the first one works
 * under a lock, the others find it done. Throws when an applied migration no longer has the text that was applied.
 */
export const migrate = (database: Database): Promise<readonly string[]> =>
  applyMigrations(database, migrations);

/** The same for a given list; a seam for the tests of the mechanism itself. */
export function applyMigrations(database: Database, list: readonly Migration[]): Promise<readonly string[]> {
  const sqlite = database.dialect === 'sqlite';
  const render = (statement: string): string =>
    statement.replaceAll('$int', sqlite ? 'integer' : 'bigint') +
    (sqlite && statement.startsWith('create table') ? ' strict' : '');
  const textOf = (statement: Migration['statements'][number]): string =>
    typeof statement === 'string' ? statement : statement[database.dialect];

  return database.underMigrationLock(async (trx) => {
    await sql
      .raw(
        render(
          `create table if not exists schema_migrations (
            tenant_id text not null, name text not null, checksum text not null, applied_at_ms $int not null,
            primary key (tenant_id, name))`,
        ),
      )
      .execute(trx);
    const { rows } = await sql<{
      name: string;
      checksum: string;
    }>`select name, checksum from schema_migrations`.execute(trx);
    const known = new Map(rows.map((row) => [row.name, row.checksum]));
    const applied: string[] = [];
    for (const migration of list) {
      const checksum = createHash('sha256').update(migration.statements.map(textOf).join(';')).digest('hex');
      const before = known.get(migration.name);
      if (before === checksum) continue;
      if (before !== undefined) {
        throw new Error(
          `Migration ${migration.name} was applied with another text. Restore its file; add a new migration instead.`,
        );
      }
      for (const statement of migration.statements) await sql.raw(render(textOf(statement))).execute(trx);
      await sql`insert into schema_migrations (tenant_id, name, checksum, applied_at_ms)
        values ('_platform', ${migration.name}, ${checksum}, ${Date.now()})`.execute(trx);
      applied.push(migration.name);
    }
    return applied;
  });
}
