import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest CLI that this product was run with (server 1.29); older ones lack flags that the dev stack gives. */
const oldest = [1, 5, 1] as const;

/** A cold 150 MB binary on a slow disk needs a few seconds for its first breath. */
const versionLimitMs = 30_000;

/** Runs `path --version` and gives the version. Throws an Error that says why this is not a Temporal CLI that we can use. */
export async function acceptCli(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: versionLimitMs }).catch((error: unknown) => {
    throw new Error(`${path} does not run: ${firstLine(error)}`);
  });
  const version = /temporal version v?(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (!version) throw new Error(`${path} --version does not answer like the Temporal CLI`);
  const numbers = version.slice(1).map(Number);
  if (olderThan(numbers, oldest)) {
    throw new Error(`${path} is version ${numbers.join('.')}, older than ${oldest.join('.')}`);
  }
  return numbers.join('.');
}

function olderThan(version: readonly number[], bound: readonly number[]): boolean {
  const at = bound.findIndex((part, index) => version[index] !== part);
  return at >= 0 && (version[at] ?? 0) < (bound[at] ?? 0);
}

const firstLine = (error: unknown): string =>
  ((error as { stderr?: string }).stderr?.trim() || (error as Error).message).split('\n')[0] ?? '';
