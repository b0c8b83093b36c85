import { createAlertReceivers, type AlertReceivers } from './alert-receiver.js';
import { systemClock, type Clock } from './clock.js';
import type { Config } from './config/config.js';
import { createCredentialResolver, seedCredentials, type CredentialResolver } from './credentials.js';
import { openDatabase } from './database/open-database.js';
import { migrate } from './database/migrate.js';
import { createLangfuseKeyring, type LangfuseKeyring } from './langfuse-keys.js';
import { createLoggers, type Loggers } from './logger/loggers.js';
import { createNodeRedSecrets, type NodeRedSecrets } from './node-red-access.js';
import { loadOrCreateMasterKeys, type MasterKeys } from './secrets/master-keys.js';
import { findPromptBackend } from './prompts/prompt-backend.js';
import type { BackendName } from './prompts/prompt-bundle.js';
import { createSealer, type Sealer } from './secrets/sealer.js';
import { createFlowDocuments, type FlowDocuments } from './store/flow-documents.js';
import { createStore, type Store } from './store/store.js';
import { loadTenants } from './tenants/load-tenants.js';
import type { TenantRegistry } from './tenants/tenant-registry.js';

/** What every process of the service opens first. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly loggers: Loggers;
  readonly masterKeys: MasterKeys;
  readonly sealer: Sealer;
  readonly tenants: TenantRegistry;
  readonly store: Store;
  readonly credentials: CredentialResolver;
  readonly nodeRedSecrets: NodeRedSecrets;
  readonly flowDocuments: FlowDocuments;
  readonly langfuseKeys: LangfuseKeyring;
  readonly alertReceivers: AlertReceivers;
  /** How prompt bundles built by this installation speak to the model. */
  readonly promptBackend: BackendName;
  /** Answers when the store does; throws when it is away. */
  pingStore(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens logs, keys, tenants and the migrated store, and seeds credentials from the environment. Safe to run in several processes at once.
 * Throws ConfigError or a readable Error when something cannot be used: a process that cannot work must not start.
 */
export async function openServices(config: Config, processName: string): Promise<Services> {
  const loggers = createLoggers(config, processName);
  for (const warning of config.warnings) loggers.log.warn(warning);
  const masterKeys = await loadOrCreateMasterKeys(config);
  const sealer = createSealer(masterKeys);
  const tenants = await loadTenants(config.tenantsDir);
  const promptBackend = await findPromptBackend(config, tenants.list());
  const database = await openDatabase({
    databasePath: config.databasePath,
    databaseUrl: config.databaseUrl,
    onQuery: ({ sql, durationMs, failed }) => {
      const level = failed ? 'error' : 'debug';
      // winston formats a line before it asks whether anybody wants it; statements are many.
      if (!loggers.dbOperation.isLevelEnabled(level)) return;
      loggers.dbOperation.log({ level, message: 'statement', sql, durationMs });
    },
  });
  for (const name of await migrate(database)) loggers.log.info('migration applied', { migration: name });
  const store = createStore(database, systemClock);
  await seedCredentials(config, tenants, store, sealer);
  return {
    config,
    clock: systemClock,
    loggers,
    masterKeys,
    sealer,
    tenants,
    store,
    credentials: createCredentialResolver({ store, sealer }),
    nodeRedSecrets: createNodeRedSecrets({ store, sealer }),
    flowDocuments: createFlowDocuments(database, systemClock, sealer),
    langfuseKeys: createLangfuseKeyring({ store, sealer }),
    alertReceivers: createAlertReceivers({ store, sealer }),
    promptBackend,
    pingStore: async () => {
      await store.users.get('ping');
    },
    close: () => database.close(),
  };
}
