import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { DatabaseOptions } from '../../platform/database/database.js';
import type { Store } from '../../platform/store/store.js';

export interface RivalCall {
  readonly id: string;
  readonly repository: keyof Store | 'migrations';
  readonly method: string;
  readonly args: readonly unknown[];
}

export interface RivalAnswer {
  readonly id: string;
  readonly value?: unknown;
  readonly error?: string;
}

/** Processes with a store of their own on one database: what competes in production. */
export interface Rivals {
  /** One call of the store in every process at the same time. Rejects when one of them fails. */
  race<Value>(call: (store: Store, rival: number) => Promise<Value>): Promise<Value[]>;
  /** All open and migrate another database at the same time; what each of them applied. */
  migrate(options: DatabaseOptions): Promise<string[][]>;
  stop(): Promise<void>;
}

const program = fileURLToPath(new URL('store-rival.ts', import.meta.url));

/** Starts the processes at the same time and resolves when all have opened the database. */
export async function startRivals(options: DatabaseOptions, count: number): Promise<Rivals> {
  const children = Array.from({ length: count }, () =>
    fork(program, [JSON.stringify(options)], {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
    }),
  );
  const answers = children.map((child) => collect(child));
  await Promise.all(answers.map((answer) => answer('ready')));

  let calls = 0;
  const all = (order: (rival: number) => Omit<RivalCall, 'id'>): Promise<unknown[]> => {
    calls += 1;
    const id = String(calls);
    const waiting = answers.map((answer) => answer(id));
    children.forEach((child, rival) => {
      child.send({ id, ...order(rival) } satisfies RivalCall);
    });
    return Promise.all(waiting);
  };
  return {
    race: <Value>(call: (store: Store, rival: number) => Promise<Value>) =>
      all((rival) => recorded((store) => void call(store, rival))) as Promise<Value[]>,
    migrate: (other) =>
      all(() => ({ repository: 'migrations', method: '', args: [other] })) as Promise<string[][]>,
    stop: async () => {
      await Promise.all(
        children.map(async (child) => {
          if (child.exitCode !== null) return;
          const gone = once(child, 'exit');
          child.disconnect();
          await gone;
        }),
      );
    },
  };
}

/** Waits for answers of one process by id. */
function collect(child: ChildProcess): (id: string) => Promise<unknown> {
  const waiting = new Map<string, { resolve(value: unknown): void; reject(error: Error): void }>();
  child.on('message', ({ id, value, error }: RivalAnswer) => {
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(value);
    else caller?.reject(new Error(error));
  });
  child.once('exit', (code) => {
    for (const caller of waiting.values())
      caller.reject(new Error(`A rival process ended with ${String(code)}.`));
  });
  return (id) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

/** What `use` calls on a store, instead of calling it. */
function recorded(use: (store: Store) => void): Omit<RivalCall, 'id'> {
  const calls: Omit<RivalCall, 'id'>[] = [];
  const methodsOf = (repository: keyof Store): object =>
    new Proxy(
      {},
      {
        get:
          (_, method: string) =>
          (...args: readonly unknown[]) => {
            calls.push({ repository, method, args });
            return Promise.resolve();
          },
      },
    );
  use(new Proxy({} as Store, { get: (_, repository: keyof Store) => methodsOf(repository) }));
  const [call, ...others] = calls;
  if (!call || others.length > 0) throw new Error('A race is one call of the store.');
  return call;
}
