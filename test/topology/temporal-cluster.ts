import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort, inRepository, portIsFree, startChild, type Child } from '../kit/child.js';
import { startPostgresServer, type PostgresServer } from '../kit/postgres-server.js';
import { listening, type TemporalServer } from '../kit/temporal-server.js';

/** What `go install` leaves: the server and its schema tool; and the module's own files (configuration, schema). */
export interface TemporalBuild {
  readonly server: string;
  readonly sqlTool: string;
  readonly moduleFolder: string;
}

/** PostgreSQL as the compose file starts it, every commit synced: a fresh volume, then the scripts of its init folder. */
export async function startPostgres(folder: string, password: string): Promise<PostgresServer> {
  const server = await startPostgresServer(folder, password);
  execFileSync('sh', [inRepository('deploy/create-store.sh')], {
    env: {
      PATH: process.env['PATH'],
      POSTGRES_USER: 'postgres',
      POSTGRES_PASSWORD: password,
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGPASSWORD: password,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return server;
}

/** The production server with PostgreSQL, set up in the steps of the image `temporalio/auto-setup`; `environment` is that image's. */
export async function startTemporalCluster(
  build: TemporalBuild,
  folder: string,
  postgresPort: number,
  environment: Readonly<Record<string, string>>,
): Promise<TemporalServer> {
  const user = environment['POSTGRES_USER'] ?? '';
  const password = environment['POSTGRES_PWD'] ?? '';
  for (const [database, schema] of [
    ['temporal', 'temporal'],
    ['temporal_visibility', 'visibility'],
  ] as const) {
    const sql = (...args: string[]): void => {
      const access = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(postgresPort)];
      execFileSync(build.sqlTool, [...access, '-u', user, '--pw', password, '--db', database, ...args], {
        stdio: 'ignore',
      });
    };
    sql('create');
    sql('setup-schema', '-v', '0.0');
    sql('update-schema', '-d', join(build.moduleFolder, 'schema/postgresql/v12', schema, 'versioned'));
  }
  const port = await membersPort();
  await writeConfiguration(build, folder, postgresPort, port, environment);
  const start = async (): Promise<Child> => {
    const child = await startChild(
      build.server,
      ['--root', '/', '--config', join(folder, 'temporal'), '--env', 'cluster', '--allow-no-auth', 'start'],
      { env: { PATH: process.env['PATH'] } },
    );
    try {
      await listening(port);
    } catch (error) {
      throw new Error(`The Temporal server did not start:\n${child.output()}`, { cause: error });
    }
    return child;
  };
  let child = await start();
  return {
    address: `127.0.0.1:${port}`,
    isAlive: () => child.isAlive(),
    pid: () => child.pid,
    kill: () => child.kill(),
    restart: async () => {
      await child.kill();
      child = await start();
    },
    stop: () => child.kill(),
  };
}

/** The server keeps its members' ports as 16-bit integers with a sign; a port that the system chooses is mostly above. */
const largestMembersPort = 32_767;
const smallestMembersPort = 20_000;

async function membersPort(): Promise<number> {
  for (;;) {
    const port = randomInt(smallestMembersPort, largestMembersPort + 1);
    if (await portIsFree(port)) return port;
  }
}

/** The module's own configuration for PostgreSQL, with the settings that the image takes from its environment. */
async function writeConfiguration(
  build: TemporalBuild,
  folder: string,
  postgresPort: number,
  frontendPort: number,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const text = await readFile(join(build.moduleFolder, 'config/development-postgres12.yaml'), 'utf8');
  const configuration = parse(text) as {
    log: { level: string };
    persistence: {
      numHistoryShards: number;
      datastores: Record<string, { sql: { connectAddr: string; user: string; password: string } }>;
    };
    global: { pprof: { port: number }; metrics: unknown };
    services: Record<string, { rpc: { grpcPort: number; membershipPort: number; httpPort?: number } }>;
    clusterMetadata: { clusterInformation: { active: { rpcAddress: string } } };
    dynamicConfigClient: { filepath: string };
    archival: unknown;
    namespaceDefaults: unknown;
  };
  configuration.log.level = 'warn';
  configuration.persistence.numHistoryShards = Number(environment['NUM_HISTORY_SHARDS'] ?? 4);
  for (const { sql } of Object.values(configuration.persistence.datastores)) {
    sql.connectAddr = `127.0.0.1:${postgresPort}`;
    sql.user = environment['POSTGRES_USER'] ?? '';
    sql.password = environment['POSTGRES_PWD'] ?? '';
  }
  for (const [name, { rpc }] of Object.entries(configuration.services)) {
    rpc.grpcPort = name === 'frontend' ? frontendPort : await membersPort();
    rpc.membershipPort = await membersPort();
    if (rpc.httpPort !== undefined) rpc.httpPort = await freePort();
  }
  configuration.clusterMetadata.clusterInformation.active.rpcAddress = `127.0.0.1:${frontendPort}`;
  configuration.global.pprof.port = await freePort();
  delete configuration.global.metrics;
  delete configuration.archival;
  delete configuration.namespaceDefaults;
  // Where the image has it by a volume, this machine has it in deploy/.
  configuration.dynamicConfigClient.filepath = environment['DYNAMIC_CONFIG_FILE_PATH'] ?? '';
  await mkdir(join(folder, 'temporal'), { recursive: true });
  await writeFile(join(folder, 'temporal', 'cluster.yaml'), stringify(configuration));
}
