import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { systemClock } from '../../platform/clock.js';
import { loadConfig, type Config } from '../../platform/config/config.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { createStore, type Store } from '../../platform/store/store.js';
import { loadOrCreateMasterKeys } from '../../platform/secrets/master-keys.js';
import { createTemporalClient } from '../../platform/temporal/connection.js';
import {
  bookingConversationType,
  type ConversationStart,
} from '../../workflows/booking-conversation/messages.js';
import { conversationWorkflowId, taskQueue } from '../../workflows/ids.js';
import { startClaudeSimulator } from '../../simulators/claude/server.js';
import { startCloud9Simulator } from '../../simulators/cloud9/server.js';
import { startAimock } from './aimock-script.js';
import { logIn, putCredentials, startCaller, type Caller, type CallerOptions } from './caller.js';
import { freePort, inRepository, startChild, type Child } from './child.js';
import { modelScript, type ModelScript, type ModelServer } from './model-script.js';
import { practiceSystem, type PracticeSystem } from './practice-system.js';
import { startTemporalServer, type TemporalServer } from './temporal-server.js';

/** A process that can be killed and started again. */
export interface Restartable {
  kill(): Promise<void>;
  start(): Promise<void>;
  /** False before its start, and once it has ended by whatever cause. */
  isAlive(): boolean;
  /** Of its present life. */
  pid(): number;
  output(): string;
}

/** The whole product on free ports in a folder of its own: real Temporal, worker and API as processes, simulators in this process. */
export interface Stack {
  readonly apiUrl: string;
  readonly temporal: TemporalServer;
  readonly worker: Restartable;
  readonly api: Restartable;
  readonly practice: PracticeSystem;
  readonly model: ModelScript;
  readonly client: Client;
  readonly folder: string;
  readonly config: Config;
  /** Starts the workflow of a conversation that begins, with durations that a test need not wait for, or with another budget. */
  hurry(
    caller: Caller,
    options: CallerOptions & Pick<ConversationStart, 'timings' | 'budget'>,
  ): Promise<void>;
  /** Begins a conversation. All callers of a stack share one login: a password check costs more than a whole turn. */
  caller(options?: CallerOptions): Promise<Caller>;
  /** Opens the second sample practice, whose siblings come all or not at all, and gives its practice system. */
  openRiverOrtho(): Promise<PracticeSystem>;
  /** Places that the conversation holds at this moment, the earliest first. */
  heldPlaces(caller: Caller): Promise<readonly { readonly columnGuid: string; readonly start: string }[]>;
  /** Makes the first hold of a conversation run out, as if its minutes had passed. */
  letHoldRunOut(conversationId: string): Promise<void>;
  /** Everything that the model was told in a conversation besides its own words, as text. */
  toldToModel(conversationId: string): Promise<string>;
  /** All log files and process outputs, to be searched for what must not be there. */
  logs(): Promise<string>;
  stop(): Promise<void>;
}

/** Fixed, so that recorded histories (test/histories) can be read again. It protects nothing. */
export const recordedHistoriesKey = `test:${Buffer.from('an invented key for tests only !').toString('base64')}`;

const administrator = { email: 'admin@example.invalid', password: 'Invented-Password-1' };
const cloud9Account = { userName: 'sim-user', password: 'sim-pass' };
const riverAccount = {
  clientId: '22222222-2222-4222-8222-222222222222',
  userName: 'river-user',
  password: 'river-pass',
};
const modelKey = 'invented-model-key';

/** What must never be found in a log or a history. */
export const seededSecrets = [
  administrator.password,
  cloud9Account.password,
  modelKey,
  recordedHistoriesKey,
] as const;

