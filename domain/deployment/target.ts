/** One Node-RED process behind a target. `url` is the root of its admin API (`httpAdminRoot` included), without a slash at the end. */
export interface Instance {
  readonly name: string;
  readonly url: string;
  /** Where its `http in` nodes answer; null = nothing of it may be called by smoke steps. */
  readonly nodeUrl: string | null;
}

/** How many backups of an instance are kept. The newest one and that of the last good deployment always stay. */
export interface Retention {
  readonly last: number;
  readonly daily: number;
  readonly weekly: number;
}

/** What an operator decided about a target, apart from its credentials. */
export interface TargetSettings {
  readonly name: string;
  /** Instances that share one address behind a balancer; each is deployed and proven by itself. */
  readonly instances: readonly Instance[];
  /** A person must approve the plan before anything is sent. */
  readonly approval: boolean;
  /** npm modules that function nodes of a deployed flow may ask for; the target would install any other one (node-red.md 4.1). */
  readonly allowedModules: readonly string[];
  /** Node types that no deployment may bring, such as `exec`. */
  readonly forbiddenTypes: readonly string[];
  readonly backupEveryMinutes: number | null;
  readonly driftEveryMinutes: number | null;
  readonly retention: Retention;
}

/** Why a target takes no deployments until a person has looked. */
export interface TargetLock {
  readonly deploymentId: string;
  readonly reason: string;
  readonly atMs: number;
}

/** A day's work can be lost, and what others changed is known within the hour. */
export const usualPeriods = { backupEveryMinutes: 1_440, driftEveryMinutes: 60 } as const;

/** Two by default when nothing is said: what a person would want to go back to after a bad week. */
export const usualRetention: Retention = { last: 20, daily: 14, weekly: 8 };
