import { createBackupActivities } from './backup.js';
import type { NodeRedActivities } from './contract.js';
import type { NodeRedDeps } from './node-red-deps.js';
import { createDriftActivities } from './drift.js';
import { createErrandActivities } from './errands.js';
import { createPlanActivities } from './plan.js';
import { createProofActivities } from './proof.js';
import { createRecordActivities } from './records.js';
import { createRestoreActivities } from './restore.js';
import { createSendActivities } from './send.js';
import { createSourceActivities } from './source.js';

export type { NodeRedActivities } from './contract.js';
export type { NodeRedDeps } from './node-red-deps.js';

/** Everything that workflows may ask of Node-RED and of what we know about it. */
export const createNodeRedActivities = (deps: NodeRedDeps): NodeRedActivities => ({
  ...createRecordActivities(deps),
  ...createSourceActivities(deps),
  ...createBackupActivities(deps),
  ...createPlanActivities(deps),
  ...createSendActivities(deps),
  ...createProofActivities(deps),
  ...createRestoreActivities(deps),
  ...createErrandActivities(deps),
  ...createDriftActivities(deps),
});
