import { execFileSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { findTemporalCli } from '../../worker/temporal-cli/find.js';

declare module 'vitest' {
  export interface ProvidedContext {
    temporalCliPath: string;
  }
}

/** Each test project has its setup, but all of them live in one runner and need one build. */
const builtHere = 'CHAIRSIDE_TESTS_BUILT_BY';

/** Integration tests run the same build that users start, against a real Temporal server. */
export default async function setup(project: TestProject): Promise<void> {
  if (process.env[builtHere] !== String(process.pid)) {
    execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
    process.env[builtHere] = String(process.pid);
  }
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  project.provide('temporalCliPath', await findTemporalCli({ env: process.env, report }));
}
