import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import type { BackupReason, FlowBackup } from '../../platform/store/flow-backups.js';
import type { InstanceFacts, NodeRedClient } from './client.js';
import type { AtInstance, AtTarget, NodeRedActivities } from './contract.js';
import { asActivity, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { readPresence, type Presence } from './presence.js';
import { stepped } from './steps.js';
import { requestOf } from './records.js';
import { isLoopback } from './loopback.js';

/** What a restore and a plan must know beside the flows. */
export interface BackupFacts extends InstanceFacts {
  readonly presence: Presence;
  /** Types that may be used: enabled and loaded without error. */
  readonly types: readonly string[];
  readonly modules: Readonly<Record<string, string>>;
}

/** Three reads tell a balancer over several instances, each of which holds its own flows in memory (node-red.md 1). */
const revisionReads = 3;

export const createBackupActivities = (
  deps: NodeRedDeps,
): Pick<NodeRedActivities, 'inspectInstance' | 'backUpInstance'> => ({
  inspectInstance: (input) =>
    asActivity(async (signal) => {
      const { client, instance } = await openInstance(deps, input, signal);
      const { request } = await requestOf(deps, input);
      return stepped(
        deps,
        input,
        { step: 'inspect', key: 'inspect' },
        async () => {
          const reasons: string[] = [];
          const authKind = await client.authKind();
          if (authKind === 'open' && input.environment === 'production' && !isLoopback(instance.url))
            reasons.push('Its admin API is open: everybody who reaches it may run code there.');
          const { state, flowEncryption } = await client.facts();
          if (state === 'stop') reasons.push('Its flows are stopped. Start them first.');
          // Any deploy leaves the safe mode, which is what a restore wants and nothing else (node-red.md 4.1).
          if (state === 'safe' && request.source.kind !== 'backup')
            reasons.push('It runs in safe mode. Restore a backup first.');
          if (flowEncryption === 'project' || flowEncryption === 'disabled')
            reasons.push(`Its credentials are kept in a way that is not supported (${flowEncryption}).`);
          const revisions = new Set<string>();
          for (let read = 0; read < revisionReads; read += 1) revisions.add((await client.flows()).rev);
          if (revisions.size > 1)
            reasons.push(
              'Its revision changes between reads. Name each instance behind the address by itself.',
            );
          // Proof of life needs it; asked here, so that nothing is sent that could not be proven.
          await client.isLive('chairside-probe');
          return reasons.length > 0 ? ({ kind: 'unfit', reasons } as const) : ({ kind: 'fit' } as const);
        },
        (result) => result,
      );
    }),

  backUpInstance: (input) =>
    asActivity(async (signal) => {
      const { client } = await openInstance(deps, input, signal);
      const { actor } = await requestOf(deps, input);
      const { attempt, instance, deploymentId } = input;
      return stepped(
        deps,
        input,
        { step: 'backup', key: `backup.${attempt}` },
        async () => {
          const kept = await keepBackup(deps, client, input, {
            backupId: `${deploymentId}.${instance}.${attempt}`,
            reason: 'beforeDeploy',
            actor,
            deploymentId,
          });
          return { backupId: kept.backupId, rev: kept.rev };
        },
        (result) => result,
      );
    }),
});

/**
 * Keeps what an instance holds now: flows in stored order, which credentials are set, modules and versions. Read back and compared with the
 * instance's own revision before it counts. Throws BackupBroken when they differ.
 */
export async function keepBackup(
  { flowDocuments, store, clock }: Pick<NodeRedDeps, 'flowDocuments' | 'store' | 'clock'>,
  client: NodeRedClient,
  { tenantId, environment, targetId, instance }: AtTarget & Pick<AtInstance, 'instance'>,
  about: {
    readonly backupId: string;
    readonly reason: BackupReason;
    readonly actor: string;
    readonly deploymentId: string | null;
  },
): Promise<FlowBackup> {
  const { rev, flows } = await client.flows();
  const [facts, palette] = [await client.facts(), await client.palette()];
  const usable = palette.filter((row) => row.enabled && row.err === undefined);
  const known: BackupFacts = {
    ...facts,
    presence: await readPresence(client, flows),
    types: [...new Set(usable.flatMap(({ types }) => types))].sort(),
    modules: Object.fromEntries(usable.map(({ module, version }) => [module, version])),
  };
  const flowsHash = await flowDocuments.put(tenantId, flows);
  const factsHash = await flowDocuments.put(tenantId, known);
  const readBack = (await flowDocuments.get(tenantId, flowsHash)) as readonly FlowNode[];
  const stored = createHash('sha256').update(JSON.stringify(readBack)).digest('hex');
  if (stored !== rev) {
    throw ApplicationFailure.nonRetryable(
      'The backup does not have the revision that the instance names; nothing is deployed without one.',
      'BackupBroken',
    );
  }
  const now = clock.nowMs();
  const backup: FlowBackup = {
    tenantId,
    environment,
    targetId,
    instance,
    rev,
    flowsHash,
    factsHash,
    nodes: flows.length,
    verifiedAtMs: now,
    createdAtMs: now,
    ...about,
  };
  await store.flowBackups.add(backup);
  // A repetition of the activity finds what the first one kept; only that one is named by the plan.
  return (await store.flowBackups.get(tenantId, environment, about.backupId)) ?? backup;
}
