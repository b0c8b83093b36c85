import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

export type WritePurpose = 'deploy' | 'restore';

/** One write to one instance: what it turns into what. Recorded before it is sent. */
export interface FlowIntent {
  readonly tenantId: string;
  readonly deploymentId: string;
  readonly intentId: string;
  readonly targetId: string;
  readonly instance: string;
  readonly purpose: WritePurpose;
  readonly baseRev: string;
  readonly expectedRev: string;
  readonly flowsHash: string;
}

type IntentState = 'sent' | 'saved' | 'conflict' | 'rejected';

/** What an instance was last proven to run. */
export interface Deployed {
  readonly tenantId: string;
  readonly targetId: string;
  readonly instance: string;
  /** Names the source across its versions; an instance may hold several. */
  readonly sourceKey: string;
  readonly deploymentId: string;
  readonly rev: string;
  readonly flowsHash: string;
  /** Ids that belong to the deployments of this target and not to other people. */
  readonly owned: readonly string[];
  readonly backupId: string | null;
}

export interface CredentialBinding {
  readonly nodeId: string;
  readonly field: string;
  readonly secretName: string;
  readonly secretVersion: number;
}

/** Writes to Node-RED as we know them: meant, and proven. */
export interface FlowWrites {
  /** Idempotent by id. */
  intend(intent: FlowIntent): Promise<void>;
  settle(tenantId: string, deploymentId: string, intentId: string, state: IntentState): Promise<void>;
  /** Counts that the instance died when it was sent, and gives the number. */
  countDeath(tenantId: string, deploymentId: string, intentId: string): Promise<number>;
  /** Of one instance in one deployment, oldest first. */
  intents(tenantId: string, deploymentId: string, instance: string): Promise<readonly FlowIntent[]>;
  /** Of one instance, the latest first. */
  deployed(tenantId: string, targetId: string, instance: string): Promise<readonly Deployed[]>;
  /** Replaces what was known, together with the secrets that stand in its credentials. */
  commit(deployed: Deployed, bindings: readonly CredentialBinding[]): Promise<void>;
  bindings(tenantId: string, targetId: string): Promise<readonly CredentialBinding[]>;
}

export function createFlowWrites(database: Database, clock: Clock): FlowWrites {
  const { kysely } = database;
  return {
    intend: async (intent) => {
      await kysely
        .insertInto('flow_intents')
        .values({
          tenant_id: intent.tenantId,
          deployment_id: intent.deploymentId,
          intent_id: intent.intentId,
          target_id: intent.targetId,
          instance: intent.instance,
          purpose: intent.purpose,
          base_rev: intent.baseRev,
          expected_rev: intent.expectedRev,
          flows_hash: intent.flowsHash,
          state: 'sent',
          deaths: 0,
          created_at_ms: clock.nowMs(),
          settled_at_ms: null,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'deployment_id', 'intent_id']).doNothing())
        .execute();
    },
    settle: async (tenantId, deploymentId, intentId, state) => {
      await kysely
        .updateTable('flow_intents')
        .set({ state, settled_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .where('intent_id', '=', intentId)
        .execute();
    },
    countDeath: async (tenantId, deploymentId, intentId) => {
      const { deaths } = await kysely
        .updateTable('flow_intents')
        .set((set) => ({ deaths: set('deaths', '+', 1) }))
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .where('intent_id', '=', intentId)
        .returning('deaths')
        .executeTakeFirstOrThrow();
      return deaths;
    },
    intents: async (tenantId, deploymentId, instance) => {
      const rows = await kysely
        .selectFrom('flow_intents')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('deployment_id', '=', deploymentId)
        .where('instance', '=', instance)
        .orderBy('created_at_ms')
        .orderBy('intent_id')
        .execute();
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        deploymentId: row.deployment_id,
        intentId: row.intent_id,
        targetId: row.target_id,
        instance: row.instance,
        purpose: row.purpose as WritePurpose,
        baseRev: row.base_rev,
        expectedRev: row.expected_rev,
        flowsHash: row.flows_hash,
      }));
    },
    deployed: async (tenantId, targetId, instance) => {
      const rows = await kysely
        .selectFrom('flow_deployed')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('target_id', '=', targetId)
        .where('instance', '=', instance)
        .orderBy('deployed_at_ms', 'desc')
        .execute();
      return rows.map((row) => ({
        tenantId,
        targetId,
        instance,
        sourceKey: row.source_key,
        deploymentId: row.deployment_id,
        rev: row.rev,
        flowsHash: row.flows_hash,
        owned: JSON.parse(row.owned_json) as string[],
        backupId: row.backup_id,
      }));
    },
    commit: async (
      { tenantId, targetId, instance, sourceKey, deploymentId, rev, flowsHash, owned, backupId },
      bindings,
    ) => {
      const now = clock.nowMs();
      const content = {
        deployment_id: deploymentId,
        rev,
        flows_hash: flowsHash,
        owned_json: JSON.stringify(owned),
        backup_id: backupId,
        deployed_at_ms: now,
      };
      await database.transaction(async (trx) => {
        await trx
          .insertInto('flow_deployed')
          .values({ tenant_id: tenantId, target_id: targetId, instance, source_key: sourceKey, ...content })
          .onConflict((conflict) =>
            conflict.columns(['tenant_id', 'target_id', 'instance', 'source_key']).doUpdateSet(content),
          )
          .execute();
        for (const { nodeId, field, secretName, secretVersion } of bindings) {
          const value = { secret_name: secretName, secret_version: secretVersion, updated_at_ms: now };
          await trx
            .insertInto('flow_credential_bindings')
            .values({ tenant_id: tenantId, target_id: targetId, node_id: nodeId, field, ...value })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'target_id', 'node_id', 'field']).doUpdateSet(value),
            )
            .execute();
        }
      });
    },
    bindings: async (tenantId, targetId) => {
      const rows = await kysely
        .selectFrom('flow_credential_bindings')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('target_id', '=', targetId)
        .orderBy('node_id')
        .orderBy('field')
        .execute();
      return rows.map((row) => ({
        nodeId: row.node_id,
        field: row.field,
        secretName: row.secret_name,
        secretVersion: row.secret_version,
      }));
    },
  };
}
