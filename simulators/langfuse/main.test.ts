import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const entry = fileURLToPath(new URL('main.ts', import.meta.url));
const start = (...args: readonly string[]): ReturnType<typeof spawn> =>
  spawn(process.execPath, ['--import', 'tsx', entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

it('says ready with its URL once it serves the sample traffic, and stops cleanly on SIGTERM', async () => {
  const child = start('--port', '0', '--fixture', 'traffic');
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  const { event, url } = JSON.parse(chunk.toString()) as { event: string; url: string };
  expect(event).toBe('ready');
  const keys = Buffer.from('pk-lf-river-ortho:sk-lf-river-ortho').toString('base64');
  const projects = await fetch(`${url}/api/public/projects`, { headers: { authorization: `Basic ${keys}` } });
  expect(await projects.json()).toMatchObject({ data: [{ id: 'project-river-ortho' }] });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('explains a wrong argument', async () => {
  const child = start('--mode', 'v5');
  const [chunk] = (await once(child.stderr!, 'data')) as [Buffer];
  expect(chunk.toString()).toContain('--mode');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
