import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SupervisedProcess, type Patience } from './supervised-process.js';

const patience: Patience = {
  readyMs: 60_000,
  firstRestartMs: 500,
  longestRestartMs: 2_000,
  healthyMs: 60_000,
  stopMs: 35_000,
};

// The processes are real, only the waiting is not.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => {
  running?.supervised.kill();
  running = undefined;
  vi.useRealTimers();
});

/** Says `up` and its process id, then lives until it is ended. */
const sleeper = 'echo "up $$"; exec sleep 60';

it('starts a process again whenever it dies, and waits longer each time', async () => {
  const { supervised, next, reports } = supervise(sleeper);
  await supervised.start();
  for (const waitMs of [500, 1_000, 2_000, 2_000]) {
    process.kill(await next.life(), 'SIGKILL');
    expect(await next.report()).toBe(`sample ended (SIGKILL); starting it again in ${waitMs / 1_000} s`);
    vi.advanceTimersByTime(waitMs);
  }
  await next.life();
  expect(reports).toHaveLength(4);
});

it('starts a process that was healthy again without delay', async () => {
  const { supervised, next } = supervise(sleeper);
  await supervised.start();
  process.kill(await next.life(), 'SIGKILL');
  await next.report();
  vi.advanceTimersByTime(500);
  const healthy = await next.life();
  vi.advanceTimersByTime(patience.healthyMs + 1);
  process.kill(healthy, 'SIGKILL');
  expect(await next.report()).toContain('starting it again in 0.5 s');
});

it('ends a process on request and does not start it again', async () => {
  const { supervised, next, guarded, reports } = supervise(sleeper);
  await supervised.start();
  const pid = await next.life();
  expect([...guarded]).toEqual([pid]);

  await supervised.stop();
  vi.advanceTimersByTime(600_000);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect([...guarded]).toEqual([]);
  expect(reports).toEqual([]);
});

it('does not start a process that died before it was told to stop', async () => {
  const { supervised, next, guarded } = supervise(sleeper);
  await supervised.start();
  process.kill(await next.life(), 'SIGKILL');
  await next.report();
  await supervised.stop();
  vi.advanceTimersByTime(600_000);
  expect([...guarded]).toEqual([]);
});

it('kills a process that does not end when asked', async () => {
  const { supervised, reports } = supervise(`trap '' TERM; ${sleeper}`);
  await supervised.start();
  const stopped = supervised.stop();
  vi.advanceTimersByTime(patience.stopMs);
  await stopped;
  expect(reports).toEqual(['sample does not stop: killed']);
});

it('says why a process could not start, in its own last words', async () => {
  const { supervised } = supervise('echo "PORT 1 is in use" >&2; exit 3');
  await expect(supervised.start()).rejects.toThrow(
    'sample could not start (code 3).\n  Its last lines:\n  PORT 1 is in use',
  );
});

it('says so when the program is not there', async () => {
  const { supervised } = supervise('', '/nowhere/at-all');
  await expect(supervised.start()).rejects.toThrow('sample could not start (spawn /nowhere/at-all ENOENT)');
});

it('ends a process that does not serve in time', async () => {
  const { supervised, next, guarded } = supervise(sleeper, '/bin/sh', 'never ready');
  const start = expect(supervised.start()).rejects.toThrow('sample did not serve within 60 s.');
  await next.life();
  vi.advanceTimersByTime(patience.readyMs);
  await start;
  expect([...guarded]).toEqual([]);
});

let running: Supervised | undefined;

interface Supervised {
  readonly supervised: SupervisedProcess;
  readonly reports: readonly string[];
  /** Process groups that an orphan guard would end now. */
  readonly guarded: ReadonlySet<number>;
  readonly next: {
    /** The process id of the next life. */
    life(): Promise<number>;
    report(): Promise<string>;
  };
}

function supervise(
  script: string,
  command = '/bin/sh',
  ready: 'ready when up' | 'never ready' = 'ready when up',
): Supervised {
  const lives = queue<number>();
  const news = queue<string>();
  const reports: string[] = [];
  const guarded = new Set<number>();
  let up = (): void => undefined;
  const isUp = new Promise<void>((resolve) => (up = resolve));
  const spec = {
    name: 'sample',
    command,
    args: ['-c', script],
    env: process.env,
    hear: (line: string): void => {
      const pid = /^up (\d+)$/.exec(line)?.[1];
      if (pid === undefined) return;
      lives.add(Number(pid));
      up();
    },
    ready: (signal: AbortSignal): Promise<void> =>
      ready === 'ready when up'
        ? isUp
        : new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
  };
  const report = (line: string): void => {
    reports.push(line);
    news.add(line);
  };
  const guard = {
    add: (group: number): void => void guarded.add(group),
    remove: (group: number): void => void guarded.delete(group),
    close: (): void => undefined,
  };
  const supervised = new SupervisedProcess(spec, report, guard, patience);
  running = { supervised, reports, guarded, next: { life: lives.next, report: news.next } };
  return running;
}

/** Gives what is added, one by one, to whoever waits for it. */
function queue<Item>(): { readonly add: (item: Item) => void; readonly next: () => Promise<Item> } {
  const items: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    add: (item) => {
      const first = waiting.shift();
      if (first) first(item);
      else items.push(item);
    },
    next: () => {
      const [item] = items.splice(0, 1);
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}
