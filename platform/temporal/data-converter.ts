import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { MasterKeys } from '../secrets/master-keys.js';
import { createEncryptionCodec } from './encryption-codec.js';

/** Absolute path of the failure converter; the workflow bundle needs the same one as clients and workers. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** The one data converter of clients, workers and replay: JSON payloads and failure attributes, both encrypted. */
export const createDataConverter = (keys: MasterKeys): DataConverter => ({
  payloadCodecs: [createEncryptionCodec(keys)],
  failureConverterPath,
});
