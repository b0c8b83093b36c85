import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { inRepository } from '../kit/child.js';

/** Leaves in `folder` what the Dockerfile leaves in its image: the build, the practices and the packages of production, nothing else. */
export async function assembleImage(folder: string): Promise<void> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: inRepository('.'), stdio: 'inherit' });
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'dist', 'tenants'])
    await cp(inRepository(name), join(folder, name), { recursive: true });
  // Hard links: the prune removes names only, and hundreds of megabytes need not be copied.
  execFileSync('cp', ['-al', inRepository('node_modules'), join(folder, 'node_modules')]);
  execFileSync('npm', ['prune', '--omit=dev', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
