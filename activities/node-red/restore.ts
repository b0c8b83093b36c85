import type { CredentialToSend, InstancePlan } from '../../domain/deployment/plan.js';
import { withMarker, withoutMarker } from '../../domain/flows/deploy-marker.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { predictRevision } from '../../domain/flows/revision.js';
import { planRestore } from '../../domain/flows/surgical-restore.js';
import type { BackupFacts } from './backup.js';
import type { NodeRedActivities, RestorePlanned } from './contract.js';
import { asActivity, flowsOf, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { sha256Hex } from './place-flows.js';
import { keepPlan, planOf } from './plan-document.js';
import { readPresence, type Presence } from './presence.js';
import { markerKey } from './send.js';
import { stepped } from './steps.js';

/** Sequences of markers of the way back, apart from those of the way there. */
const restoreSequence = 100;

export const createRestoreActivities = (deps: NodeRedDeps): Pick<NodeRedActivities, 'planRestore'> => ({
  planRestore: (input) =>
    asActivity(async (signal) => {
      const { tenantId, environment, deploymentId, backupId, planHash, attempt, unclear } = input;
      const { client } = await openInstance(deps, input, signal);
      return stepped(
        deps,
        input,
        { step: 'plan-restore', key: `plan-restore.${backupId}.${attempt}` },
        async (): Promise<RestorePlanned> => {
          const backup = await deps.store.flowBackups.get(tenantId, environment, backupId);
          if (!backup) throw new Error('The backup of this deployment is gone.');
          const base = await flowsOf(deps, tenantId, backup.flowsHash);
          const facts = (await deps.flowDocuments.get(tenantId, backup.factsHash)) as BackupFacts;
          const plan = await planOf(deps, tenantId, planHash);
          const deployed = await flowsOf(deps, tenantId, plan.flowsHash);
          const current = await client.flows();
          const present = await readPresence(client, current.flows);

          // Nothing of ours is there. It can still arrive while its base is: then only a revision of our own on top keeps it out (10.4).
          const untouched = current.rev === backup.rev;
          const way = untouched
            ? ({ kind: 'restore', flows: base } as const)
            : planRestore({ backup: base, deployed, current: current.flows });
          if (way.kind === 'overlap') return { kind: 'overlap', nodes: way.nodeIds };
          const content = withoutMarker(way.flows);
          const credentials = await credentialsBack(deps, input, {
            before: facts.presence,
            now: present,
            content,
          });
          const isThere = JSON.stringify(content) === JSON.stringify(withoutMarker(current.flows));
          if (isThere && !(untouched && unclear) && credentials.length === 0) return { kind: 'nothing' };

          const marker = { deploymentId, sequence: restoreSequence + attempt };
          const flows = withMarker(content, marker);
          const next: InstancePlan = {
            ...plan,
            baseRev: current.rev,
            expectedRev: predictRevision(flows, sha256Hex),
            flowsHash: await deps.flowDocuments.put(tenantId, flows),
            marker: markerKey(marker),
            deploymentType: 'flows',
            credentials,
            owned: plan.touched,
            live: plan.liveBefore,
          };
          return { kind: 'ready', planHash: await keepPlan(deps, tenantId, next) };
        },
        (result) => result,
      );
    }),
});

/** Credentials that stood there before and do not now, as far as we have their secrets: a backup holds none (node-red.md 8). */
async function credentialsBack(
  { store, nodeRedSecrets }: Pick<NodeRedDeps, 'store' | 'nodeRedSecrets'>,
  { tenantId, environment, targetId }: Parameters<NodeRedActivities['planRestore']>[0],
  { before, now, content }: { before: Presence; now: Presence; content: readonly FlowNode[] },
): Promise<readonly CredentialToSend[]> {
  if (before === null || now === null) return [];
  const back = new Set(content.map(({ id }) => id));
  const secrets = await nodeRedSecrets.flowSecrets(tenantId, environment, targetId);
  return (await store.flowWrites.bindings(tenantId, targetId)).flatMap(({ nodeId, field, secretName }) => {
    const secret = secrets[secretName];
    const isLost = before[nodeId]?.includes(field) === true && now[nodeId]?.includes(field) !== true;
    return isLost && secret && back.has(nodeId)
      ? [{ nodeId, field, secretName, secretVersion: secret.version }]
      : [];
  });
}
