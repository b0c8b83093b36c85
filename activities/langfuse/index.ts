import type { LangfuseDeps } from './connection.js';
import { createOnDemandActivities, type OnDemandActivities } from './on-demand.js';
import { createOwnTraceActivities, type OwnTraceActivities } from './own-traces/index.js';
import type { CollectDeps } from './own-traces/collect.js';
import { createProbeActivities, type ProbeActivities } from './probe.js';
import { createSealActivities, type SealActivities } from './seal-window.js';
import { createWalkActivities, type WalkActivities } from './walk-window.js';

export type { LangfuseDeps } from './connection.js';

/** Everything that workflows may ask of Langfuse. */
export type LangfuseActivities = ProbeActivities &
  WalkActivities &
  SealActivities &
  OnDemandActivities &
  OwnTraceActivities;

export const createLangfuseActivities = (deps: LangfuseDeps & CollectDeps): LangfuseActivities => ({
  ...createProbeActivities(deps),
  ...createWalkActivities(deps),
  ...createSealActivities(deps),
  ...createOnDemandActivities(deps),
  ...createOwnTraceActivities(deps),
});
