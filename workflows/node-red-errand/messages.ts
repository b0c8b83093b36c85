import type { Environment } from '../../domain/tenant.js';

/** The workflow type; stored histories and schedules name it, so it never changes. */
export const nodeRedErrandType = 'nodeRedErrand';

/** Something that is done at every instance of a target and changes nothing there. */
export interface NodeRedErrand {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly kind: 'test' | 'backup' | 'drift';
  /** User id, or `schedule`. */
  readonly actor: string;
}

/** What an instance is and what an operator should know before deploying there. */
export interface InstanceTest {
  readonly instance: string;
  readonly reachable: boolean;
  /** Row of the failure table; null when all is well. */
  readonly failure: string | null;
  readonly version: string | null;
  readonly authKind: 'open' | 'credentials' | 'strategy' | null;
  readonly rev: string | null;
  readonly state: string | null;
  readonly modules: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

export interface InstanceBackup {
  readonly instance: string;
  readonly backupId: string | null;
  readonly rev: string | null;
  readonly failure: string | null;
}

/** How an instance differs from what was last deployed there. */
export interface InstanceDrift {
  readonly instance: string;
  readonly kind: 'none' | 'neverDeployed' | 'cosmetic' | 'foreign' | 'content' | 'unreachable';
  readonly reportId: string | null;
}

export interface ErrandResult {
  readonly tests: readonly InstanceTest[];
  readonly backups: readonly InstanceBackup[];
  readonly drift: readonly InstanceDrift[];
}
