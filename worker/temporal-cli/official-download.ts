import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { download } from './download.js';
import { fileFromTar } from './tar.js';

const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** Addresses of the vendor's own archives for this machine, or null when there are none that we unpack. */
export function officialArchives(
  version: string,
  machine: { readonly platform: string; readonly arch: string },
): { readonly vendor: string; readonly github: string } | null {
  const platform = platforms[machine.platform];
  const arch = architectures[machine.arch];
  if (platform === undefined || arch === undefined) return null;
  return {
    vendor: `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`,
    github: `https://github.com/temporalio/cli/releases/download/v${version}/temporal_cli_${version}_${platform}_${arch}.tar.gz`,
  };
}

/** Downloads a `.tar.gz` and leaves its `temporal` in the folder. Gives its path. */
export async function fetchArchive(
  url: string,
  folder: string,
  report: (line: string) => void,
): Promise<string> {
  const archive = gunzipSync(await download(url, report));
  const path = join(folder, 'temporal');
  await writeFile(path, fileFromTar(archive, 'temporal'));
  return path;
}
