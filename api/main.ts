import type { Server } from 'node:http';
import { loadConfig } from '../platform/config/config.js';
import { processEnvironment } from '../platform/config/process-environment.js';
import { loadOrCreateJwtSecret } from '../platform/secrets/master-keys.js';
import { createPseudonyms } from '../platform/secrets/pseudonyms.js';
import { openServices } from '../platform/services.js';
import { createTemporalClient } from '../platform/temporal/connection.js';
import { createEncryptionCodec } from '../platform/temporal/encryption-codec.js';
import { createApp } from './app.js';
import { ensureFirstAdministrator } from './auth/first-administrator.js';
import { createPasswords } from './auth/passwords.js';
import { createTokens } from './auth/tokens.js';
import { createAlertRuleFollowers } from './temporal/alert-rules.js';
import { createConversations } from './temporal/conversations.js';
import { createNodeRedTargets } from './temporal/node-red.js';
import { createPracticeDesk } from './temporal/practice-desk.js';
import { createTraceImports } from './temporal/trace-imports.js';

/** Waiting callers get their replies before the process ends, up to this. */
const drainMs = 30_000;

async function main(): Promise<void> {
  const config = loadConfig(processEnvironment());
  const services = await openServices(config, 'api');
  const client = createTemporalClient(config, services.masterKeys);
  const passwords = createPasswords();
  const generated = await ensureFirstAdministrator(config, services.store, passwords);
  if (generated !== null) {
    // The only time that it can be read; never in a log file.
    process.stdout.write(`First administrator: ${config.masterAdminEmail}  password: ${generated}\n`);
  }
  const app = createApp({
    ...services,
    passwords,
    tokens: createTokens(await loadOrCreateJwtSecret(config)),
    conversations: createConversations(client, config.temporal.namespace),
    pseudonyms: createPseudonyms(services.masterKeys),
    practiceDesk: createPracticeDesk(client, config.temporal.namespace),
    nodeRed: createNodeRedTargets(client),
    alertRules: createAlertRuleFollowers(client, services.loggers),
    traceImports: createTraceImports(client, config.temporal.namespace),
    codec: createEncryptionCodec(services.masterKeys),
  });
  const server = await listen(app, config.port, config.host);
  services.loggers.log.info('ready', { process: 'api', port: config.port });
  const stop = (): void => {
    server.close(() => {
      void Promise.all([client.connection.close(), services.close()]);
    });
    setTimeout(() => server.closeAllConnections(), drainMs).unref();
    server.closeIdleConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

const listen = (app: ReturnType<typeof createApp>, port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error) => {
      if (!error) resolve(server);
      else if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
        reject(new Error(`PORT ${port} is in use by another process. Stop it or set PORT.`));
      } else reject(error);
    });
  });

main().catch((error: unknown) => {
  process.stderr.write(`The API cannot run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
