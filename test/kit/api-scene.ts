import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import winston from 'winston';
import { createApp } from '../../api/app.js';
import { createPasswords } from '../../api/auth/passwords.js';
import { createTokens } from '../../api/auth/tokens.js';
import { createAlertRuleFollowers } from '../../api/temporal/alert-rules.js';
import { createConversations } from '../../api/temporal/conversations.js';
import { createNodeRedTargets } from '../../api/temporal/node-red.js';
import { createPracticeDesk } from '../../api/temporal/practice-desk.js';
import { createTraceImports } from '../../api/temporal/trace-imports.js';
import { loadConfig } from '../../platform/config/config.js';
import { createPseudonyms } from '../../platform/secrets/pseudonyms.js';
import { openServices, type Services } from '../../platform/services.js';
import type { Membership, Role } from '../../platform/store/users.js';
import { createTemporalClient } from '../../platform/temporal/connection.js';
import { createEncryptionCodec } from '../../platform/temporal/encryption-codec.js';
import { freePort } from './child.js';

/** An answer of the API with what a client reads of it. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; undefined when there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The last part of a problem's `type`, which is the failure's name. */
export const failureOf = (answer: ApiAnswer): string | undefined =>
  /^urn:chairside:problem:(\w+)$/.exec(String(answer.body['type']))?.[1];

interface Call {
  readonly token?: string | null;
  readonly tenant?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
}

/** The real app on a real socket over a store file of its own. Temporal is not there: test/integration proves what needs it. */
export interface ApiScene {
  readonly url: string;
  readonly services: Services;
  /** Moves the time of lockouts. */
  readonly clock: { aheadMs: number };
  readonly password: string;
  /** Creates a user and gives a token for it. */
  user(
    role: Role,
    memberships?: readonly Membership[],
  ): Promise<{ readonly userId: string; readonly email: string; readonly token: string }>;
  call(method: string, path: string, call?: Call): Promise<ApiAnswer>;
  /** All log files. */
  logs(): Promise<string>;
  close(): Promise<void>;
}

/** A practice that is switched off, besides the samples of `tenants/`. */
export const inactiveTenant = 'closed-practice';

export async function apiScene(env: Readonly<Record<string, string>> = {}): Promise<ApiScene> {
  const folder = await mkdtemp(join(tmpdir(), 'chairside-api-'));
  const config = loadConfig({
    DATA_DIR: join(folder, 'data'),
    DATABASE_PATH: join(folder, 'data', 'chairside.db'),
    LOG_DIR: join(folder, 'logs'),
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'debug',
    // Nobody listens there: a route that needs Temporal must say so.
    TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    MASTER_KEY: `test:${randomBytes(32).toString('base64')}`,
    ...env,
  });
  const services = await openServices(config, 'api');
  // The files are what tests read; the console is the runner's.
  for (const { transports } of Object.values(services.loggers) as winston.Logger[]) {
    for (const transport of transports) {
      transport.silent = transport instanceof winston.transports.Console;
    }
  }
  const sample = services.tenants.get('river-ortho')!;
  const tenants = {
    ...services.tenants,
    get: (slug: string) =>
      slug === inactiveTenant ? { ...sample, slug, active: false } : services.tenants.get(slug),
  };
  const clock = { aheadMs: 0 };
  // Four rounds of bcrypt: what is tested is the decision, not its price.
  const passwords = createPasswords(4);
  const tokens = createTokens(randomBytes(32).toString('base64'));
  const client = createTemporalClient(config, services.masterKeys);
  const app = createApp({
    ...services,
    tenants,
    clock: { nowMs: () => Date.now() + clock.aheadMs },
    passwords,
    tokens,
    pseudonyms: createPseudonyms(services.masterKeys),
    codec: createEncryptionCodec(services.masterKeys),
    conversations: createConversations(client, config.temporal.namespace),
    practiceDesk: createPracticeDesk(client, config.temporal.namespace),
    nodeRed: createNodeRedTargets(client),
    alertRules: createAlertRuleFollowers(client, services.loggers),
    traceImports: createTraceImports(client, config.temporal.namespace),
  });
  const server = await listen(createServer(app));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const password = 'Invented-Password-1';
  return {
    url,
    services,
    clock,
    password,
    user: async (role, memberships = []) => {
      const userId = randomUUID();
      const email = `${userId}@example.invalid`;
      const passwordHash = await passwords.hash(password);
      const user = await services.store.users.create({ userId, email, passwordHash, role });
      await services.store.users.setMemberships(userId, memberships);
      return { userId, email, token: tokens.sign(user).token };
    },
    call: async (method, path, { token, tenant, headers, body } = {}) => {
      const response = await fetch(`${url}${path}`, {
        method: method.toUpperCase(),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(tenant ? { 'x-tenant-id': tenant } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
    logs: async () => {
      const names = await readdir(join(folder, 'logs'));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, 'logs', name), 'utf8')));
      return texts.join('\n');
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await client.connection.close();
      await services.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const listen = (server: Server): Promise<Server> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
