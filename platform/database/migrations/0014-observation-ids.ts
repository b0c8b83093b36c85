import type { Migration } from '../migration.js';

/** Error messages and Langfuse's own pages name observations; the key begins with their trace. */
export const observationIds: Migration = {
  name: '0014-observation-ids',
  statements: [
    `create index imported_observations_by_id on imported_observations (tenant_id, environment, observation_id)`,
  ],
};
