import type { CredentialToSend } from '../../domain/deployment/plan.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import type { AtTarget } from './contract.js';
import type { NodeRedDeps } from './node-red-deps.js';
import type { Presence } from './presence.js';

interface Wish {
  /** What the instance holds now, and what it is to hold. */
  readonly base: readonly FlowNode[];
  readonly flows: readonly FlowNode[];
  readonly presence: Presence;
  /** Id of a node in the source -> field -> name of a secret. */
  readonly wanted: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly idIn: (sourceId: string) => string;
  /** A way back brings back what stood there, whatever was asked for. */
  readonly isRestore: boolean;
}

interface CredentialPlan {
  readonly toSend: readonly CredentialToSend[];
  /** Why it cannot be done. */
  readonly missing: readonly string[];
}

/**
 * Which secrets must travel with the flows: those of nodes that are new, that have lost them, or whose secret has another version. Sending an
 * unchanged one would restart its node (node-red.md 3.2).
 */
export async function credentialsToSend(
  { store, nodeRedSecrets }: Pick<NodeRedDeps, 'store' | 'nodeRedSecrets'>,
  { tenantId, environment, targetId }: AtTarget,
  { base, flows, presence, wanted, idIn, isRestore }: Wish,
): Promise<CredentialPlan> {
  const secrets = await nodeRedSecrets.flowSecrets(tenantId, environment, targetId);
  const bindings = await store.flowWrites.bindings(tenantId, targetId);
  const there = new Set(flows.map(({ id }) => id));
  const inBase = new Set(base.map(({ id }) => id));
  const keyOf = (nodeId: string, field: string): string => `${nodeId}\0${field}`;

  const asked = new Map(
    bindings
      .filter(({ nodeId }) => there.has(nodeId))
      .map(({ nodeId, field, secretName }) => [keyOf(nodeId, field), { nodeId, field, secretName }] as const),
  );
  const missing: string[] = [];
  if (!isRestore) {
    for (const [sourceId, fields] of Object.entries(wanted)) {
      const nodeId = idIn(sourceId);
      if (!there.has(nodeId)) missing.push(`credentials: the flows have no node ${sourceId}.`);
      for (const [field, secretName] of Object.entries(fields))
        asked.set(keyOf(nodeId, field), { nodeId, field, secretName });
    }
  }
  const toSend: CredentialToSend[] = [];
  for (const { nodeId, field, secretName } of asked.values()) {
    const secret = secrets[secretName];
    if (!secret) {
      missing.push(`The target has no secret named ${secretName} (for ${field} of ${nodeId}).`);
      continue;
    }
    const known = bindings.find((binding) => binding.nodeId === nodeId && binding.field === field);
    const stands =
      inBase.has(nodeId) &&
      (presence === null || (presence[nodeId]?.includes(field) ?? false)) &&
      known?.secretName === secretName &&
      known.secretVersion === secret.version;
    if (!stands) toSend.push({ nodeId, field, secretName, secretVersion: secret.version });
  }
  return { toSend, missing };
}
