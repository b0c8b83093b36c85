import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
let child: ChildProcess | undefined;
afterEach(() => child?.kill('SIGKILL'));

function start(...args: string[]): ChildProcess {
  child = spawn(process.execPath, ['--import', 'tsx', entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return child;
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

test('the process says ready with its URL when it serves, and stops cleanly on SIGTERM', async () => {
  const running = start('--port', '0', '--gap-scale', '0');
  const [chunk] = (await once(running.stdout!, 'data')) as [Buffer];
  const ready = JSON.parse(chunk.toString()) as { event: string; url: string };
  expect(ready.event).toBe('ready');
  expect((await fetch(new URL('/admin/health', ready.url))).status).toBe(200);
  running.kill('SIGTERM');
  expect(await once(running, 'exit')).toEqual([0, null]);
});

test('wrong arguments end the process with a sentence for each and the usage', async () => {
  const running = start('--port', 'many', '--profile', 'staging');
  const [errors, exit] = await Promise.all([text(running.stderr!), once(running, 'exit')]);
  expect(exit).toEqual([1, null]);
  expect(errors).toContain('--port');
  expect(errors).toContain('--profile');
  expect(errors).toContain('Usage:');
});

test('a taken port ends the process with what to do', async () => {
  const first = start('--port', '0');
  const [chunk] = (await once(first.stdout!, 'data')) as [Buffer];
  const { url } = JSON.parse(chunk.toString()) as { url: string };
  const second = start('--port', new URL(url).port);
  const [errors] = await Promise.all([text(second.stderr!), once(second, 'exit')]);
  first.kill('SIGKILL');
  expect(errors).toMatch(/Port \d+ is in use by another process/);
});
