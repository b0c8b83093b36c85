import type { DeploymentOutcome, DeploymentStatus } from '../../domain/deployment/deployment.js';
import type { Environment } from '../../domain/tenant.js';
import type {
  InstanceBackup,
  InstanceDrift,
  InstanceTest,
} from '../../workflows/node-red-errand/messages.js';
import type { DeploymentRequested } from '../../workflows/node-red-target/messages.js';

/** Which target; the tenant is checked again by each activity. */
export interface AtTarget {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly targetId: string;
}

export interface InDeployment extends AtTarget {
  readonly deploymentId: string;
}

export interface AtInstance extends InDeployment {
  readonly instance: string;
}

/** What a run of a deployment must know of its target; instances by name only. */
export interface TargetFacts {
  readonly instances: readonly string[];
  readonly approval: boolean;
  readonly dryRun: boolean;
  readonly lockedBy: string | null;
  readonly smoke: boolean;
}

export type Pinned =
  | { readonly kind: 'pinned'; readonly sourceHash: string }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export type Inspected =
  { readonly kind: 'fit' } | { readonly kind: 'unfit'; readonly reasons: readonly string[] };

export interface BackedUp {
  readonly backupId: string;
  readonly rev: string;
}

export type Planned =
  | {
      readonly kind: 'ready';
      readonly planHash: string;
      /** The same for two plans that a person would approve alike, whatever else the instance holds. */
      readonly changeHash: string;
      readonly summary: string;
    }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }
  /** Somebody else changed what the former plan was about. */
  | { readonly kind: 'overlap'; readonly nodes: readonly string[] };

export type Sent =
  | { readonly kind: 'saved' }
  /** Somebody else deployed; `oursLanded` = on top of ours. */
  | { readonly kind: 'conflict'; readonly oursLanded: boolean }
  | { readonly kind: 'rejected'; readonly status: number };

export type Proof =
  | { readonly kind: 'live' }
  | { readonly kind: 'dead'; readonly nodes: readonly string[] }
  /** It has stopped answering: the process is gone, or blocked for good. */
  | { readonly kind: 'silent' }
  /** Somebody else has replaced what was sent. */
  | { readonly kind: 'overtaken' };

export type Smoked =
  { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly reasons: readonly string[] };

export type Committed =
  { readonly kind: 'committed' } | { readonly kind: 'credentialsLost'; readonly nodes: readonly string[] };

export type RestorePlanned =
  | { readonly kind: 'ready'; readonly planHash: string }
  /** The instance holds what it held, and nothing of ours can arrive any more. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'overlap'; readonly nodes: readonly string[] };

/** Everything that the workflow of a target asks for. Flows travel by hash; results hold ids, counts and reasons. */
export interface NodeRedActivities {
  /** Writes the row of a request; `ended` when the id has run before. Fails with Conflict for another request. */
  openDeployment(
    input: AtTarget & { readonly requested: DeploymentRequested },
  ): Promise<{ readonly ended: boolean }>;
  describeTarget(input: InDeployment): Promise<TargetFacts>;
  /** Fixes the flows to deploy as one document, fetched now for a copy. */
  pinSource(input: InDeployment): Promise<Pinned>;
  /** Checks address, account, palette and settings before anything is planned. */
  inspectInstance(input: AtInstance): Promise<Inspected>;
  /** Keeps what the instance holds now, read back and compared. */
  backUpInstance(input: AtInstance & { readonly attempt: number }): Promise<BackedUp>;
  planDeployment(
    input: AtInstance & {
      readonly sourceHash: string;
      readonly backupId: string;
      readonly attempt: number;
      /** The plan whose base is no longer there. */
      readonly former: string | null;
    },
  ): Promise<Planned>;
  /**
   * Records what it is about to do and posts it, again and again until the answer is definite. Fails with NodeRedUnavailable when nobody
   * says what happened in time; then it may still happen.
   */
  sendFlows(
    input: AtInstance & {
      readonly planHash: string;
      readonly intentId: string;
      readonly purpose: 'deploy' | 'restore';
      readonly full: boolean;
      /** How long one POST may stay without an answer; it may still be carried out later. */
      readonly limitMs: number;
    },
  ): Promise<Sent>;
  proveLive(
    input: AtInstance & { readonly planHash: string; readonly limitMs: number; readonly step: string },
  ): Promise<Proof>;
  runSmokeSteps(input: AtInstance): Promise<Smoked>;
  commitDeployment(
    input: AtInstance & { readonly planHash: string; readonly backupId: string },
  ): Promise<Committed>;
  /** Reads what is there now and plans the way back; `unclear` = a write of ours may still arrive and must be fenced off. */
  planRestore(
    input: AtInstance & {
      readonly backupId: string;
      readonly planHash: string;
      readonly attempt: number;
      readonly unclear: boolean;
    },
  ): Promise<RestorePlanned>;
  noteDeployment(
    input: InDeployment & {
      readonly status: DeploymentStatus;
      readonly eventId: string;
      readonly step: string;
      readonly detail: Readonly<Record<string, unknown>>;
      readonly plans?: readonly { readonly instance: string; readonly hash: string }[];
    },
  ): Promise<void>;
  /** Ends it; `needs_attention` locks the target. */
  endDeployment(
    input: InDeployment & { readonly outcome: DeploymentOutcome; readonly detail: string },
  ): Promise<void>;
  instancesOf(input: AtTarget): Promise<{ readonly instances: readonly string[] }>;
  /** Never fails for what an instance answers: that is the result. */
  testInstance(input: AtTarget & { readonly instance: string }): Promise<InstanceTest>;
  takeBackup(
    input: AtTarget & { readonly instance: string; readonly actor: string },
  ): Promise<InstanceBackup>;
  /** Compares an instance with what was last deployed there; changes nothing. */
  checkDrift(input: AtTarget & { readonly instance: string }): Promise<InstanceDrift>;
}
