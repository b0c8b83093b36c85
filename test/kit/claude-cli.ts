import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { ClaudeCli } from '../../platform/config/config.js';

/** The CLI of the devDependency. It is a native binary: platforms without one get null, and their tests say that they were skipped. */
export function installedClaudeCli(): { readonly cli: ClaudeCli; readonly version: string } | null {
  const command = resolve('node_modules/.bin/claude');
  try {
    const version = /^[\d.]+/.exec(execFileSync(command, ['--version'], { encoding: 'utf8' }))?.[0];
    return version === undefined ? null : { cli: { command, searchPath: '/usr/bin:/bin' }, version };
  } catch {
    return null;
  }
}
