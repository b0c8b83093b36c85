import { createHmac, hkdfSync } from 'node:crypto';
import type { MasterKeys } from './master-keys.js';

/** Names under which personal data may be compared without being kept. */
export interface Pseudonyms {
  /**
   * The same for one number of one practice however it is written (`(555) 555-0100`, `555.555.0100`), different for another practice:
   * `<key id>.<HMAC-SHA256>`. After a change of the master key the same number gets another one; the key id tells them apart.
   */
  ofPhoneNumber(tenantId: string, phoneNumber: string): string;
}

/**
 * Keyed, because there are only ten billion telephone numbers: whoever reads a plain hash of one finds the number by trying them all
 * within a minute. The key is derived from the master key, so that it is used for nothing else and is not in the store.
 */
export function createPseudonyms({ current }: MasterKeys): Pseudonyms {
  const key = Buffer.from(hkdfSync('sha256', current.key, '', 'chairside/pseudonym/phone-number', 32));
  return {
    ofPhoneNumber: (tenantId, phoneNumber) => {
      const digits = phoneNumber.replace(/\D/g, '');
      return `${current.id}.${createHmac('sha256', key).update(`${tenantId}\n${digits}`).digest('hex')}`;
    },
  };
}
