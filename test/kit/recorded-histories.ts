import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type proto from '@temporalio/proto';
import { createEncryptionCodec } from '../../platform/temporal/encryption-codec.js';
import { parseMasterKeys, type MasterKeys } from '../../platform/secrets/parse-master-keys.js';
import { recordedHistoriesKey } from './stack.js';

type History = proto.temporal.api.history.v1.IHistory;
export type WorkflowType =
  | 'alertRule'
  | 'bookingConversation'
  | 'bookVisits'
  | 'nodeRedTarget'
  | 'orderedTraceImport'
  | 'traceImport'
  | 'traceSubmission';

const folder = 'test/histories';

/** The key that the corpus is sealed with. */
export const recordedHistoriesKeys = readKeys();
const codec = createEncryptionCodec(recordedHistoriesKeys);

function readKeys(): MasterKeys {
  const keys = parseMasterKeys(recordedHistoriesKey);
  if (!keys) throw new Error('The key of the recorded histories is no key.');
  return keys;
}

/** A stored history: where it comes from, as it stands on disk, and as replay takes it. */
export interface RecordedHistory {
  readonly name: string;
  readonly json: string;
  readonly history: History;
  readonly workflowId: string;
}

/**
 * Hands a run of a workflow over to the replay corpus. Without `npm run record-histories` it reads the run and keeps nothing, so that a
 * branch that no longer exists is missed by the suite itself.
 */
export async function keepHistory(
  client: Client,
  workflow: WorkflowType,
  branch: string,
  execution: { readonly workflowId: string; readonly runId?: string },
): Promise<void> {
  const history = await client.workflow.getHandle(execution.workflowId, execution.runId).fetchHistory();
  const ran = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;
  if (ran !== workflow) throw new Error(`${branch} is a run of ${String(ran)}, not of ${workflow}.`);
  if (process.env['RECORD_HISTORIES'] !== '1') return;
  await mkdir(join(folder, workflow), { recursive: true });
  await writeFile(
    join(folder, workflow, `${branch}.json`),
    `${JSON.stringify(JSON.parse(historyToJSON(history)))}\n`,
  );
}

/** The whole corpus of one workflow, sorted by name. */
export async function recordedHistories(workflow: WorkflowType): Promise<readonly RecordedHistory[]> {
  const names = (await readdir(join(folder, workflow))).sort();
  return Promise.all(
    names.map(async (file) => {
      const json = await readFile(join(folder, workflow, file), 'utf8');
      const history = historyFromJSON(JSON.parse(json));
      const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
      if (!workflowId) throw new Error(`${file} does not name its workflow.`);
      return { name: file.replace(/\.json$/, ''), json, history, workflowId };
    }),
  );
}

/** Everything that the payloads of a history hold, decrypted. Throws when one of them was stored in the clear. */
export async function decryptedTexts(history: History): Promise<string> {
  const sealed = payloadsIn(history).filter((payload) => encodingOf(payload) === 'binary/encrypted');
  const clear = await codec.decode(sealed);
  return clear.map((payload) => Buffer.from(payload.data ?? []).toString()).join('\n');
}

/** Encodings of all payloads of a history that are not encrypted, with what they hold. */
export const unencryptedTexts = (history: History): readonly string[] =>
  payloadsIn(history)
    .filter((payload) => encodingOf(payload) !== 'binary/encrypted')
    .map((payload) => Buffer.from(payload.data ?? []).toString());

const encodingOf = (payload: Payload): string => Buffer.from(payload.metadata?.['encoding'] ?? []).toString();

function payloadsIn(value: unknown): Payload[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { metadata, data } = value as { metadata?: Record<string, unknown> | null; data?: unknown };
  if (metadata && 'encoding' in metadata && data instanceof Uint8Array) return [value];
  return Object.values(value).flatMap(payloadsIn);
}
