import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { MasterKeys } from './master-keys.js';

/** Encrypts short texts at rest with AES-256-GCM: `v1.<key id>.<iv>.<tag and ciphertext>`, base64url. */
export interface Sealer {
  /** `context` (for example tenant, environment and integration) is bound to the text: it opens nowhere else. */
  seal(text: string, context: string): { readonly sealed: string; readonly keyId: string };
  /** Throws SealBroken when the key is unknown, the context differs or the text was changed. */
  open(sealed: string, context: string): string;
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

export const createSealer = ({ current, byId }: MasterKeys): Sealer => ({
  seal: (text, context) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', current.key, iv).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const sealed = [
      'v1',
      current.id,
      iv.toString('base64url'),
      Buffer.concat([cipher.getAuthTag(), body]).toString('base64url'),
    ];
    return { sealed: sealed.join('.'), keyId: current.id };
  },
  open: (sealed, context) => {
    const [version, keyId = '', iv = '', body = ''] = sealed.split('.');
    const key = byId.get(keyId);
    if (version !== 'v1' || !key) {
      throw new SealBroken(
        `A stored credential needs the master key "${keyId}". Add it to MASTER_KEY after the current one.`,
      );
    }
    const data = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(data.subarray(0, 16));
      return Buffer.concat([decipher.update(data.subarray(16)), decipher.final()]).toString('utf8');
    } catch {
      throw new SealBroken('A stored credential cannot be opened: it was changed, or it belongs elsewhere.');
    }
  },
});
