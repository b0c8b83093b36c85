import type { Environment, Integration } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

/** Whose credentials: an integration of the practice, or one Node-RED target and the secrets that its flows use, one Langfuse project, the receiver of alerts. */
export type CredentialOwner =
  Integration | `node-red/${string}` | `flow-secrets/${string}` | `langfuse/${string}` | 'alert-receiver';

export interface CredentialRow {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly integration: CredentialOwner;
  /** Sealed text; see platform/secrets/sealer.ts. */
  readonly sealed: string;
  readonly keyId: string;
  /** Grows with each change: part of cache keys. */
  readonly version: number;
  /** What the environment gave may be replaced by it; what an administrator set may not. */
  readonly source: 'environment' | 'administrator';
  readonly updatedAtMs: number;
}

type NewCredential = Omit<CredentialRow, 'version' | 'source' | 'updatedAtMs'>;

export interface Credentials {
  /** Sets what an administrator gave and returns the new version. */
  put(row: NewCredential): Promise<number>;
  /** Sets what the environment gave, unless an administrator's stands there. */
  seed(row: NewCredential): Promise<void>;
  get(
    tenantId: string,
    environment: Environment,
    integration: CredentialOwner,
  ): Promise<CredentialRow | undefined>;
  /** Forgets it; there may be none. */
  remove(tenantId: string, environment: Environment, integration: CredentialOwner): Promise<void>;
}

export function createCredentials(database: Database, clock: Clock): Credentials {
  const set = (
    { tenantId, environment, integration, sealed, keyId }: NewCredential,
    source: CredentialRow['source'],
  ): Promise<number> =>
    database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('credentials')
        .select(['version', 'source'])
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('integration', '=', integration)
        .executeTakeFirst();
      if (before?.source === 'administrator' && source === 'environment') return before.version;
      const change = {
        sealed,
        key_id: keyId,
        version: (before?.version ?? 0) + 1,
        source,
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
    });

  return {
    put: (row) => set(row, 'administrator'),
    seed: async (row) => {
      await set(row, 'environment');
    },
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
          source: row.source as CredentialRow['source'],
          updatedAtMs: row.updated_at_ms,
        }
      );
    },
    remove: async (tenantId, environment, integration) => {
      await database.kysely
        .deleteFrom('credentials')
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('integration', '=', integration)
        .execute();
    },
  };
}
