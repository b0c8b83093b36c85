import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { markerOf } from '../../domain/flows/deploy-marker.js';
import { verdictOfPost } from '../../domain/flows/deploy-outcome.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import type { InstancePlan } from '../../domain/deployment/plan.js';
import type { NodeRedClient } from './client.js';
import type { NodeRedActivities, Sent } from './contract.js';
import { NodeRedError } from './errors.js';
import { asActivity, flowsOf, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { planOf } from './plan-document.js';
import { stepped } from './steps.js';

type SendFlows = Parameters<NodeRedActivities['sendFlows']>[0];

/**
 * The one place that writes to Node-RED. It records what the write turns into what, and posts it; what no answer settles is thrown, so that
 * Temporal asks for the same POST again: the revision guard makes a repetition harmless, and only a definite answer ends it (node-red.md 10.2).
 */
export const createSendActivities = (deps: NodeRedDeps): Pick<NodeRedActivities, 'sendFlows'> => ({
  sendFlows: (input) =>
    asActivity(async (signal) => {
      const { tenantId, environment, targetId, deploymentId, instance, intentId, purpose } = input;
      const { client } = await openInstance(deps, input, signal);
      const plan = await planOf(deps, tenantId, input.planHash);
      const flows = await flowsOf(deps, tenantId, plan.flowsHash);
      const secrets = await deps.nodeRedSecrets.flowSecrets(tenantId, environment, targetId);
      const payload = withSecrets(flows, plan, secrets);
      const write = writeOf(input, plan);
      await deps.store.flowWrites.intend({
        tenantId,
        deploymentId,
        intentId,
        targetId,
        instance,
        purpose,
        baseRev: write.baseRev,
        expectedRev: write.expectedRev,
        flowsHash: plan.flowsHash,
      });
      return stepped(
        deps,
        input,
        { step: purpose, key: intentId },
        async () => {
          const sent = await sendOnce(deps, input, client, payload, write);
          await deps.store.flowWrites.settle(tenantId, deploymentId, intentId, sent.kind);
          return sent;
        },
        (sent) => ({ ...sent, expectedRev: write.expectedRev }),
      );
    }),
});

interface Write {
  readonly baseRev: string;
  readonly expectedRev: string;
  readonly type: 'flows' | 'full';
  readonly marker: string | null;
}

/** A full restart posts what is there already, on top of itself. */
const writeOf = ({ full }: SendFlows, plan: InstancePlan): Write => ({
  baseRev: full ? plan.expectedRev : plan.baseRev,
  expectedRev: plan.expectedRev,
  type: full ? 'full' : plan.deploymentType,
  marker: plan.marker,
});

async function sendOnce(
  { store }: NodeRedDeps,
  { tenantId, deploymentId, intentId, limitMs }: SendFlows,
  client: NodeRedClient,
  payload: readonly FlowNode[],
  { baseRev, expectedRev, type, marker }: Write,
): Promise<Sent> {
  const answer = await client.post(payload, { rev: baseRev, type, limitMs });
  const deaths =
    answer.kind === 'lost' && (await isDown(client))
      ? await store.flowWrites.countDeath(tenantId, deploymentId, intentId)
      : 0;
  const judged = deaths > 0 ? ({ ...answer, kind: 'refused' } as const) : answer;
  const seen = { answer: judged, baseRev, expectedRev, deaths, logins: 1 };
  let verdict = verdictOfPost({ ...seen, currentRev: null, markerInCurrent: false });
  if (verdict.kind === 'readBack') {
    const current = await client.flows();
    const now = markerOf(current.flows);
    const markerInCurrent = now !== null && markerKey(now) === marker;
    verdict = verdictOfPost({ ...seen, currentRev: current.rev, markerInCurrent });
  }
  switch (verdict.kind) {
    case 'saved':
      return { kind: 'saved' };
    case 'conflict':
      return verdict;
    case 'rejected':
      // The live credential store was emptied and the disk still has it: only this brings it back (node-red.md 6).
      if (verdict.reloadCredentials) await client.reload(limitMs);
      return { kind: 'rejected', status: verdict.status };
    case 'forbidden':
      throw new NodeRedError('NodeRedPermission', 'The account may not deploy.');
    case 'poison':
      throw ApplicationFailure.nonRetryable('The instance died twice of these flows.', 'NodeRedPoison');
    case 'sendAgain':
    case 'logInAndSendAgain':
    case 'readBack':
      throw new NodeRedError('NodeRedUnavailable', 'No answer tells whether the flows were saved.');
  }
}

/** A dying process still takes connections for a moment and resets them; one that is started again takes a second at least. */
const dying = { tries: 5, pauseMs: 100 } as const;

/** Right after a lost answer: nothing listens any more, so the process has died of it or with it. */
async function isDown(client: Pick<NodeRedClient, 'flows'>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    const code = await client.flows().then(
      () => null,
      (error: unknown) => (error instanceof NodeRedError ? error.socketCode : null),
    );
    if (code === 'ECONNREFUSED') return true;
    if (code !== 'ECONNRESET' || tries === dying.tries) return false;
    await sleep(dying.pauseMs);
  }
}

/** Puts secrets into the nodes that need them again. Throws IntegrationNotConfigured when one is gone meanwhile. */
function withSecrets(
  flows: readonly FlowNode[],
  { credentials }: InstancePlan,
  secrets: Awaited<ReturnType<NodeRedDeps['nodeRedSecrets']['flowSecrets']>>,
): readonly FlowNode[] {
  if (credentials.length === 0) return flows;
  const byNode = new Map<string, Record<string, string>>();
  for (const { nodeId, field, secretName } of credentials) {
    const secret = secrets[secretName];
    if (!secret) {
      throw ApplicationFailure.nonRetryable(
        `The target has no secret named ${secretName}.`,
        'IntegrationNotConfigured',
      );
    }
    byNode.set(nodeId, { ...byNode.get(nodeId), [field]: secret.value.reveal() });
  }
  return flows.map((node) => {
    const own = byNode.get(node.id);
    return own ? { ...node, credentials: own } : node;
  });
}

/** A marker as one text, to compare two. */
export const markerKey = ({
  deploymentId,
  sequence,
}: {
  readonly deploymentId: string;
  readonly sequence: number;
}): string => `${deploymentId}/${sequence}`;
