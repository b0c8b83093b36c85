import type { ConfigBindings } from '../flows/bind-configs.js';
import type { PropertyRewrite } from '../flows/rewrite-properties.js';
import type { Environment } from '../tenant.js';

/** Where the flows of a deployment come from. */
export type DeploymentSource =
  | { readonly kind: 'artifact'; readonly hash: string }
  /** Puts a whole instance back to what it was. */
  | { readonly kind: 'backup'; readonly backupId: string }
  /** Copies tabs of another target; their ids are derived anew for this one. */
  | {
      readonly kind: 'copy';
      readonly tenantId: string;
      readonly environment: Environment;
      readonly targetId: string;
      /** Ids or labels of tabs. */
      readonly tabs: readonly string[];
    };

/** One check after the flows run. */
export type SmokeStep =
  | {
      readonly kind: 'http';
      readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
      readonly path: string;
      readonly body: string | null;
      readonly status: number;
      /** Text that the answer must hold; null = any. */
      readonly contains: string | null;
    }
  | { readonly kind: 'inject'; readonly node: string };

export interface DeploymentOptions {
  /** Ends after the plan; nothing is sent. */
  readonly dryRun: boolean;
  /** Null = as the target says. */
  readonly approval: boolean | null;
  /** `flows` restarts what changed and what is wired to it; `full` everything (node-red.md 3.2). */
  readonly deploymentType: 'flows' | 'full';
  readonly smoke: readonly SmokeStep[];
  /** Put in front of the url of every copied `http in`; null = as it is. */
  readonly routePrefix: string | null;
  /** Values for `env` entries of the tabs, by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** Other values for single properties, before ids are renamed. */
  readonly rewrite: readonly PropertyRewrite[];
  /** Config nodes of the target to be used instead of those of the source. */
  readonly bindings: ConfigBindings;
  /** Secrets for credentials: id of the node in the source -> field -> name of a secret of the target. */
  readonly credentials: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Where a deployment stands. */
export const deploymentStatuses = ['queued', 'planning', 'awaitingApproval', 'deploying', 'ended'] as const;
export type DeploymentStatus = (typeof deploymentStatuses)[number];

/** How a deployment ends; each is told with words in `detail`. */
export const deploymentOutcomes = [
  /** The new flows run on every instance and are proven alive. */
  'deployed',
  /** The target already holds exactly this. */
  'unchanged',
  /** A dry run: the plan is there, nothing was sent. */
  'planned',
  /** Nothing was sent: the validator, the target or a rule of ours refused. */
  'refused',
  /** Nothing was sent: a person said no. */
  'rejected',
  /** Nothing was sent: nobody decided in time. */
  'expired',
  /** A person cancelled it; the flows are what they were. */
  'cancelled',
  /** Somebody else changed what this deployment is about; theirs was left alone. */
  'conflict',
  /** It was sent, did not come alive or failed its checks, and was taken back; the flows are what they were. */
  'restored',
  /** Nothing was changed: the target could not be used. */
  'failed',
  /** The target is in a state that only a person can mend; it takes no deployments until that is acknowledged. */
  'needs_attention',
] as const;
export type DeploymentOutcome = (typeof deploymentOutcomes)[number];
