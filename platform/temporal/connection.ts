import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Config } from '../config/config.js';
import type { MasterKeys } from '../secrets/master-keys.js';
import { createDataConverter } from './data-converter.js';

/** Address, namespace and (for Temporal Cloud or TLS) everything else that TEMPORAL_* or temporal.toml say. */
export function temporalTarget(config: Pick<Config, 'temporal'>): {
  readonly namespace: string;
  readonly connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
} {
  const fromEnvironment = loadClientConnectConfig();
  return {
    namespace: config.temporal.namespace,
    connectionOptions: { ...fromEnvironment.connectionOptions, address: config.temporal.address },
  };
}

/**
 * A client whose payloads are encrypted. It connects on first use, so that the API starts, answers its health route and reports a
 * clear problem while the Temporal server is away.
 */
export function createTemporalClient(config: Pick<Config, 'temporal'>, masterKeys: MasterKeys): Client {
  const { namespace, connectionOptions } = temporalTarget(config);
  const connection = Connection.lazy(connectionOptions);
  return new Client({ connection, namespace, dataConverter: createDataConverter(masterKeys) });
}
