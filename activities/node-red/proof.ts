import { setTimeout as sleep } from 'node:timers/promises';
import type { SmokeStep } from '../../domain/deployment/deployment.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { errorOf, type CallResult } from './smoke-call.js';
import type { BackupFacts } from './backup.js';
import type { NodeRedClient } from './client.js';
import type { NodeRedActivities, Proof } from './contract.js';
import { NodeRedError } from './errors.js';
import { liveAmong } from './liveness.js';
import { asActivity, flowsOf, openInstance, type NodeRedDeps } from './node-red-deps.js';
import type { InstancePlan } from '../../domain/deployment/plan.js';
import { planOf } from './plan-document.js';
import { lostCredentials, readPresence } from './presence.js';
import { requestOf } from './records.js';
import { retire } from './retention.js';
import { stepped } from './steps.js';

/** Starting goes on after the answer; what has not moved for this long while the instance answers will not move any more. */
const stuckMs = 5_000;
const pollMs = 100;
/** Names of dead nodes that an outcome shows. */
const namesShown = 10;

export const createProofActivities = (
  deps: NodeRedDeps,
): Pick<NodeRedActivities, 'proveLive' | 'runSmokeSteps' | 'commitDeployment'> => ({
  proveLive: (input) =>
    asActivity(async (signal) => {
      const { client } = await openInstance(deps, input, signal);
      const plan = await planOf(deps, input.tenantId, input.planHash);
      const sent = await flowsOf(deps, input.tenantId, plan.flowsHash);
      return stepped(
        deps,
        input,
        { step: 'prove', key: input.step },
        () => untilLive(client, plan, sent, input.limitMs, signal),
        (proof) => ({ ...proof, nodes: plan.live.length }),
      );
    }),

  runSmokeSteps: (input) =>
    asActivity(async (signal) => {
      const { client, instance } = await openInstance(deps, input, signal);
      const { request } = await requestOf(deps, input);
      return stepped(
        deps,
        input,
        { step: 'smoke', key: 'smoke' },
        async () => {
          const reasons: string[] = [];
          for (const step of request.options.smoke) {
            const error = await tryStep(step, client, instance.nodeUrl, signal);
            if (error !== null) reasons.push(error);
          }
          return reasons.length > 0 ? ({ kind: 'failed', reasons } as const) : ({ kind: 'passed' } as const);
        },
        (result) => result,
      );
    }),

  commitDeployment: (input) =>
    asActivity(async (signal) => {
      const { tenantId, environment, targetId, deploymentId, instance, backupId } = input;
      const { client, settings } = await openInstance(deps, input, signal);
      const plan = await planOf(deps, tenantId, input.planHash);
      const backup = await deps.store.flowBackups.get(tenantId, environment, backupId);
      const facts = backup && ((await deps.flowDocuments.get(tenantId, backup.factsHash)) as BackupFacts);
      const flows = await flowsOf(deps, tenantId, plan.flowsHash);
      return stepped(
        deps,
        input,
        { step: 'commit', key: 'commit' },
        async () => {
          const after = await readPresence(client, flows);
          const still = new Set(flows.map(({ id }) => id));
          const lost = lostCredentials(facts?.presence ?? null, after, still);
          const unsent = plan.credentials
            .filter(({ nodeId, field }) => after !== null && !after[nodeId]?.includes(field))
            .map(({ nodeId }) => nodeId);
          const nodes = [...new Set([...lost, ...unsent])];
          if (nodes.length > 0) return { kind: 'credentialsLost', nodes } as const;
          await deps.store.flowWrites.commit(
            {
              tenantId,
              targetId,
              instance,
              sourceKey: plan.sourceKey,
              deploymentId,
              rev: plan.expectedRev,
              flowsHash: plan.flowsHash,
              owned: plan.owned,
              backupId,
            },
            plan.credentials,
          );
          await retire(deps, { tenantId, targetId, instance }, settings.retention);
          return { kind: 'committed' } as const;
        },
        (result) => result,
      );
    }),
});

/** Asks every expected node whether it lives until all do, or until nothing moves any more. */
async function untilLive(
  client: NodeRedClient,
  plan: InstancePlan,
  sent: readonly FlowNode[],
  limitMs: number,
  signal: AbortSignal,
): Promise<Proof> {
  const endsAt = Date.now() + limitMs;
  let waiting: readonly string[] = plan.live;
  let movedAt = Date.now();
  for (;;) {
    let answers = true;
    try {
      const live = new Set(await liveAmong(client, waiting));
      if (live.size > 0) movedAt = Date.now();
      waiting = waiting.filter((id) => !live.has(id));
      const { rev, flows } = await client.flows();
      // Others may deploy their own tabs meanwhile; what counts is that ours are still there.
      if (rev !== plan.expectedRev && !holdsAll(flows, sent, plan.owned)) return { kind: 'overtaken' };
      if (waiting.length === 0) return { kind: 'live' };
      if (Date.now() - movedAt > stuckMs) return dead(waiting);
    } catch (error) {
      // Node constructors block the process: an answer that does not come is normal right after a deploy (node-red.md 4.1).
      if (!(error instanceof NodeRedError) || error.type !== 'NodeRedUnavailable') throw error;
      movedAt = Date.now();
      answers = false;
    }
    if (Date.now() > endsAt) return answers ? dead(waiting) : { kind: 'silent' };
    await sleep(pollMs, undefined, { signal });
  }
}

function holdsAll(flows: readonly FlowNode[], sent: readonly FlowNode[], ids: readonly string[]): boolean {
  const now = new Map(flows.map((node) => [node.id, JSON.stringify(node)]));
  const wanted = new Set(ids);
  return sent.every((node) => !wanted.has(node.id) || now.get(node.id) === JSON.stringify(node));
}

const dead = (nodes: readonly string[]): Proof => ({ kind: 'dead', nodes: nodes.slice(0, namesShown) });

/** Null when the step went as expected, else what was seen instead. */
async function tryStep(
  step: SmokeStep,
  client: NodeRedClient,
  nodeUrl: string | null,
  signal: AbortSignal,
): Promise<string | null> {
  if (step.kind === 'inject') {
    return (await client.inject(step.node)) ? null : `inject ${step.node}: there is no such node`;
  }
  if (nodeUrl === null) return `${step.method} ${step.path}: the instance has no address for its flows`;
  const result: CallResult = await callOnce(step, nodeUrl, signal);
  return errorOf(step, result);
}

async function callOnce(
  { method, path, body }: Extract<SmokeStep, { kind: 'http' }>,
  nodeUrl: string,
  signal: AbortSignal,
): Promise<CallResult> {
  try {
    const response = await fetch(`${nodeUrl}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
      ...(body === null ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    signal.throwIfAborted();
    return { status: null, text: '' };
  }
}
