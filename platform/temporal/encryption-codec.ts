import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { MasterKeys } from '../secrets/master-keys.js';

const encoding = 'binary/encrypted';
const keyIdField = 'encryption-key-id';
const ivBytes = 12;
const tagBytes = 16;
const PayloadProto = proto.temporal.api.common.v1.Payload;

/** Thrown when a payload was sealed with a key that this process does not hold; the message names the key id only. */
class UnknownPayloadKey extends Error {
  override readonly name = 'UnknownPayloadKey';
}

/**
 * Encrypts every payload of every history with AES-256-GCM under the current master key, in development too (DESIGN rule 3). The key id
 * travels in the payload's metadata, so older histories stay readable after a rotation. Payloads that are not ours pass through decoding.
 */
export function createEncryptionCodec(keys: MasterKeys): PayloadCodec {
  const encrypt = (payload: Payload): Payload => {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', keys.current.key, iv);
    const sealed = Buffer.concat([cipher.update(PayloadProto.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { encoding: Buffer.from(encoding), [keyIdField]: Buffer.from(keys.current.id) },
      data: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
    };
  };

  const decrypt = (payload: Payload): Payload => {
    const metadata = payload.metadata ?? {};
    if (!payload.data || Buffer.from(metadata['encoding'] ?? []).toString() !== encoding) return payload;
    const keyId = Buffer.from(metadata[keyIdField] ?? []).toString();
    const key = keys.byId.get(keyId);
    if (!key)
      throw new UnknownPayloadKey(
        `No master key with id "${keyId}". Add it to MASTER_KEY after the current one.`,
      );
    const data = Buffer.from(payload.data);
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, ivBytes));
    decipher.setAuthTag(data.subarray(ivBytes, ivBytes + tagBytes));
    const clear = Buffer.concat([decipher.update(data.subarray(ivBytes + tagBytes)), decipher.final()]);
    const decoded = PayloadProto.decode(clear);
    return { metadata: decoded.metadata, data: decoded.data };
  };

  return {
    encode: (payloads) => Promise.resolve(payloads.map(encrypt)),
    decode: (payloads) => Promise.resolve(payloads.map(decrypt)),
  };
}
