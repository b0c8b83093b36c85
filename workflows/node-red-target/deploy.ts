import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type {
  NodeRedActivities,
  AtInstance,
  InDeployment,
  TargetFacts,
} from '../../activities/node-red/contract.js';
import type { Ending } from './state.js';
import { takeBack, type SentTo } from './take-back.js';

/** The activities of a deployment by how patiently they are asked (workflows/options.ts). */
export interface Ways {
  readonly reads: Pick<
    NodeRedActivities,
    'pinSource' | 'inspectInstance' | 'backUpInstance' | 'planDeployment' | 'commitDeployment'
  >;
  readonly writes: Pick<NodeRedActivities, 'sendFlows'>;
  readonly proofs: Pick<NodeRedActivities, 'proveLive' | 'runSmokeSteps'>;
  /** The same for the way back, which is tried for longer. */
  readonly restores: Pick<NodeRedActivities, 'planRestore' | 'sendFlows' | 'proveLive'>;
  /** How long one write may stay without an answer. */
  readonly answerMs: number;
  readonly proofMs: number;
}

/** What a deployment asks of the workflow around it. */
export interface Steering {
  /** Says what is being done. */
  doing(what: string): void;
  /** Shows the plans and, where a person must decide, waits. Null = go on. */
  decide(plans: readonly Plan[], again: boolean): Promise<Ending | null>;
}

export interface Plan {
  readonly instance: string;
  readonly planHash: string;
  readonly changeHash: string;
  readonly backupId: string;
  readonly summary: string;
}

/** A changed base is planned anew this often; whoever deploys more often than we plan is not waited for (node-red.md 10.2). */
const mostPlans = 3;

/** Plans for every instance, waits for a decision, deploys one instance after the other, and takes everything back when one fails. */
export async function deploy(
  about: InDeployment,
  target: TargetFacts,
  ways: Ways,
  steering: Steering,
): Promise<Ending> {
  const sent: SentTo[] = [];
  try {
    return await forward(about, target, ways, steering, sent);
  } catch (error) {
    if (isCancellation(error)) {
      return takeBack(about, ways, sent, { outcome: 'cancelled', detail: 'Cancelled by a person.' });
    }
    if (!(error instanceof ActivityFailure)) throw error;
    const ending = { outcome: 'failed', detail: reasonOf(error) } as const;
    return takeBack(about, ways, sent, ending);
  }
}

async function forward(
  about: InDeployment,
  target: TargetFacts,
  ways: Ways,
  steering: Steering,
  sent: SentTo[],
): Promise<Ending> {
  const { reads } = ways;
  steering.doing('reads the source');
  const source = await reads.pinSource(about);
  if (source.kind === 'refused') return refusal(source.reasons);

  const plans: Plan[] = [];
  for (const instance of target.instances) {
    const at = { ...about, instance };
    steering.doing(`plans for ${instance}`);
    const inspected = await reads.inspectInstance(at);
    if (inspected.kind === 'unfit') return refusal(inspected.reasons);
    const plan = await planFor(at, source.sourceHash, ways, 1, null);
    if (plan.kind === 'ending') return plan.ending;
    if (plan.kind === 'ready') plans.push(plan.plan);
  }
  if (plans.length === 0) return { outcome: 'unchanged', detail: 'The target already holds exactly this.' };
  const decided = await steering.decide(plans, false);
  if (decided) return decided;

  for (const plan of plans) {
    const ending = await deployTo(about, source.sourceHash, plan, target, ways, steering, sent);
    if (ending) return takeBack(about, ways, sent, ending);
  }
  return { outcome: 'deployed', detail: `Live on ${plans.map(({ instance }) => instance).join(', ')}.` };
}

type PlanResult =
  | { readonly kind: 'ready'; readonly plan: Plan }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'ending'; readonly ending: Ending };

