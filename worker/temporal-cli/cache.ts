import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { acceptCli } from './accept.js';

const hour = 3_600_000;

/** Where a fetched CLI stays: outside the project, so that `npm ci` and a second checkout do not fetch it again. */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  join(
    env['CHAIRSIDE_CACHE_DIR'] ||
      join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'chairside'),
    'temporal-cli',
  );

const cachedPath = (folder: string, version: string): string =>
  join(folder, `temporal-${version}-${process.platform}-${process.arch}`);

/** The first of these versions that the cache holds. Throws when it holds none, or only ones that do not run. */
export async function findCached(folder: string, versions: readonly string[]): Promise<string> {
  for (const version of versions) {
    const path = cachedPath(folder, version);
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) continue;
    await acceptCli(path);
    return path;
  }
  throw new Error(`nothing in ${folder}`);
}

/**
 * Lets `produce` leave a binary in a folder of its own and moves it into the cache when it runs. The move is atomic and each process has
 * its own folder, so two that fetch at once end with one good file, and one that is killed leaves no half file under the final name.
 */
export async function install(
  folder: string,
  version: string,
  produce: (workFolder: string) => Promise<string>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  await sweep(folder);
  const workFolder = await mkdtemp(join(folder, 'fetching-'));
  try {
    const binary = await produce(workFolder);
    await chmod(binary, 0o755);
    await acceptCli(binary);
    const path = cachedPath(folder, version);
    await rename(binary, path);
    return path;
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Removes what killed processes left behind. Nobody fetches for an hour. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('fetching-')) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > hour) await rm(path, { recursive: true, force: true });
  }
}
