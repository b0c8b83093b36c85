import { spawn } from 'node:child_process';
import { MalformedAnswer } from './errors.js';

export interface CliRun {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing of ours leaks into it. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: string;
}

/** A result is some kilobytes; what is longer is not one. */
const longestStdout = 10 * 1024 * 1024;

/** Between asking the process to stop and ending it. */
const graceMs = 2_000;

/**
 * Runs one process in a group of its own and collects what it prints. Whatever happens, nothing of the group is left behind when this
 * settles. Rejects with the signal's reason when that ends first, MalformedAnswer for endless output, and Node's error when the command
 * cannot be started.
 */
export function runCli(
  { command, args, env, cwd, stdin }: CliRun,
  signal: AbortSignal,
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let length = 0;
    let broken: unknown;
    let killTimer: NodeJS.Timeout | undefined;

    const stop = (reason: unknown): void => {
      broken ??= reason;
      signalGroup(child.pid, 'SIGTERM');
      killTimer ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
    };
    const onAbort = (): void => stop(signal.reason);
    signal.addEventListener('abort', onAbort);

    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= longestStdout) chunks.push(chunk);
      else stop(new MalformedAnswer('output without end'));
    });
    // A process that ends early closes its stdin; what counts is how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.once('error', (error) => {
      broken ??= error;
    });
    child.once('close', (exitCode) => {
      clearTimeout(killTimer);
      signal.removeEventListener('abort', onAbort);
      // Its tool server may outlive it.
      signalGroup(child.pid, 'SIGKILL');
      if (broken === undefined) resolve({ exitCode, stdout: Buffer.concat(chunks).toString('utf8') });
      else reject(broken instanceof Error ? broken : new Error('aborted'));
    });
    if (signal.aborted) onAbort();
  });
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
