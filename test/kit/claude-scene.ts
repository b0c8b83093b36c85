import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import {
  createClaudeActivities,
  type ClaudeActivities,
  type ClaudeDeps,
} from '../../activities/claude/index.js';
import { toolEffect, type ToolName } from '../../domain/agent/tools.js';
import type { Tenant } from '../../domain/tenant.js';
import { Secret } from '../../platform/config/secret.js';
import { openDatabase } from '../../platform/database/open-database.js';
import { migrate } from '../../platform/database/migrate.js';
import { createStore, type Store } from '../../platform/store/store.js';
import type { PromptFiles } from '../../platform/tenants/tenant-registry.js';

export const inventedKey = 'sk-invented-model-key';

/** An invented practice in Chicago with two offices. */
export const sampleTenant: Tenant = {
  slug: 'sample-ortho',
  active: true,
  holdsHealthData: false,
  practiceName: 'Sample Orthodontics',
  phone: '555-555-0100',
  timeZone: 'America/Chicago',
  languages: ['en', 'es'],
  channels: ['chat', 'voice'],
  vendorUserName: 'Sample Agent',
  locations: [
    {
      key: 'north',
      name: 'North',
      locationGuid: 'aaaa0000-0000-4000-8000-0000000000f1',
      timeZone: 'America/Chicago',
      providerGuid: 'eeee0000-0000-4000-8000-0000000000f1',
      address: '1 Invented Street, Sampleton',
      hours: { '1': { opens: '08:00', closes: '17:00' }, '2': { opens: '09:30', closes: '13:00' } },
    },
  ],
  visitTypes: [
    {
      key: 'exam',
      name: 'New Patient Exam',
      appointmentTypeGuid: 'dddd0000-0000-4000-8000-0000000000f1',
      minutes: 40,
      slotClasses: ['Exams'],
      minAgeYears: 7,
      maxAgeYears: null,
    },
  ],
  booking: {
    siblings: 'keepBooked',
    siblingWindowMinutes: 60,
    minLeadMinutes: 60,
    maxAheadDays: 60,
    holdMinutes: { chat: 10, voice: 3 },
  },
  model: { name: 'claude-sonnet-5-5', maxTokens: 800, fallback: 'claude-haiku-5-5' },
  integrations: { sandbox: ['cloud9', 'anthropic'], production: [] },
};

/** One attempt of an activity as Temporal runs it, without its own log lines about failures that a test wants. */
export const activityEnvironment = (attempt = 1): MockActivityEnvironment =>
  new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') });

/** The Claude activities over a real store in a folder of its own, pointed at any Messages API. */
export interface ClaudeScene {
  readonly store: Store;
  readonly logged: readonly unknown[];
  /** The worker's clock; tests move it. */
  readonly clock: { now: number };
  /** What the tenant's files say; tests edit it. */
  readonly files: { -readonly [K in keyof PromptFiles]: PromptFiles[K] };
  readonly activities: ClaudeActivities;
  /** The same process with another tenant or deadline. */
  with(change: { readonly tenant?: Tenant; readonly stepTimeoutMs?: number }): ClaudeActivities;
  /** Runs an activity as Temporal would, as this attempt. */
  run<Input, Output>(
    activity: (input: Input) => Promise<Output>,
    input: Input,
    attempt?: number,
  ): Promise<Output>;
  close(): Promise<void>;
}

export async function claudeScene(modelUrl: string): Promise<ClaudeScene> {
  const folder = await mkdtemp(join(tmpdir(), 'chairside-claude-'));
  const database = await openDatabase({ databasePath: join(folder, 'test.db'), databaseUrl: null });
  await migrate(database);
  const time = { now: Date.parse('2026-11-24T15:05:00Z') };
  const clock = { nowMs: () => time.now };
  const store = createStore(database, clock);
  const logged: unknown[] = [];
  const log = (event: string, fields: object) => logged.push({ event, ...fields });
  const files: ClaudeScene['files'] = {
    system: 'You are an invented receptionist.\n',
    tools: Object.fromEntries(Object.keys(toolEffect).map((name) => [name, `What ${name} does.`])) as Record<
      ToolName,
      string
    >,
  };
  const key = Buffer.from('an invented key of 32 bytes only');
  const create: ClaudeScene['with'] = ({ tenant = sampleTenant, stepTimeoutMs = 5_000 }) => {
    const deps: ClaudeDeps = {
      store,
      clock,
      settleMs: 10_000,
      loggers: { log: { info: log, warn: log } },
      masterKeys: { current: { id: 'test', key }, byId: new Map([['test', key]]) },
      tenants: {
        get: (slug) => (slug === tenant.slug ? tenant : undefined),
        promptFiles: () => Promise.resolve(files),
      },
      credentials: {
        resolve: (() =>
          Promise.resolve({
            apiKey: new Secret(inventedKey),
            baseUrl: modelUrl,
            version: 1,
          })) as ClaudeDeps['credentials']['resolve'],
      },
      claude: { stepTimeoutMs, cli: null },
      promptBackend: 'api',
    };
    return createClaudeActivities(deps);
  };
  return {
    store,
    logged,
    clock: time,
    files,
    activities: create({}),
    with: create,
    run: (activity, input, attempt = 1) => activityEnvironment(attempt).run(activity, input),
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
