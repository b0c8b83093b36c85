import type { Migration } from '../migration.js';

/** Models that Langfuse projects price themselves, each version from when it was first seen. */
export const modelPrices: Migration = {
  name: '0013-model-prices',
  statements: [
    `create table model_prices (
      tenant_id text not null, environment text not null, config_id text not null, seen_at_ms $int not null,
      checked_at_ms $int not null, models_json text not null, primary key (tenant_id, config_id, seen_at_ms))`,
  ],
};
