import { createDeliverActivities, type DeliverActivities, type DeliverDeps } from './deliver.js';
import { createEvaluateActivities, type EvaluateActivities, type EvaluateDeps } from './evaluate.js';

export type AlertDeps = DeliverDeps & EvaluateDeps;

/** Looking at alert rules, and telling what they found. */
export type AlertActivities = EvaluateActivities & DeliverActivities;

export const createAlertActivities = (deps: AlertDeps): AlertActivities => ({
  ...createEvaluateActivities(deps),
  ...createDeliverActivities(deps),
});
