import { ActivityFailure, CancellationScope } from '@temporalio/workflow';
import type { AtInstance, InDeployment } from '../../activities/node-red/contract.js';
import type { Plan, Ways } from './deploy.js';
import { reasonOf } from './deploy.js';
import type { Ending } from './state.js';

/** A write to an instance that was begun. */
export interface SentTo {
  readonly plan: Plan;
  /** The instance has said what became of it. */
  clear: boolean;
}

/** Others may deploy while we go back; then the way is planned anew. */
const mostTries = 3;

/**
 * Puts every instance that we wrote to back, the last one first, whatever is cancelled meanwhile. What others changed since stays. Ends as
 * asked for, or as `needs_attention` when an instance could not be put back and proven; the others are put back all the same, so that they do
 * not stay on another revision than the rest.
 */
export function takeBack(
  about: InDeployment,
  ways: Ways,
  sent: readonly SentTo[],
  ending: Ending,
): Promise<Ending> {
  return CancellationScope.nonCancellable(async () => {
    const problems: string[] = [];
    for (const write of [...sent].reverse()) {
      const problem = await wayBack({ ...about, instance: write.plan.instance }, write, ways);
      if (problem !== null) problems.push(needsAttention(write.plan, problem));
    }
    // Nothing had to be taken back: then nothing was restored either.
    return problems.length === 0
      ? ending
      : { outcome: 'needs_attention', detail: [ending.detail, ...problems].join(' ') };
  });
}

/** Null when the instance is what it was; else why it is not. */
async function wayBack(at: AtInstance, { plan, clear }: SentTo, ways: Ways): Promise<string | null> {
  const { restores, answerMs, proofMs } = ways;
  const { backupId, planHash } = plan;
  try {
    for (let attempt = 1; attempt <= mostTries; attempt += 1) {
      const way = await restores.planRestore({ ...at, backupId, planHash, attempt, unclear: !clear });
      if (way.kind === 'nothing') return null;
      if (way.kind === 'overlap')
        return `others changed ${way.nodes.join(', ')} after us; what is right only they know`;
      const answer = await restores.sendFlows({
        ...at,
        planHash: way.planHash,
        intentId: `${at.instance}.restore.${attempt}`,
        purpose: 'restore',
        full: false,
        limitMs: answerMs,
      });
      if (answer.kind === 'conflict') continue;
      if (answer.kind === 'rejected') return `the old flows were rejected (${answer.status})`;
      const proof = await restores.proveLive({
        ...at,
        planHash: way.planHash,
        limitMs: proofMs,
        step: `prove-restore-${attempt}`,
      });
      if (proof.kind === 'live') return null;
      if (proof.kind === 'overtaken') return 'somebody else deployed while the old flows were put back';
      // What hangs half-started comes back with a full restart only (node-red.md 8).
      const again = await restores.sendFlows({
        ...at,
        planHash: way.planHash,
        intentId: `${at.instance}.restore.${attempt}.full`,
        purpose: 'restore',
        full: true,
        limitMs: answerMs,
      });
      if (again.kind !== 'saved') return 'the old flows could not be restarted';
      const last = await restores.proveLive({
        ...at,
        planHash: way.planHash,
        limitMs: proofMs,
        step: `prove-restart-${attempt}`,
      });
      return last.kind === 'live' ? null : 'the old flows do not come alive';
    }
    return 'others kept deploying while the old flows were put back';
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return reasonOf(error);
  }
}

/** The target is locked now: it must be acknowledged before our own restore may run there. */
const needsAttention = ({ instance, backupId }: Plan, problem: string): string =>
  `${instance} could not be put back: ${problem}. Look at it. If its editor does not answer, restart Node-RED with --safe. Then ` +
  `acknowledge the target, and if the old flows are to come back, deploy the backup ${backupId}.`;
