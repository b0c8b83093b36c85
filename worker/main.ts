import { existsSync } from 'node:fs';
import { makeTelemetryFilterString, NativeConnection, Runtime, DefaultLogger } from '@temporalio/worker';
import type { Client } from '@temporalio/client';
import { createActivities } from '../activities/index.js';
import { openCache } from '../platform/cache/open-cache.js';
import { loadConfig } from '../platform/config/config.js';
import { processEnvironment } from '../platform/config/process-environment.js';
import { createTemporalClient, temporalTarget } from '../platform/temporal/connection.js';
import { activityDeps } from './activity-deps.js';
import { followAlertRules } from './alert-rules.js';
import { workflowBundlePath } from './bundle/location.js';
import { createChatWorker } from './chat-worker.js';
import { takeInFlowFolders } from './flow-folders.js';
import { takeInPromptFolders } from './prompt-folders.js';
import { reconcileNodeRedSchedules } from './schedules/node-red-schedules.js';
import { reconcileReferenceSchedules } from './schedules/reference-schedules.js';
import { reconcileTraceImportSchedules } from './schedules/trace-import-schedules.js';
import { reconcileTraceSubmissionSchedules } from './schedules/trace-submission-schedules.js';
import { openServices, type Services } from '../platform/services.js';

/** The worker process: takes tasks until it is told to stop, then finishes what runs and exits 0. */
async function main(): Promise<void> {
  const config = loadConfig(processEnvironment());
  if (!existsSync(workflowBundlePath)) {
    throw new Error('The workflow bundle is missing. Run `npm run build` first.');
  }
  const services = await openServices(config, 'worker');
  const { loggers } = services;
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      loggers.log.log({ level: level.toLowerCase(), message, ...meta });
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) },
    },
  });
  const cache = await openCache(config, loggers.log);
  await takeInPromptFolders(services);
  await takeInFlowFolders(services);
  const client = createTemporalClient(config, services.masterKeys);
  const { connectionOptions, namespace } = temporalTarget(config);
  const connection = await NativeConnection.connect(connectionOptions);
  const worker = await createChatWorker({
    connection,
    namespace,
    masterKeys: services.masterKeys,
    activities: createActivities(activityDeps(services, cache, client)),
    workflowBundle: { codePath: workflowBundlePath },
  });
  loggers.log.info('ready', { process: 'worker', namespace });
  // A caller may be waiting for this start: taking work comes first.
  const schedules = setSchedules(services, client);
  try {
    await worker.run();
    await schedules;
  } finally {
    await connection.close();
    await client.connection.close();
    await cache.close();
    await services.close();
  }
}

/** Schedules and alert rules. Work that is asked for goes on without them; the next start tries again. */
async function setSchedules({ tenants, store, loggers }: Services, client: Client): Promise<void> {
  try {
    // First: one of them tells when the schedules below do not run.
    await followAlertRules(client, tenants, store);
    await reconcileReferenceSchedules(client, tenants);
    await reconcileTraceImportSchedules(client, tenants, store);
    await reconcileNodeRedSchedules(client, tenants, store);
    await reconcileTraceSubmissionSchedules(client, tenants, store);
  } catch (error) {
    loggers.log.error('schedules could not be set', { error });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The worker cannot run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
