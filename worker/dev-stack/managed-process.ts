import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Gets what the process writes; null = our own console. */
  readonly output: WriteStream | null;
  /** Resolves when the process serves. */
  readonly ready: () => Promise<void>;
}

/** A process that is started again when it dies. */
export interface ManagedProcess {
  readonly name: string;
  /** SIGTERM, and SIGKILL when that takes too long. */
  stop(): Promise<void>;
}

const firstRestartMs = 500;
const longestRestartMs = 30_000;
/** A process that ran this long was healthy: the next restart is quick again. */
const healthyMs = 60_000;
const stopLimitMs = 35_000;
const lastLinesShown = 15;

/** Starts a process and resolves when it serves. Throws with its last lines when it ends before. Afterwards it is restarted with back-off. */
export async function startManaged(
  spec: ProcessSpec,
  report: (line: string) => void,
): Promise<ManagedProcess> {
  let stopping = false;
  let child: ChildProcess;
  let restartMs = firstRestartMs;
  let lastLines: string[] = [];

  const launch = (): ChildProcess => {
    // Its own process group: Ctrl-C reaches us only, and we stop the others in order.
    const started = spawn(spec.command, [...spec.args], {
      env: spec.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const hear = (chunk: Buffer): void => {
      (spec.output ?? process.stdout).write(chunk);
      lastLines = [...lastLines, ...chunk.toString().trimEnd().split('\n')].slice(-lastLinesShown);
    };
    started.stdout.on('data', hear);
    started.stderr.on('data', hear);
    return started;
  };

  const watch = (): void => {
    const startedAt = Date.now();
    child.once('exit', (code, signal) => {
      if (stopping) return;
      if (Date.now() - startedAt > healthyMs) restartMs = firstRestartMs;
      report(
        `${spec.name} ended (${signal ?? `code ${String(code)}`}); starting it again in ${restartMs / 1_000} s`,
      );
      setTimeout(() => {
        if (stopping) return;
        child = launch();
        watch();
      }, restartMs);
      restartMs = Math.min(restartMs * 2, longestRestartMs);
    });
  };

  child = launch();
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(
      `${spec.name} ended with ${String(code)} before it was ready. Its last lines:\n${lastLines.join('\n')}`,
    );
  });
  await Promise.race([spec.ready(), ended]);
  ended.catch(() => undefined);
  watch();

  return {
    name: spec.name,
    stop: async () => {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
      await exited;
      clearTimeout(timer);
    },
  };
}