/** Starts a stack. `env` overrides any setting of the product; throttle gaps are off unless `gapScale` is given. */
export async function startStack(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly gapScale?: number;
    readonly settleMs?: number;
    /** Who plays the model: our simulator, or aimock, which is not ours. */
    readonly model?: 'simulator' | 'aimock';
    /** Needed outside of the test runner, which knows it otherwise. */
    readonly temporalCliPath?: string;
    /** A server that runs already, instead of a dev server. */
    readonly temporal?: TemporalServer;
    /** Where the built product lies, instead of this repository. */
    readonly productFolder?: string;
  } = {},
): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'chairside-test-'));
  const gapScale = options.gapScale ?? 0;
  const [temporal, cloud9, claude, port] = await Promise.all([
    options.temporal ?? startTemporalServer(folder, options.temporalCliPath),
    startCloud9Simulator({ gapScale }),
    options.model === 'aimock' ? startAimock() : startSimulator(),
    freePort(),
  ]);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    NODE_ENV: 'test',
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    DATABASE_PATH: join(folder, 'data', 'chairside.db'),
    LOG_DIR: join(folder, 'logs'),
    LOG_FORMAT: 'json',
    TENANTS_DIR: inRepository('tenants'),
    TEMPORAL_ADDRESS: temporal.address,
    MASTER_KEY: recordedHistoriesKey,
    JWT_SECRET: randomBytes(32).toString('base64'),
    MASTER_ADMIN_EMAIL: administrator.email,
    MASTER_ADMIN_PASSWORD: administrator.password,
    CLOUD9_SANDBOX_ENDPOINT: cloud9.url,
    CLOUD9_SANDBOX_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
    CLOUD9_SANDBOX_USERNAME: cloud9Account.userName,
    CLOUD9_SANDBOX_PASSWORD: cloud9Account.password,
    CLOUD9_GAP_SCALE: String(gapScale),
    SETTLE_MS: String(options.settleMs ?? 300),
    ANTHROPIC_BASE_URL: claude.url,
    ANTHROPIC_API_KEY: modelKey,
    ...options.env,
  };
  const config = loadConfig(env);
  const launch = (entry: string): Promise<Child> =>
    startChild(
      process.execPath,
      [options.productFolder ? join(options.productFolder, entry) : inRepository(entry)],
      { env, cwd: folder, ready: saysReady },
    );
  const api = restartable(() => launch('dist/api/main.js'));
  const worker = restartable(() => launch('dist/worker/main.js'));
  const stopAll = async (): Promise<void> => {
    await Promise.all([api.stop(), worker.stop()]);
    await Promise.all([temporal.stop(), cloud9.close(), claude.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await api.start();
    await worker.start();
  } catch (error) {
    await stopAll();
    throw error;
  }
  const apiUrl = `http://127.0.0.1:${port}`;
  const client = createTemporalClient(config, await loadOrCreateMasterKeys(config));
  const withStore = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    const database = await openDatabase(config);
    try {
      return await work(createStore(database, systemClock));
    } finally {
      await database.close();
    }
  };
  let login: Promise<string> | undefined;
  const token = (): Promise<string> => (login ??= logIn(apiUrl, administrator));
  return {
    apiUrl,
    temporal,
    worker,
    api,
    folder,
    config,
    client,
    practice: practiceSystem(cloud9.url),
    model: claude.script,
    heldPlaces: ({ tenantId, conversationId }) =>
      withStore(async (store) =>
        (await store.holds.active(tenantId, 'sandbox'))
          .filter((held) => held.conversationId === conversationId)
          .sort((one, other) => (one.start < other.start ? -1 : 1)),
      ),
    letHoldRunOut: async (conversationId) => {
      await withStore((store) => store.holds.extend('bright-smiles', `${conversationId}.H1`, Date.now()));
    },
    toldToModel: (conversationId) =>
      withStore(async (store) => {
        const entries = await store.transcript.load('bright-smiles', conversationId);
        return entries
          .flatMap(({ role, content }) => (role === 'caller' ? [JSON.stringify(content)] : []))
          .join('\n');
      }),
    hurry: async (
      { conversationId },
      { tenantId = 'bright-smiles', channel = 'chat', language = 'en', timings, budget },
    ) => {
      const start: ConversationStart = {
        tenantId,
        environment: 'sandbox',
        conversationId,
        channel,
        language,
        isTest: true,
        ...(timings && { timings }),
        ...(budget && { budget }),
      };
      await client.workflow.start(bookingConversationType, {
        workflowId: conversationWorkflowId(tenantId, conversationId),
        taskQueue,
        args: [start],
      });
    },
    openRiverOrtho: async () => {
      const { userName, password, clientId } = riverAccount;
      const account = { endpoint: cloud9.url, clientId, userName, password };
      await putCredentials(apiUrl, await token(), 'river-ortho', 'cloud9', account);
      return practiceSystem(cloud9.url, clientId);
    },
    caller: async (begin = {}) => startCaller(apiUrl, await token(), begin),
    logs: async () => [api.output(), worker.output(), await readLogs(join(folder, 'logs'))].join('\n'),
    stop: async () => {
      await client.connection.close();
      await stopAll();
    },
  };
}

async function startSimulator(): Promise<ModelServer> {
  const simulator = await startClaudeSimulator({});
  return { url: simulator.url, script: modelScript(simulator.url), close: () => simulator.close() };
}

const saysReady = (output: string): boolean => /"?ready"?/.test(output);

function restartable(launch: () => Promise<Child>): Restartable & { stop(): Promise<void> } {
  const lives: Child[] = [];
  const current = (): Child | undefined => lives.at(-1);
  return {
    start: async () => {
      lives.push(await launch());
    },
    kill: async () => current()?.kill(),
    isAlive: () => current()?.isAlive() ?? false,
    pid: () => current()?.pid ?? 0,
    stop: async () => {
      await current()?.stop();
    },
    output: () => lives.map((life) => life.output()).join('\n'),
  };
}

async function readLogs(folder: string): Promise<string> {
  const { readdir } = await import('node:fs/promises');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.join('\n');
}
