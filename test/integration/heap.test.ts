import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDataConverter, failureConverterPath } from '../../platform/temporal/data-converter.js';
import { bookingConversationType, sendMessage } from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import { inRepository } from '../kit/child.js';
import { held, heldBytes, type holder } from '../kit/heap/holder.js';
import { heapPerCachedWorkflow } from '../kit/heap/measure.js';
import { recordedHistoriesKeys } from '../kit/recorded-histories.js';
import { startTemporalServer, type TemporalServer } from '../kit/temporal-server.js';

const turns = 3;
/** Measured 233 KiB (2026-11-26). Each workflow has its own instance of every module of the bundle, which is most of it. */
const limitBytes = 320 * 1_024;
const tenantId = 'bright-smiles';

let folder: string;
let server: TemporalServer;
let connection: Connection;
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-heap-'));
  server = await startTemporalServer(folder);
  connection = await Connection.connect({ address: server.address });
  client = new Client({ connection, dataConverter: createDataConverter(recordedHistoriesKeys) });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A conversation of a few turns that waits for its caller. */
async function converse(): Promise<void> {
  const conversationId = randomUUID();
  const workflowId = conversationWorkflowId(tenantId, conversationId);
  for (let turn = 1; turn <= turns; turn++) {
    const message = { messageId: randomUUID(), text: `Message ${turn} of a caller who is only curious` };
    await client.workflow.executeUpdateWithStart(sendMessage, {
      args: [message],
      updateId: message.messageId,
      startWorkflowOperation: new WithStartWorkflowOperation(bookingConversationType, {
        workflowId,
        taskQueue,
        args: [
          { tenantId, environment: 'sandbox', conversationId, channel: 'chat', language: 'en', isTest: true },
        ],
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
  }
}

it('keeps a cached conversation under 320 KiB of heap', async () => {
  const heap = await heapPerCachedWorkflow({
    address: server.address,
    bundlePath: inRepository('dist/worker/bundle/workflow-bundle.cjs'),
    begin: converse,
  });
  expect(heap.bytes).toBeGreaterThan(0);
  expect(heap.bytes).toBeLessThan(limitBytes);
});

it('measures what a workflow holds', async () => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: inRepository('test/kit/heap/holder.ts'),
    failureConverterPath,
    logger: new DefaultLogger('WARN'),
  });
  const bundlePath = join(folder, 'holder.cjs');
  await writeFile(bundlePath, code);
  const heap = await heapPerCachedWorkflow({
    address: server.address,
    bundlePath,
    begin: () =>
      client.workflow.executeUpdateWithStart(held, {
        startWorkflowOperation: new WithStartWorkflowOperation<typeof holder>('holder', {
          workflowId: `holder/${randomUUID()}`,
          taskQueue,
          workflowIdConflictPolicy: 'FAIL',
        }),
      }),
  });
  expect(heap.workflowThreadBytes).toBeGreaterThan(heldBytes);
  expect(heap.workflowThreadBytes).toBeLessThan(heldBytes * 1.1);
});
