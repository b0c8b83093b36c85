import {
  ActivityFailure,
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { InDeployment, TargetFacts } from '../../activities/node-red/contract.js';
import type { DeploymentStatus } from '../../domain/deployment/deployment.js';
import { searchAttributes } from '../../domain/search-attributes.js';
import { nodeRedWays, store } from '../options.js';
import { deploy, reasonOf, type Plan } from './deploy.js';
import {
  cancelDeployment,
  decide,
  requestDeployment,
  targetState,
  type Cancellation,
  type Decision,
  type DeploymentRequested,
  type DeploymentTimings,
  type NodeRedTargetStart,
  type Waiting,
} from './messages.js';
import { queueLimit, whyNotDecided, type Ending, type Turn } from './state.js';

const usualTimings: DeploymentTimings = {
  approvalMs: 24 * 3_600_000, // a working day and the night after it
  // A node that never finishes its close delays the answer by 15 s, and another deploy may be before us (node-red.md 3.1).
  answerMs: 75_000,
  writeMs: 15 * 60_000, // outlives a restart of the instance, and a locked login once
  restoreMs: 60 * 60_000, // a person may be restarting it by hand
  proofMs: 90_000, // node-red.md 10.1, step 8: 60 to 120 s
  heartbeatMs: 10_000, // ten beats of the activities; a machine under load misses a few
  idleMs: 10 * 60_000,
};

/** A deployment of three instances takes some 150 events; a cold replay of this many costs 0.3 s (temporal.md 19.2). */
const longHistory = 500;

/**
 * The single writer of one Node-RED target: takes deployments one by one, in the order in which they were asked for, and brings each to a
 * named outcome. Ends when nothing was asked for in a while; the next request starts it again.
 */
export async function nodeRedTarget(start: NodeRedTargetStart): Promise<void> {
  const { tenantId, environment, targetId } = start;
  const timings = { ...usualTimings, ...start.timings };
  let queue: readonly Waiting[] = start.carried?.queue ?? [];
  let turn: Turn | null = null;
  const turnNow = (): Turn | null => turn;
  const inTurn = (deploymentId: string): boolean =>
    turnNow()?.waiting.deploymentId === deploymentId ||
    queue.some((waiting) => waiting.deploymentId === deploymentId);

  setHandler(targetState, () => {
    const now = turnNow();
    return {
      running: now && { ...now.waiting, status: now.status, doing: now.doing },
      waiting: queue,
    };
  });
  setHandler(
    requestDeployment,
    async (requested) => {
      const { deploymentId, actor } = requested;
      const { ended } = await store.openDeployment({ tenantId, environment, targetId, requested });
      if (ended || inTurn(deploymentId)) return { known: true };
      queue = [...queue, { deploymentId, actor, requestedAtMs: Date.now() }];
      return { known: false };
    },
    {
      validator: ({ deploymentId }: DeploymentRequested) => {
        if (!inTurn(deploymentId) && queue.length >= queueLimit) {
          throw ApplicationFailure.nonRetryable('Too many deployments wait for this target.', 'InboxFull');
        }
      },
    },
  );
  setHandler(
    decide,
    (decision) => {
      if (turn) turn.decision = decision;
      return null;
    },
    {
      validator: ({ deploymentId }: Decision) => {
        const why = whyNotDecided(turnNow(), deploymentId);
        if (why !== null) throw ApplicationFailure.nonRetryable(why, 'DeploymentOver');
      },
    },
  );
  setHandler(
    cancelDeployment,
    async (cancellation) => {
      const { deploymentId, actor, reason } = cancellation;
      const now = turnNow();
      if (now?.waiting.deploymentId === deploymentId) {
        now.cancelled = cancellation;
        now.stop();
        return null;
      }
      queue = queue.filter((waiting) => waiting.deploymentId !== deploymentId);
      const detail = `Cancelled by ${actor} before it began: ${reason}`;
      await store.endDeployment({
        tenantId,
        environment,
        targetId,
        deploymentId,
        outcome: 'cancelled',
        detail,
      });
      return null;
    },
    {
      validator: ({ deploymentId }: Cancellation) => {
        if (!inTurn(deploymentId))
          throw ApplicationFailure.nonRetryable('This deployment has ended.', 'DeploymentOver');
      },
    },
  );

  for (;;) {
    const [next] = queue;
    if (!next) {
      setCurrentDetails('Idle.');
      const woken = await condition(() => queue.length > 0, timings.idleMs);
      if (!woken && allHandlersFinished()) return;
      continue;
    }
    queue = queue.slice(1);
    const scope = new CancellationScope();
    const mine: Turn = {
      waiting: next,
      status: 'planning',
      doing: 'begins',
      decision: null,
      cancelled: null,
      stop: () => scope.cancel(),
    };
    turn = mine;
    const about = { tenantId, environment, targetId, deploymentId: next.deploymentId };
    const ending = await scope.run(() => runTurn(about, mine, timings));
    await CancellationScope.nonCancellable(() => store.endDeployment({ ...about, ...ending }));
    upsertSearchAttributes([{ key: searchAttributes.outcome, value: ending.outcome }]);
    turn = null;
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    if (historyLength > longHistory || continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof nodeRedTarget>({ ...start, carried: { queue } });
    }
  }
}

/** Always ends in a named outcome. */
async function runTurn(about: InDeployment, turn: Turn, timings: DeploymentTimings): Promise<Ending> {
  const ways = nodeRedWays(timings);
  let seq = 0;
  const note = async (
    next: DeploymentStatus,
    step: string,
    detail: Readonly<Record<string, unknown>>,
    plans?: readonly Plan[],
  ): Promise<void> => {
    turn.status = next;
    seq += 1;
    await store.noteDeployment({
      ...about,
      status: next,
      step,
      eventId: `turn.${seq}`,
      detail,
      ...(plans ? { plans: plans.map(({ instance, planHash }) => ({ instance, hash: planHash })) } : {}),
    });
  };
  const doing = (what: string): void => {
    turn.doing = what;
    setCurrentDetails(`${turn.waiting.deploymentId}: ${what}`);
  };

  let target: TargetFacts;
  try {
    await note('planning', 'begin', {});
    target = await store.describeTarget(about);
  } catch (error) {
    if (turn.cancelled) return cancelledBy(turn, 'The flows were not touched.');
    if (!(error instanceof ActivityFailure)) throw error;
    return { outcome: 'failed', detail: reasonOf(error) };
  }
  if (target.lockedBy !== null) {
    return {
      outcome: 'refused',
      detail: `The target is locked by deployment ${target.lockedBy}. Acknowledge it first.`,
    };
  }
  const ending = await deploy(about, target, ways, {
    doing,
    decide: async (plans, again) => {
      if (target.dryRun) {
        await note('planning', 'plan', summaryOf(plans), plans);
        return { outcome: 'planned', detail: plans.map(({ summary }) => summary).join('\n') };
      }
      if (!target.approval) {
        await note('deploying', 'plan', summaryOf(plans), plans);
        return null;
      }
      turn.decision = null;
      await note('awaitingApproval', again ? 'plan-again' : 'plan', summaryOf(plans), plans);
      doing('waits for a decision');
      await condition(() => turn.decision !== null, timings.approvalMs);
      const decision = decisionOf(turn);
      if (!decision) return { outcome: 'expired', detail: 'Nobody decided in time.' };
      const { verdict, actor, reason } = decision;
      await note('deploying', verdict, { actor, reason });
      return verdict === 'approve' ? null : { outcome: 'rejected', detail: `${actor}: ${reason}` };
    },
  });
  return ending.outcome === 'cancelled' ? cancelledBy(turn, 'The flows are what they were.') : ending;
}

/** Read again: a handler may have set it while we waited. */
const decisionOf = (turn: Turn): Decision | null => turn.decision;

const cancelledBy = ({ cancelled }: Turn, after: string): Ending => ({
  outcome: 'cancelled',
  detail: `${cancelled ? `Cancelled by ${cancelled.actor}: ${cancelled.reason}` : 'Cancelled.'} ${after}`,
});

const summaryOf = (plans: readonly Plan[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(plans.map(({ instance, summary }) => [instance, summary]));
