import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Sealer } from '../secrets/sealer.js';
import { NotFound } from './errors.js';

/**
 * Flows, plans and facts of instances by the SHA-256 of their JSON text. They travel through workflows as this hash. Compressed and sealed
 * under the tenant: a row copied to another one does not open.
 */
export interface FlowDocuments {
  /** Keeps a JSON value and returns its hash; the same value again changes nothing. */
  put(tenantId: string, value: unknown): Promise<string>;
  /** Throws NotFound, or an Error when the text is no longer the one that was put. */
  get(tenantId: string, hash: string): Promise<unknown>;
}

export function createFlowDocuments(
  { kysely }: Pick<Database, 'kysely'>,
  clock: Clock,
  sealer: Sealer,
): FlowDocuments {
  const context = (tenantId: string, hash: string): string => `${tenantId}/flows/${hash}`;
  return {
    put: async (tenantId, value) => {
      const text = JSON.stringify(value);
      const hash = hashOf(text);
      const known = await kysely
        .selectFrom('flow_documents')
        .select('hash')
        .where('tenant_id', '=', tenantId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (known) return hash;
      const packed = gzipSync(text, { level: 3 }).toString('base64');
      const { sealed, keyId } = sealer.seal(packed, context(tenantId, hash));
      await kysely
        .insertInto('flow_documents')
        .values({
          tenant_id: tenantId,
          hash,
          sealed,
          key_id: keyId,
          bytes: Buffer.byteLength(text),
          created_at_ms: clock.nowMs(),
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'hash']).doNothing())
        .execute();
      return hash;
    },
    get: async (tenantId, hash) => {
      const row = await kysely
        .selectFrom('flow_documents')
        .select('sealed')
        .where('tenant_id', '=', tenantId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      if (!row) throw new NotFound('There is no such document.');
      const packed = sealer.open(row.sealed, context(tenantId, hash));
      const text = gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
      if (hashOf(text) !== hash) throw new Error('A stored document is not what its hash says.');
      return JSON.parse(text) as unknown;
    },
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
