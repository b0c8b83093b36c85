import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A process of the product that a test may kill. */
export interface Child {
  readonly pid: number;
  /** False once it has ended, by whatever cause. */
  isAlive(): boolean;
  /** Everything it wrote, for the message of a failing test and for searches after secrets. */
  output(): string;
  /** Resolves when it has ended, by whatever cause. */
  ended(): Promise<void>;
  /** SIGKILL: what a crashed machine looks like. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks it to end and gives the exit code. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<number | null>;
}

/** Absolute, for a process that must not run in the repository's folder: a developer's .env there would reach it. */
export const inRepository = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

const startLimitMs = 45_000;

/**
 * Starts a process and resolves when `ready` accepts its output so far, at once without `ready`. Throws with that output when it exits
 * first or stays silent.
 */
export async function startChild(
  command: string,
  args: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly cwd?: string;
    readonly ready?: (output: string) => boolean;
  },
): Promise<Child> {
  const child = spawn(command, args, {
    env: options.env,
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const name = [command, ...args].join(' ');
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${name} was not ready in time:\n${output}`));
    }, startLimitMs);
    const serve = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const hear = (chunk: Buffer): void => {
      output += chunk.toString();
      if (options.ready?.(output)) serve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    if (!options.ready) child.once('spawn', serve);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${name} exited with ${String(code)}:\n${output}`));
    });
  });
  return {
    pid: child.pid ?? 0,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    output: () => output,
    ended: async () => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
    kill: async () => {
      await end(child, 'SIGKILL');
    },
    stop: async (signal = 'SIGTERM') => end(child, signal),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  return (await exited)[0];
}

/**
 * A port that is free, and that nobody gets who does not ask for it: the kernel takes ports of connections from a range above these (from
 * 32768 on Linux, from 49152 on macOS). So a process can also be started again on it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if (await portIsFree(port)) return port;
  }
}

export const portIsFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
