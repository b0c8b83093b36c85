import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Tenant } from '../../domain/tenant.js';
import type { ClaudeCli, Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import type { BackendName } from './prompt-bundle.js';

/**
 * How bundles built by this installation speak to the model. The CLI is for demonstration and development: no agreement about health data
 * covers it (claude.md 1.10), so a start with it is refused while an active practice holds such data. Throws ConfigError.
 */
export async function findPromptBackend(
  { useClaudeCli, claudeCli }: Pick<Config, 'useClaudeCli' | 'claudeCli'>,
  tenants: readonly Tenant[],
): Promise<BackendName> {
  if (!useClaudeCli) return 'api';
  const protectedOnes = tenants.filter(({ active, holdsHealthData }) => active && holdsHealthData);
  if (protectedOnes.length > 0) {
    const names = protectedOnes.map(({ slug }) => slug).join(', ');
    throw new ConfigError([
      `USE_CLAUDE_CLI=true is refused: ${names} hold health data (holdsHealthData in tenant.json), which must not pass through the CLI. Use ANTHROPIC_API_KEY.`,
    ]);
  }
  return `cli@${await versionOf(claudeCli)}`;
}

const versionLimitMs = 20_000;

async function versionOf({ command, searchPath }: ClaudeCli): Promise<string> {
  const options = { timeout: versionLimitMs, env: { PATH: searchPath } };
  const { stdout } = await promisify(execFile)(command, ['--version'], options).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it failed';
    throw new ConfigError([
      `USE_CLAUDE_CLI=true, but "${command} --version" cannot be run (${why}). Install @anthropic-ai/claude-code or set CLAUDE_CLI_PATH.`,
    ]);
  });
  const version = /^\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (version === undefined)
    throw new ConfigError([`"${command} --version" does not name a version: it is not the Claude CLI.`]);
  return version;
}
