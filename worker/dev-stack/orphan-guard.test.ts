import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const guardModule = fileURLToPath(new URL('./orphan-guard.ts', import.meta.url));

/** A supervisor with two guarded children that outlive it unless they are told; it prints their ids. The second was removed again. */
const supervisor = `
import { spawn } from 'node:child_process';
import { startOrphanGuard } from ${JSON.stringify(guardModule)};
const guard = startOrphanGuard();
const [first, second] = [0, 1].map(() => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }));
guard.add(first.pid);
guard.add(second.pid);
guard.remove(second.pid);
console.log(first.pid + ' ' + second.pid);
setInterval(() => {}, 1_000);`;

it('ends what a killed supervisor left behind, and nothing that had left its care', async () => {
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', supervisor], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const [guarded = 0, removed = 0] = line.split(' ').map(Number);
  parent.kill('SIGKILL');

  await expect.poll(() => lives(guarded), { timeout: 10_000 }).toBe(false);
  expect(lives(removed)).toBe(true);
  process.kill(removed);
});

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
