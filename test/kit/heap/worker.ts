import { NativeConnection } from '@temporalio/worker';
import { BroadcastChannel } from 'node:worker_threads';
import type { Activities } from '../../../activities/index.js';
import { practiceFactsOf } from '../../../domain/agent/practice-facts.js';
import { parseMasterKeys } from '../../../platform/secrets/parse-master-keys.js';
import { loadTenants } from '../../../platform/tenants/load-tenants.js';
import { createChatWorker } from '../../../worker/chat-worker.js';
import { inRepository } from '../child.js';
import type { ThreadHeap } from './measure.js';
import { heapChannel } from './thread-heaps.mjs';

/**
 * The production worker in a process of its own, with activities that answer at once. Arguments: address of the server, path of the
 * workflow bundle. Every message of the parent is answered with the heaps of all threads.
 */
const [address = '', codePath = ''] = process.argv.slice(2);
const masterKeys = parseMasterKeys(process.env['MASTER_KEY'] ?? '');
if (!masterKeys) throw new Error('MASTER_KEY is missing.');
const tenants = await loadTenants(inRepository('tenants'));

/** The two activities of a plain turn. Any other is unknown to this worker, so a test that needs one fails. */
const instant = {
  openConversation: async ({ tenantId }: { readonly tenantId: string }) => {
    const tenant = tenants.get(tenantId);
    if (!tenant) throw new Error(`No practice ${tenantId}.`);
    return { promptBundle: 'f'.repeat(64), practice: practiceFactsOf(tenant, 300) };
  },
  modelStep: async ({ stepId }: { readonly stepId: string }) => ({
    kind: 'final',
    entryId: `${stepId}.model`,
    answer: { claims: [], needs_human: false, language: 'en', say: 'How can I help you?' },
    costPicoUsd: 1_000_000,
    weightedTokens: 1_000,
    model: 'invented-model',
  }),
};

const worker = await createChatWorker({
  connection: await NativeConnection.connect({ address }),
  namespace: 'default',
  masterKeys,
  activities: instant as unknown as Activities,
  workflowBundle: { codePath },
});

/** The main thread, and the one thread in which workflows share a context. */
const threads = 2;
const channel = new BroadcastChannel(heapChannel);
let heaps: ThreadHeap[] = [];
channel.onmessage = (event) => {
  heaps.push((event as { readonly data: ThreadHeap }).data);
  if (heaps.length < threads) return;
  process.send?.(heaps);
  heaps = [];
};
process.on('message', () => channel.postMessage('measure'));
process.send?.('ready');
await worker.run();
