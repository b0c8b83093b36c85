import type { DeploymentOutcome, DeploymentStatus } from '../../domain/deployment/deployment.js';
import type { Cancellation, Decision, Waiting } from './messages.js';

/** Requests that may wait at one target; a queue that long is a mistake of somebody's. */
export const queueLimit = 20;

export interface Ending {
  readonly outcome: DeploymentOutcome;
  /** What happened, and what to do if anything. */
  readonly detail: string;
}

/** The deployment that has its turn. */
export interface Turn {
  readonly waiting: Waiting;
  status: DeploymentStatus;
  doing: string;
  decision: Decision | null;
  cancelled: Cancellation | null;
  /** Stops what may be stopped; a way back never is. */
  readonly stop: () => void;
}

/** Why a decision cannot be taken; null = it can. */
export function whyNotDecided(turn: Turn | null, deploymentId: string): string | null {
  if (turn?.waiting.deploymentId !== deploymentId) return 'This deployment does not have its turn.';
  if (turn.status !== 'awaitingApproval' || turn.decision !== null)
    return 'This deployment does not wait for a decision.';
  return null;
}
