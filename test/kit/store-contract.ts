import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Database, DatabaseOptions } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { dialects, startDatabaseServer, type DatabaseServer } from './database-server.js';

/** A migrated store of one dialect. Tests share it, so each takes a tenant of its own. */
export interface StoreScene {
  readonly options: DatabaseOptions;
  readonly database: Database;
  readonly store: Store;
  /** The clock of `store`; tests move it. */
  readonly clock: { now: number };
  tenant(): string;
}

/** Runs the same cases on SQLite and on PostgreSQL. */
export function storeContract(name: string, define: (scene: () => StoreScene) => void): void {
  describe.each(dialects)(`${name}, %s`, (dialect) => {
    let server: DatabaseServer;
    let scene: StoreScene;
    beforeAll(async () => {
      server = await startDatabaseServer(dialect);
      const options = await server.fresh();
      const database = await openDatabase(options);
      await migrate(database);
      const clock = { now: Date.parse('2030-03-04T15:00:00Z') };
      scene = {
        options,
        database,
        clock,
        store: createStore(database, { nowMs: () => clock.now }),
        tenant: () => `practice-${randomUUID()}`,
      };
    });
    afterAll(async () => {
      await scene.database.close();
      await server.stop();
    });
    define(() => scene);
  });
}
