import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';

/** A data folder that belongs to this process until it is released, or until the process ends, however it ends. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the data folder for one stack. Two of them would write one Temporal file and one simulator state, even on different ports. The
 * lock is the operating system's own lock of a SQLite file, so that none stays behind after a crash. Throws a readable Error when another
 * process has it.
 */
export function lockDataFolder(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true });
  const file = new Database(join(dataDir, 'stack.lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_BUSY') throw error;
    throw new Error(
      `Another \`npm start\` uses the data folder ${resolve(dataDir)}. Stop it, or set DATA_DIR and DATABASE_PATH (and the ports) for a second one.`,
      { cause: error },
    );
  }
  return { release: () => file.close() };
}
