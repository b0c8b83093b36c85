import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { PromptBundle } from '../prompts/prompt-bundle.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export interface RegisteredBundle {
  readonly hash: string;
  readonly bundle: PromptBundle;
  /** User id, or `system` when a process of ours found the files changed. */
  readonly registeredBy: string;
  readonly createdAtMs: number;
}

/** Prompt bundles by content hash: immutable, never deleted, since running conversations and old messages name them. */
export interface PromptBundles {
  /** Content-addressed, so the same hash again changes nothing; true when it was new. */
  put(tenantId: string, hash: string, bundle: PromptBundle, registeredBy: string): Promise<boolean>;
  get(tenantId: string, hash: string): Promise<RegisteredBundle | undefined>;
  /** Newest first. */
  list(tenantId: string, page: PageRequest): Promise<Page<RegisteredBundle>>;
}

export const createPromptBundles = ({ kysely }: Database, clock: Clock): PromptBundles => ({
  put: async (tenantId, hash, bundle, registeredBy) => {
    const inserted = await kysely
      .insertInto('prompt_bundles')
      .values({
        tenant_id: tenantId,
        hash,
        bundle_json: JSON.stringify(bundle),
        registered_by: registeredBy,
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'hash']).doNothing())
      .returning('hash')
      .executeTakeFirst();
    return inserted !== undefined;
  },
  get: async (tenantId, hash) => {
    const row = await kysely
      .selectFrom('prompt_bundles')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && fromRow(row);
  },
  list: async (tenantId, page) => {
    const after = decodeCursor(page.cursor);
    let query = kysely.selectFrom('prompt_bundles').selectAll().where('tenant_id', '=', tenantId);
    if (after) query = query.where(behind(after, 'created_at_ms', 'hash'));
    const rows = await query
      .orderBy('created_at_ms', 'desc')
      .orderBy('hash', 'desc')
      .limit(page.limit + 1)
      .execute();
    return pageOf(rows.map(fromRow), page.limit, ({ createdAtMs, hash }) => ({
      atMs: createdAtMs,
      id: hash,
    }));
  },
});

const fromRow = (row: {
  readonly hash: string;
  readonly bundle_json: string;
  readonly registered_by: string;
  readonly created_at_ms: number;
}): RegisteredBundle => ({
  hash: row.hash,
  // Only `put` writes it, and it takes this type.
  bundle: JSON.parse(row.bundle_json) as PromptBundle,
  registeredBy: row.registered_by,
  createdAtMs: row.created_at_ms,
});
