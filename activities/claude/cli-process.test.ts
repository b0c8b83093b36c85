import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './cli-process.js';
import { createSlots } from './process-slots.js';
import { MalformedAnswer } from './errors.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-process-'));
});
afterEach(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const run = (script: string, signal = never, stdin = '') =>
  runCli({ command: '/bin/sh', args: ['-c', script], env: { ONLY: 'this' }, cwd: folder, stdin }, signal);

/** Resolves with the content of a file as soon as it has some. */
async function written(name: string): Promise<string> {
  for (;;) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (text.endsWith('\n')) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const isAlive = (pid: string): boolean => {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
};

/** Resolves when there is no such process; the test's own limit is the patience. */
const gone = async (pid: string): Promise<void> => {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
};

describe('a process of the CLI', () => {
  it('gets its prompt by a pipe and an environment that holds nothing of ours', async () => {
    const { exitCode, stdout } = await run('cat; /usr/bin/env; exit 3', never, 'prompt\n');
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^prompt\n/);
    expect(stdout).toContain('ONLY=this');
    expect(stdout).not.toMatch(/HOME=|npm_|VITEST/);
  });

  it('dies with its children when the caller gives up, even when it does not listen', async () => {
    const giveUp = new AbortController();
    const stubborn = 'trap "" TERM; sh -c \'trap "" TERM; echo $$ > child; while :; do sleep 1; done\'';
    const failed = expect(run(stubborn, giveUp.signal)).rejects.toThrow();
    const child = await written('child');
    giveUp.abort();
    await failed;
    await gone(child);
  });

  it('leaves no child behind when it ends by itself', async () => {
    await run("sh -c 'echo $$ > child; exec >&-; sleep 60' & while [ ! -s child ]; do sleep 0.01; done");
    const child = await written('child');
    await gone(child);
  });

  it('is stopped when its output has no end', async () => {
    await expect(
      run('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done'),
    ).rejects.toBeInstanceOf(MalformedAnswer);
  });

  it('that cannot be started is an error', async () => {
    const nothing = { command: '/nowhere/claude', args: [], env: {}, cwd: folder, stdin: '' };
    await expect(runCli(nothing, never)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('process slots', () => {
  it('run no more at a time than there are, and let go of who gives up waiting', async () => {
    const slots = createSlots(1);
    let finish = (): void => undefined;
    const first = slots.run(never, () => new Promise<void>((resolve) => (finish = resolve)));
    const giveUp = new AbortController();
    const impatient = expect(slots.run(giveUp.signal, () => Promise.resolve('ran'))).rejects.toThrow();
    const patient = slots.run(never, () => Promise.resolve('ran'));
    giveUp.abort();
    await impatient;
    finish();
    await first;
    await expect(patient).resolves.toBe('ran');
    await expect(slots.run(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(slots.run(never, () => Promise.resolve('again'))).resolves.toBe('again');
  });
});
