import { connect } from 'node:net';
import { join } from 'node:path';
import { devServerArguments } from '../../worker/dev-stack/temporal-server.js';
import { freePort, startChild, type Child } from './child.js';

export interface TemporalServer {
  readonly address: string;
  isAlive(): boolean;
  /** Of its present life. */
  pid(): number;
  kill(): Promise<void>;
  /** Starts it again on the same port and the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Temporal dev server with the product's own flags, on a free port and a data file of its own. */
export async function startTemporalServer(folder: string, knownCliPath?: string): Promise<TemporalServer> {
  const cliPath = knownCliPath ?? (await import('vitest')).inject('temporalCliPath');
  const port = await freePort();
  const uiPort = await freePort();
  const start = async (): Promise<Child> => {
    const child = await startChild(
      cliPath,
      devServerArguments({ port, uiPort, databasePath: join(folder, 'temporal.db'), namespace: 'default' }),
      { env: process.env },
    );
    await listening(port);
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
    // Its data is thrown away with the folder; a graceful stop waits for long polls.
    stop: () => child.kill(),
  };
}

/** Resolves when something accepts connections on this port of this machine. */
export async function listening(port: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('close', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The Temporal server does not listen on ${port}.`);
}
