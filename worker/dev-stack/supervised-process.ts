import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import type { OrphanGuard } from './orphan-guard.js';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Gets each line that the process writes. */
  readonly hear: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Resolves when the process serves, or when the signal says that nobody waits any more. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
}

/** Times of the supervision, in ms. */
export interface Patience {
  readonly readyMs: number;
  readonly firstRestartMs: number;
  readonly longestRestartMs: number;
  /** A process that ran this long was healthy: its next restart is quick again. */
  readonly healthyMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly stopMs: number;
}

const usualPatience: Patience = {
  readyMs: 60_000,
  firstRestartMs: 500,
  longestRestartMs: 15_000,
  healthyMs: 60_000,
  stopMs: 35_000, // the worker itself gives up after 30 s (worker/chat-worker.ts)
};

const lastLinesShown = 15;

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** A process that is started again, with back-off, when it dies. */
export class SupervisedProcess {
  readonly name: string;
  #child: Child | undefined;
  #gone: Promise<string> = Promise.resolve('not started');
  #stopping = false;
  #restartMs: number;
  #restart: NodeJS.Timeout | undefined;
  readonly #lastLines: string[] = [];

  constructor(
    readonly spec: ProcessSpec,
    readonly report: (line: string) => void,
    readonly guard: OrphanGuard,
    readonly patience: Patience = usualPatience,
  ) {
    this.name = spec.name;
    this.#restartMs = patience.firstRestartMs;
  }

  /** Resolves when the process serves. Throws with its last lines when it ends first or does not serve in time. */
  async start(): Promise<void> {
    this.#launch();
    const enough = new AbortController();
    const timer = setTimeout(() => enough.abort(), this.patience.readyMs);
    const outcome = await Promise.race([
      this.spec.ready(enough.signal).then(() => (enough.signal.aborted ? 'late' : 'ready')),
      this.#gone,
    ]);
    clearTimeout(timer);
    enough.abort();
    if (this.#stopping) return;
    if (outcome === 'ready') {
      void this.#restartWhenGone();
      return;
    }
    await this.stop();
    throw new Error(
      [
        outcome === 'late'
          ? `${this.name} did not serve within ${this.patience.readyMs / 1_000} s.`
          : `${this.name} could not start (${outcome}).`,
        ...(this.#lastLines.length > 0 ? ['Its last lines:', ...this.#lastLines] : []),
      ].join('\n  '),
    );
  }

  /** SIGTERM, and SIGKILL when that takes too long. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#signal('SIGTERM');
    const timer = setTimeout(() => {
      this.report(`${this.name} does not stop: killed`);
      this.kill();
    }, this.patience.stopMs);
    await this.#gone;
    clearTimeout(timer);
  }

  /** SIGKILL to the process and what it started. */
  kill(): void {
    this.#stopping = true;
    clearTimeout(this.#restart);
    this.#signal('SIGKILL');
  }

  #launch(): void {
    const { command, args, env } = this.spec;
    // A process group of its own: Ctrl-C in the terminal reaches the supervisor only, which stops the others in order.
    const child = spawn(command, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    const { pid } = child;
    if (pid !== undefined) this.guard.add(pid);
    for (const stream of ['stdout', 'stderr'] as const) {
      createInterface({ input: child[stream] }).on('line', (line) => {
        this.#lastLines.push(line);
        if (this.#lastLines.length > lastLinesShown) this.#lastLines.shift();
        this.spec.hear(line, stream);
      });
    }
    this.#gone = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      // `close` comes after the last line was read.
      child.once('close', (code, signal) => {
        if (pid !== undefined) this.guard.remove(pid);
        resolve(signal ?? `code ${String(code)}`);
      });
    });
  }

  async #restartWhenGone(): Promise<void> {
    const startedAt = Date.now();
    const why = await this.#gone;
    if (this.#stopping) return;
    if (Date.now() - startedAt > this.patience.healthyMs) this.#restartMs = this.patience.firstRestartMs;
    const waitMs = this.#restartMs;
    this.#restartMs = Math.min(waitMs * 2, this.patience.longestRestartMs);
    this.report(`${this.name} ended (${why}); starting it again in ${waitMs / 1_000} s`);
    this.#restart = setTimeout(() => {
      this.#launch();
      void this.#restartWhenGone();
    }, waitMs);
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid, exitCode, signalCode } = this.#child ?? {};
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
