import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin } from './admin/admin-door.js';
import type { BaseClock } from './clock.js';
import { answerData } from './data-door.js';
import { HttpExchange } from './http-exchange.js';
import type { Profile } from './knobs.js';
import type { Fixture } from './simulator-state.js';
import { World } from './world.js';

const dataPath = '/GetData.ashx';

export interface Cloud9SimulatorOptions {
  /** 0 or absent = a free one. */
  readonly port?: number;
  /** Loopback unless said otherwise. */
  readonly host?: string;
  /** JSON file that keeps the state over restarts; absent = memory only. */
  readonly statePath?: string;
  /** Base clock; the admin door can set a virtual one on top. */
  readonly clock?: BaseClock;
  /** Multiplies the throttle's minimum gaps; 0 = no throttling. */
  readonly gapScale?: number;
  readonly profile?: Profile;
  /** Data of a new state. */
  readonly fixture?: Fixture;
}

export interface Cloud9Simulator {
  /** Where clients POST their envelopes; the admin door is `/admin/...` of the same origin. */
  readonly url: string;
  readonly port: number;
  /** Breaks open connections, saves the state and frees the port. */
  close(): Promise<void>;
}

/** Starts a Cloud9 double (cloud9.md 7). Rejects when the port is taken or the state file cannot be read. */
export async function startCloud9Simulator(options: Cloud9SimulatorOptions = {}): Promise<Cloud9Simulator> {
  const world = await World.open({
    statePath: options.statePath,
    clock: options.clock ?? { nowMs: () => Date.now() },
    gapScale: options.gapScale ?? 1,
    profile: options.profile ?? 'sandbox',
    fixture: options.fixture ?? 'practice',
  });
  const server = createServer((request, response) => {
    const exchange = new HttpExchange(request, response);
    route(world, exchange).catch((error: unknown) => {
      // A fault of the double itself must not look like an answer of the practice system.
      process.stderr.write(
        `cloud9 simulator: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      exchange.drop();
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${port}${dataPath}`,
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await world.persist();
    },
  };
}

async function route(world: World, exchange: HttpExchange): Promise<void> {
  const { pathname } = new URL(exchange.request.url ?? '/', 'http://simulator');
  if (pathname.startsWith('/admin/')) return answerAdmin(world, exchange);
  // IIS does not tell upper from lower case in paths.
  if (pathname.toLowerCase() === dataPath.toLowerCase()) return answerData(world, exchange);
  return exchange.page(404, 'Not Found');
}

/** A host that one can connect to, for a host that one can listen on. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
