import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type {
  DeploymentOptions,
  DeploymentSource,
  DeploymentStatus,
} from '../../domain/deployment/deployment.js';
import type { Environment } from '../../domain/tenant.js';

/** The workflow type; stored histories name it, so it never changes. */
export const nodeRedTargetType = 'nodeRedTarget';

/** How long the parts of a deployment may take, in ms. The API never sets them; tests cannot wait as long as people. */
export interface DeploymentTimings {
  /** A plan that nobody decides about ends as `expired`. */
  readonly approvalMs: number;
  /** How long one write may stay without an answer; then the very same one is sent again. */
  readonly answerMs: number;
  /** How long an unclear write is repeated before it is taken back. */
  readonly writeMs: number;
  /** How long taking it back is tried before a person is called. */
  readonly restoreMs: number;
  /** How long flows may take to come alive. */
  readonly proofMs: number;
  /** A worker that died in the middle of a step is noticed after this. */
  readonly heartbeatMs: number;
  /** An idle target's workflow ends after this. */
  readonly idleMs: number;
}

/** One requested deployment. What it is about is in the store; the queue holds ids. */
export interface DeploymentRequested {
  readonly deploymentId: string;
  readonly actor: string;
  /** Tells a repetition from another request under the same id. */
  readonly requestHash: string;
  readonly source: DeploymentSource;
  readonly options: DeploymentOptions;
  readonly reason: string;
}

export interface Waiting {
  readonly deploymentId: string;
  readonly actor: string;
  readonly requestedAtMs: number;
}

export interface NodeRedTargetStart {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly timings?: Partial<DeploymentTimings>;
  /** Set by a run that continues as new. */
  readonly carried?: { readonly queue: readonly Waiting[] };
}

export interface Decision {
  readonly deploymentId: string;
  readonly verdict: 'approve' | 'reject';
  readonly actor: string;
  readonly reason: string;
}

export interface Cancellation {
  readonly deploymentId: string;
  readonly actor: string;
  readonly reason: string;
}

/** Single writer and its queue. */
export interface NodeRedTargetState {
  readonly running: (Waiting & { readonly status: DeploymentStatus; readonly doing: string }) | null;
  readonly waiting: readonly Waiting[];
}

/** Takes a deployment into the queue; done when it is in the store. Fails with Conflict (the id is another request's) or InboxFull. */
export const requestDeployment = defineUpdate<{ readonly known: boolean }, [DeploymentRequested]>(
  'requestDeployment',
);
/** Approves or rejects the plan that waits. Fails with DeploymentOver when it does not wait. */
export const decide = defineUpdate<null, [Decision]>('decide');
/** Cancels a deployment at any point; done when it is accepted. Fails with DeploymentOver when it has ended. */
export const cancelDeployment = defineUpdate<null, [Cancellation]>('cancelDeployment');
export const targetState = defineQuery<NodeRedTargetState>('targetState');
