import type { Selectable } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export type BackupReason = 'beforeDeploy' | 'schedule' | 'request';

export interface FlowBackup {
  readonly tenantId: string;
  readonly backupId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly instance: string;
  readonly rev: string;
  /** Document with the flows in stored order; no credentials are in it, an instance never gives them out. */
  readonly flowsHash: string;
  /** Document with what else a restore needs to know: which credentials are set, modules and versions. */
  readonly factsHash: string;
  readonly nodes: number;
  readonly reason: BackupReason;
  readonly actor: string;
  readonly deploymentId: string | null;
  /** When the stored text was read back and compared with the instance's revision. */
  readonly verifiedAtMs: number;
  readonly createdAtMs: number;
}

export interface FlowBackups {
  /** Idempotent by id; the first one stays. */
  add(backup: FlowBackup): Promise<void>;
  get(tenantId: string, environment: Environment, backupId: string): Promise<FlowBackup | undefined>;
  list(
    tenantId: string,
    environment: Environment,
    targetId: string,
    page: PageRequest,
  ): Promise<Page<FlowBackup>>;
  /** Of one instance, newest first. */
  ofInstance(tenantId: string, targetId: string, instance: string): Promise<readonly FlowBackup[]>;
  /** Removes backups and those of their documents that nothing else names. */
  remove(tenantId: string, backupIds: readonly string[]): Promise<void>;
}

export function createFlowBackups(database: Database): FlowBackups {
  const { kysely } = database;
  return {
    add: async (backup) => {
      await kysely
        .insertInto('flow_backups')
        .values({
          tenant_id: backup.tenantId,
          backup_id: backup.backupId,
          environment: backup.environment,
          target_id: backup.targetId,
          instance: backup.instance,
          rev: backup.rev,
          flows_hash: backup.flowsHash,
          facts_hash: backup.factsHash,
          nodes: backup.nodes,
          reason: backup.reason,
          actor: backup.actor,
          deployment_id: backup.deploymentId,
          verified_at_ms: backup.verifiedAtMs,
          created_at_ms: backup.createdAtMs,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'backup_id']).doNothing())
        .execute();
    },
    get: async (tenantId, environment, backupId) => {
      const row = await kysely
        .selectFrom('flow_backups')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('backup_id', '=', backupId)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (tenantId, environment, targetId, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('flow_backups')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('target_id', '=', targetId);
      if (after) query = query.where(behind(after, 'created_at_ms', 'backup_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('backup_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, (row) => ({ atMs: row.createdAtMs, id: row.backupId }));
    },
    ofInstance: async (tenantId, targetId, instance) => {
      const rows = await kysely
        .selectFrom('flow_backups')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('target_id', '=', targetId)
        .where('instance', '=', instance)
        .orderBy('created_at_ms', 'desc')
        .orderBy('backup_id', 'desc')
        .execute();
      return rows.map(fromRow);
    },
    remove: async (tenantId, backupIds) => {
      if (backupIds.length === 0) return;
      await database.transaction(async (trx) => {
        const gone = await trx
          .deleteFrom('flow_backups')
          .where('tenant_id', '=', tenantId)
          .where('backup_id', 'in', [...backupIds])
          .returning(['flows_hash', 'facts_hash'])
          .execute();
        const hashes = [...new Set(gone.flatMap((row) => [row.flows_hash, row.facts_hash]))];
        if (hashes.length === 0) return;
        await trx
          .deleteFrom('flow_documents')
          .where('tenant_id', '=', tenantId)
          .where('hash', 'in', hashes)
          // A document may be another backup's, an artefact, or what an instance was last proven to run.
          .where('hash', 'not in', (still) =>
            still.selectFrom('flow_backups').select('flows_hash').where('tenant_id', '=', tenantId),
          )
          .where('hash', 'not in', (still) =>
            still.selectFrom('flow_backups').select('facts_hash').where('tenant_id', '=', tenantId),
          )
          .where('hash', 'not in', (still) =>
            still.selectFrom('flow_artifacts').select('hash').where('tenant_id', '=', tenantId),
          )
          .where('hash', 'not in', (still) =>
            still.selectFrom('flow_deployed').select('flows_hash').where('tenant_id', '=', tenantId),
          )
          .where('hash', 'not in', (still) =>
            still.selectFrom('flow_intents').select('flows_hash').where('tenant_id', '=', tenantId),
          )
          .execute();
      });
    },
  };
}

const fromRow = (row: Selectable<Schema['flow_backups']>): FlowBackup => ({
  tenantId: row.tenant_id,
  backupId: row.backup_id,
  environment: row.environment as Environment,
  targetId: row.target_id,
  instance: row.instance,
  rev: row.rev,
  flowsHash: row.flows_hash,
  factsHash: row.facts_hash,
  nodes: row.nodes,
  reason: row.reason as BackupReason,
  actor: row.actor,
  deploymentId: row.deployment_id,
  verifiedAtMs: row.verified_at_ms,
  createdAtMs: row.created_at_ms,
});
