import { setImmediate as tick } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../../activities/index.js';
import { loadConfig } from '../../platform/config/config.js';
import { openServices } from '../../platform/services.js';
import { activityDeps } from '../../worker/activity-deps.js';
import { createChatWorker } from '../../worker/chat-worker.js';

/**
 * The product's worker as a process of its own (`--expose-gc`, TEMPORAL_DEBUG=1) that answers every message with its heap after a
 * collection. In debug mode the SDK runs workflows in the main thread, so their heap is this process's.
 */
const config = loadConfig(process.env);
const services = await openServices(config, 'worker');
const connection = await NativeConnection.connect({ address: config.temporal.address });
const worker = await createChatWorker({
  connection,
  namespace: config.temporal.namespace,
  masterKeys: services.masterKeys,
  activities: createActivities(activityDeps(services)),
  workflowBundle: { codePath: 'dist/worker/bundle/workflow-bundle.cjs' },
});

process.on('message', () => void report());
process.send?.('ready');
await worker.run();

async function report(): Promise<void> {
  // Finalisers of the first collection free what the second one finds.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await tick();
  }
  process.send?.({ heapUsedBytes: process.memoryUsage().heapUsed });
}
