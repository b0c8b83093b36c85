import { systemClock } from '../../platform/clock.js';
import type { DatabaseOptions } from '../../platform/database/database.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore } from '../../platform/store/store.js';
import type { RivalAnswer, RivalCall } from './store-rivals.js';

/** The other side of store-rivals.ts: one process with a store of its own that does what it is told. */
const options = JSON.parse(process.argv[2] ?? '') as DatabaseOptions;
const database = await openDatabase(options);
const store = createStore(database, systemClock);

const run = async (call: RivalCall): Promise<unknown> => {
  if (call.repository === 'migrations') return migrated(call.args[0] as DatabaseOptions);
  const repository = store[call.repository] as unknown as Record<
    string,
    (...args: readonly unknown[]) => unknown
  >;
  return repository[call.method]?.(...call.args);
};

const migrated = async (other: DatabaseOptions): Promise<readonly string[]> => {
  const opened = await openDatabase(other);
  try {
    return await migrate(opened);
  } finally {
    await opened.close();
  }
};

process.on('message', (call: RivalCall) => {
  void run(call).then(
    (value) => answer({ id: call.id, value }),
    (error: unknown) => answer({ id: call.id, error: String(error) }),
  );
});
process.on('disconnect', () => void database.close());

const answer = (message: RivalAnswer): void => {
  process.send?.(message);
};
process.send?.({ id: 'ready' });
