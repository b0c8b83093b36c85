import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

/** Prompt bundles by content hash, and the one that new conversations of a tenant and environment get. */
export interface PromptBundles {
  /** Content-addressed, so the same hash again changes nothing. */
  put(tenantId: string, hash: string, bundle: unknown): Promise<void>;
  get(tenantId: string, hash: string): Promise<unknown>;
  activate(tenantId: string, environment: Environment, hash: string, actor: string): Promise<void>;
  active(
    tenantId: string,
    environment: Environment,
  ): Promise<{ readonly hash: string; readonly actor: string } | undefined>;
}

export const createPromptBundles = ({ kysely }: Database, clock: Clock): PromptBundles => ({
  put: async (tenantId, hash, bundle) => {
    await kysely
      .insertInto('prompt_bundles')
      .values({
        tenant_id: tenantId,
        hash,
        bundle_json: JSON.stringify(bundle),
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'hash']).doNothing())
      .execute();
  },
  get: async (tenantId, hash) => {
    const row = await kysely
      .selectFrom('prompt_bundles')
      .select('bundle_json')
      .where('tenant_id', '=', tenantId)
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row && (JSON.parse(row.bundle_json) as unknown);
  },
  activate: async (tenantId, environment, hash, actor) => {
    const pointer = { hash, actor, updated_at_ms: clock.nowMs() };
    await kysely
      .insertInto('prompt_pointers')
      .values({ tenant_id: tenantId, environment, ...pointer })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'environment']).doUpdateSet(pointer))
      .execute();
  },
  active: (tenantId, environment) =>
    kysely
      .selectFrom('prompt_pointers')
      .select(['hash', 'actor'])
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .executeTakeFirst(),
});
