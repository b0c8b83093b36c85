import type { FlowDiff } from '../flows/diff-flows.js';

/** A credential that must travel with the flows; its value is resolved when they are sent. */
export interface CredentialToSend {
  readonly nodeId: string;
  readonly field: string;
  readonly secretName: string;
  readonly secretVersion: number;
}

/** One planned write to one instance, kept as a document: what is sent, and what must be true afterwards. */
export interface InstancePlan {
  readonly instance: string;
  readonly backupId: string;
  readonly baseRev: string;
  readonly expectedRev: string;
  /** Document with the flows as they are sent, without secrets. */
  readonly flowsHash: string;
  /** `<deployment>/<sequence>` of the marker in them. */
  readonly marker: string;
  readonly deploymentType: 'flows' | 'full';
  readonly credentials: readonly CredentialToSend[];
  /** Names the source across its versions. */
  readonly sourceKey: string;
  /** Ids that this deployment puts there or takes away. */
  readonly touched: readonly string[];
  /** Ids of the deployed flows on this instance. */
  readonly owned: readonly string[];
  /** Nodes that must be alive afterwards. */
  readonly live: readonly string[];
  /** Nodes of the way back that were alive before. */
  readonly liveBefore: readonly string[];
  /** For people: what changes, what else restarts, what is missing. No secrets. */
  readonly report: PlanReport;
}

export interface PlanReport {
  readonly diff: FlowDiff;
  /** The diff in lines, and what to know besides. */
  readonly words: readonly string[];
  readonly warnings: readonly string[];
}
