import type { Database, DatabaseOptions } from './database.js';
import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/** Opens the store's database. The file's folder is created. Throws a readable error when PostgreSQL cannot be reached. */
export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.databaseUrl === null ? openSqlite(options) : openPostgres(options.databaseUrl, options);
