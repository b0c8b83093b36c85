import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inRepository } from '../kit/child.js';
import { startStack, type Stack } from '../kit/stack.js';

/** A stack whose prompt files a scenario may change. */
export interface ScenarioStack {
  readonly stack: Stack;
  readonly changePromptFile: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startScenarioStack(
  model: 'simulator' | 'aimock',
  temporalCliPath: string,
): Promise<ScenarioStack> {
  const tenants = await mkdtemp(join(tmpdir(), 'chairside-tenants-'));
  await cp(inRepository('tenants'), tenants, { recursive: true });
  const stack = await startStack({
    env: { TENANTS_DIR: tenants },
    settleMs: 100,
    model,
    temporalCliPath,
  });
  return {
    stack,
    changePromptFile: () =>
      appendFile(join(tenants, 'bright-smiles', 'v1', 'system.md'), `- Rehearsal ${String(Date.now())}.\n`),
    stop: async () => {
      await stack.stop();
      await rm(tenants, { recursive: true });
    },
  };
}
