import type { Environment, Integration } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

export interface CredentialRow {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly integration: Integration;
  /** Sealed text; see platform/secrets/sealer.ts. */
  readonly sealed: string;
  readonly keyId: string;
  /** Grows with each change: part of cache keys. */
  readonly version: number;
  readonly updatedAtMs: number;
}

export interface Credentials {
  /** Returns the new version. */
  put(row: Omit<CredentialRow, 'version' | 'updatedAtMs'>): Promise<number>;
  get(
    tenantId: string,
    environment: Environment,
    integration: Integration,
  ): Promise<CredentialRow | undefined>;
}

export const createCredentials = (database: Database, clock: Clock): Credentials => ({
  put: ({ tenantId, environment, integration, sealed, keyId }) =>
    database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('credentials')
        .select('version')
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('integration', '=', integration)
        .executeTakeFirst();
      const change = {
        sealed,
        key_id: keyId,
        version: (before?.version ?? 0) + 1,
        updated_at_ms: clock.nowMs(),
      };
      await trx
        .insertInto('credentials')
        .values({ tenant_id: tenantId, environment, integration, ...change })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'environment', 'integration']).doUpdateSet(change),
        )
        .execute();
      return change.version;
    }),
  get: async (tenantId, environment, integration) => {
    const row = await database.kysely
      .selectFrom('credentials')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('integration', '=', integration)
      .executeTakeFirst();
    return (
      row && {
        tenantId,
        environment,
        integration,
        sealed: row.sealed,
        keyId: row.key_id,
        version: row.version,
        updatedAtMs: row.updated_at_ms,
      }
    );
  },
});
