import { getHeapStatistics } from 'node:v8';
import { BroadcastChannel, threadId } from 'node:worker_threads';

/**
 * Loaded into every thread of a process (`node --expose-gc --import`): each tells its own live heap, after a full collection, when it is
 * asked. Workflows live in a worker thread, and on Node 20 the main thread has no way to see the heap of another. Plain JavaScript: a
 * loader of TypeScript does not reach the threads.
 */
export const heapChannel = 'chairside-thread-heaps';

const channel = new BroadcastChannel(heapChannel);
channel.onmessage = ({ data }) => {
  if (data !== 'measure') return;
  globalThis.gc();
  channel.postMessage({ threadId, usedBytes: getHeapStatistics().used_heap_size });
};
// Being asked is no reason to live on.
channel.unref();
