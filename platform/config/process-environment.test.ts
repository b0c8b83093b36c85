import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processEnvironment } from './process-environment.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-env-'));
});
afterEach(async () => {
  delete process.env['SAMPLE_FROM_FILE'];
  delete process.env['SAMPLE_FROM_SHELL'];
  await rm(folder, { recursive: true });
});

it('adds what the file names and keeps what the shell set', async () => {
  const file = join(folder, '.env');
  await writeFile(file, '# a comment\nSAMPLE_FROM_FILE=file\nSAMPLE_FROM_SHELL=file\n');
  process.env['SAMPLE_FROM_SHELL'] = 'shell';
  expect(processEnvironment(file)).toMatchObject({ SAMPLE_FROM_FILE: 'file', SAMPLE_FROM_SHELL: 'shell' });
});

it('does without the file', () => {
  expect(processEnvironment(join(folder, '.env'))).toBe(process.env);
});
