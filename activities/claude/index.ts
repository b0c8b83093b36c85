import type { ClaudeDeps } from './claude-deps.js';
import { createOpeningActivities, type OpeningActivities } from './conversation-opening.js';
import { createModelStepActivities, type ModelStepActivities } from './model-step.js';

export type { ClaudeDeps } from './claude-deps.js';

/** Everything that workflows may ask of the model. */
export type ClaudeActivities = OpeningActivities & ModelStepActivities;

export const createClaudeActivities = (deps: ClaudeDeps): ClaudeActivities => ({
  ...createOpeningActivities(deps),
  ...createModelStepActivities(deps),
});
