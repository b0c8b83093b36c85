import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { loadConfig } from '../../platform/config/config.js';
import { portProblems } from '../../worker/dev-stack/ports.js';
import { planStack } from '../../worker/dev-stack/stack-plan.js';
import { logIn, startCaller, type Caller } from '../kit/caller.js';
import { freePort, inRepository, startChild, type Child } from '../kit/child.js';

/** Longer than the guard's patience with orphans, 5 s (worker/dev-stack/orphan-guard.ts). */
const patience = { timeout: 30_000, interval: 100 };

let folder: string;
let env: NodeJS.ProcessEnv;
let stack: Child;
let caller: Caller;

const npmStart = (): Promise<Child> =>
  startChild(process.execPath, [inRepository('dist/worker/dev-stack/main.js')], {
    env,
    cwd: folder,
    ready: (output) => output.includes('Chairside is ready (sandbox).'),
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chairside-first-run-'));
  const port = async (): Promise<string> => String(await freePort());
  env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TEMPORAL_CLI_PATH: inject('temporalCliPath'),
    TENANTS_DIR: inRepository('tenants'),
    PORT: await port(),
    TEMPORAL_ADDRESS: `127.0.0.1:${await port()}`,
    TEMPORAL_UI_PORT: await port(),
    CLOUD9_SIMULATOR_PORT: await port(),
    CLAUDE_SIMULATOR_PORT: await port(),
    LANGFUSE_SIMULATOR_PORT: await port(),
    NODE_RED_PORT: await port(),
  };
});

afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

it('a first start prints a password once, with which a caller is served', async () => {
  stack = await npmStart();
  const [, email = '', password = ''] =
    /Administrator +(\S+) {2}password: (\S+) {2}\(shown this once\)/.exec(stack.output()) ?? [];
  expect(stack.output().split(password)).toHaveLength(2);

  const apiUrl = `http://127.0.0.1:${env['PORT']!}`;
  caller = await startCaller(apiUrl, await logIn(apiUrl, { email, password }), {});
  const reply = await caller.say(
    'Hello, a first visit for my daughter Dora Sample, please, born 2015-03-04. My phone is 555-555-0177.',
  );
  expect(reply.turn).toBe(1);
});

it('a killed worker is replaced, and the caller is served again', async () => {
  const [killed] = children('worker/main.js');
  process.kill(killed!.pid, 'SIGKILL');

  await expect.poll(() => stack.output(), patience).toContain('worker ended (SIGKILL); starting it again');
  await expect.poll(() => linesOf('worker', ' ready '), patience).toHaveLength(2);
  expect(children('worker/main.js')).not.toEqual([killed]);
  expect((await caller.say('When are you open?')).turn).toBe(2);
});

it('Ctrl-C ends every process and frees every port', async () => {
  const started = children();
  expect(started.length).toBeGreaterThanOrEqual(5);

  expect(await stack.stop('SIGINT')).toBe(0);

  await expect.poll(() => started.filter(lives), patience).toEqual([]);
  expect(await portsInUse()).toEqual([]);
});

it('the next start goes on with the same conversation and the old password', async () => {
  stack = await npmStart();
  expect(stack.output()).not.toContain('password:');

  expect((await caller.say('As early as you can, please.')).turn).toBe(3);
  const { body } = await caller.request('GET', `/api/conversations/${caller.conversationId}/transcript`);
  expect(body).toMatchObject({
    lines: [{ text: expect.stringContaining('Dora Sample') as string }, {}, {}, {}, {}, {}],
  });
});

it('a killed supervisor leaves no process behind and no port taken', async () => {
  const started = children();
  await stack.kill();

  await expect.poll(() => started.filter(lives), patience).toEqual([]);
  expect(await portsInUse()).toEqual([]);
});

interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** What the supervisor has started and still runs. */
function children(command = ''): readonly RunningProcess[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^ *(\d+) +(\d+) (.*)$/.exec(line))
    .flatMap((row) =>
      row && Number(row[2]) === stack.pid && row[3]!.includes(command)
        ? [{ pid: Number(row[1]), command: row[3]! }]
        : [],
    );
}

function lives({ pid }: RunningProcess): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const linesOf = (name: string, text: string): readonly string[] =>
  stack
    .output()
    .split('\n')
    .filter((line) => line.startsWith(name) && line.includes(text));

const portsInUse = (): Promise<readonly string[]> => portProblems(planStack(loadConfig(env)).ports);
