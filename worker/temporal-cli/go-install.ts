import { join } from 'node:path';
import { runTool } from './run-tool.js';

/** Three minutes on two cores; the download of the modules comes on top. */
const limitMs = 15 * 60_000;

/** Builds the CLI from source with the Go tool chain, into the folder. Gives its path. */
export async function buildWithGo(
  version: string,
  folder: string,
  { env, report }: { readonly env: NodeJS.ProcessEnv; readonly report: (line: string) => void },
): Promise<string> {
  report('  building from source takes about three minutes');
  const target = `github.com/temporalio/cli/cmd/temporal@v${version}`;
  await runTool('go', ['install', target], { env: { ...env, GOBIN: folder }, limitMs, report });
  return join(folder, 'temporal');
}
