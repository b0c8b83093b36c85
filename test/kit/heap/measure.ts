import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inRepository } from '../child.js';
import { recordedHistoriesKey } from '../stack.js';

export interface ThreadHeap {
  /** 0 is the main thread. */
  readonly threadId: number;
  /** Live after a full collection. */
  readonly usedBytes: number;
}

/** Growth of the worker's heaps, divided by the workflows that were added to its cache. */
export interface HeapPerWorkflow {
  /** All threads: what one more cached workflow costs the process. */
  readonly bytes: number;
  /** The part of it in the thread that runs the workflows. */
  readonly workflowThreadBytes: number;
}

/** The first ones pay for compiled code and caches that all share. */
const before = 20;
const after = 70;
const atOnce = 10;

/**
 * Lets the production worker cache workflows and measures what one costs. `begin` starts the workflow of this number and resolves when
 * it rests. Counts live bytes after a full collection, so neither load nor timing moves the result.
 */
export async function heapPerCachedWorkflow(options: {
  readonly address: string;
  readonly bundlePath: string;
  readonly begin: (number: number) => Promise<unknown>;
}): Promise<HeapPerWorkflow> {
  const worker = fork(inRepository('test/kit/heap/worker.ts'), [options.address, options.bundlePath], {
    execArgv: ['--expose-gc', '--import', 'tsx', '--import', inRepository('test/kit/heap/thread-heaps.mjs')],
    env: { ...process.env, MASTER_KEY: recordedHistoriesKey },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    await answer(worker);
    await begin(options.begin, 0, before);
    const small = await heapsOf(worker);
    await begin(options.begin, before, after);
    const large = await heapsOf(worker);
    const growth = (one: (heaps: readonly ThreadHeap[]) => number): number =>
      Math.round((one(large) - one(small)) / (after - before));
    return {
      bytes: growth((heaps) => heaps.reduce((total, { usedBytes }) => total + usedBytes, 0)),
      workflowThreadBytes: growth((heaps) => heaps.find(({ threadId }) => threadId !== 0)?.usedBytes ?? 0),
    };
  } finally {
    worker.kill('SIGKILL');
  }
}

async function begin(one: (number: number) => Promise<unknown>, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, to - first) }, (_, index) => one(first + index)));
  }
}

/** A first collection lets finalizers run whose garbage the second one finds. */
async function heapsOf(worker: ChildProcess): Promise<readonly ThreadHeap[]> {
  let heaps: unknown;
  for (let round = 0; round < 2; round++) {
    worker.send('measure');
    heaps = await answer(worker);
  }
  return heaps as readonly ThreadHeap[];
}

async function answer(worker: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  try {
    return await Promise.race([
      once(worker, 'message', { signal: ended.signal }).then(([message]) => message as unknown),
      once(worker, 'exit', { signal: ended.signal }).then(() => {
        throw new Error('The worker whose heap is measured has ended.');
      }),
    ]);
  } finally {
    ended.abort();
  }
}