async function planFor(
  at: AtInstance,
  sourceHash: string,
  { reads }: Ways,
  attempt: number,
  former: string | null,
): Promise<PlanResult> {
  const { backupId } = await reads.backUpInstance({ ...at, attempt });
  const planned = await reads.planDeployment({ ...at, sourceHash, backupId, attempt, former });
  switch (planned.kind) {
    case 'ready': {
      const { planHash, changeHash, summary } = planned;
      return { kind: 'ready', plan: { instance: at.instance, planHash, changeHash, backupId, summary } };
    }
    case 'unchanged':
      return planned;
    case 'refused':
      return { kind: 'ending', ending: refusal(planned.reasons) };
    case 'overlap':
      return {
        kind: 'ending',
        ending: {
          outcome: 'conflict',
          detail: `Somebody else changed ${planned.nodes.join(', ')} meanwhile. Look at their change and ask again.`,
        },
      };
  }
}

/** Null when the instance runs it; else how the deployment ends. */
async function deployTo(
  about: InDeployment,
  sourceHash: string,
  first: Plan,
  target: TargetFacts,
  ways: Ways,
  steering: Steering,
  sent: SentTo[],
): Promise<Ending | null> {
  const at = { ...about, instance: first.instance };
  let plan = first;
  for (let attempt = 1; ; attempt += 1) {
    steering.doing(`deploys to ${at.instance}`);
    const here: SentTo = { plan, clear: false };
    sent.push(here);
    const { planHash } = plan;
    const intentId = `${at.instance}.deploy.${attempt}`;
    const answer = await ways.writes.sendFlows({
      ...at,
      planHash,
      intentId,
      purpose: 'deploy',
      full: false,
      limitMs: ways.answerMs,
    });
    here.clear = true;
    if (answer.kind === 'saved') break;
    if (answer.kind === 'rejected') {
      return { outcome: 'failed', detail: `${at.instance} rejected the flows (${answer.status}).` };
    }
    // A conflict is a new base, never a reason to send the old flows again.
    if (!answer.oursLanded) sent.pop();
    if (attempt === mostPlans) {
      return { outcome: 'conflict', detail: `Others kept deploying to ${at.instance}. Ask again later.` };
    }
    const next = await planFor(at, sourceHash, ways, attempt + 1, planHash);
    if (next.kind === 'ending') return next.ending;
    // Ours is there, below theirs; or they have deployed exactly this.
    if (next.kind === 'unchanged') break;
    if (next.plan.changeHash !== plan.changeHash) {
      const ending = await steering.decide([next.plan], true);
      if (ending) return ending;
    }
    plan = next.plan;
  }
  return prove(at, plan, target, ways, steering);
}

async function prove(
  at: AtInstance,
  { planHash, backupId }: Plan,
  target: TargetFacts,
  { reads, proofs, proofMs }: Ways,
  steering: Steering,
): Promise<Ending | null> {
  steering.doing(`waits for ${at.instance} to come alive`);
  const proof = await proofs.proveLive({ ...at, planHash, limitMs: proofMs, step: 'prove' });
  if (proof.kind === 'overtaken') {
    return { outcome: 'conflict', detail: `Somebody else replaced the flows on ${at.instance}.` };
  }
  if (proof.kind === 'dead') {
    return { outcome: 'restored', detail: `Not alive on ${at.instance}: ${proof.nodes.join(', ')}.` };
  }
  if (proof.kind === 'silent') {
    return { outcome: 'restored', detail: `${at.instance} stopped answering after it got the flows.` };
  }
  if (target.smoke) {
    steering.doing(`tries ${at.instance}`);
    const smoked = await proofs.runSmokeSteps(at);
    if (smoked.kind === 'failed') {
      return { outcome: 'restored', detail: `${at.instance}: ${smoked.reasons.join('; ')}.` };
    }
  }
  const committed = await reads.commitDeployment({ ...at, planHash, backupId });
  if (committed.kind === 'credentialsLost') {
    return { outcome: 'restored', detail: `Credentials are missing: ${committed.nodes.join(', ')}.` };
  }
  return null;
}

const refusal = (reasons: readonly string[]): Ending => ({
  outcome: 'refused',
  detail: reasons.join('\n'),
});

/** Words of ours; what an instance says is not passed on. */
export function reasonOf({ cause, activityType }: ActivityFailure): string {
  if (cause instanceof ApplicationFailure) return cause.message;
  return `${activityType} did not end in time.`;
}
