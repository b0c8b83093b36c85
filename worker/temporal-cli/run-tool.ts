import { spawn } from 'node:child_process';

const progressEveryMs = 5_000;

/**
 * Runs a program to its end and reports every few seconds that it still works. Throws an Error with its last line when it fails, does not
 * exist or takes longer than `limitMs`.
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly limitMs: number;
    readonly report: (line: string) => void;
  },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAt = Date.now();
    const seconds = (): number => Math.round((Date.now() - startedAt) / 1_000);
    const child = spawn(command, args, { env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const hear = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-4_000);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const progress = setInterval(
      () => options.report(`  ${command} has worked for ${seconds()} s`),
      progressEveryMs,
    );
    const limit = setTimeout(() => child.kill('SIGKILL'), options.limitMs);
    const end = (error?: Error): void => {
      clearInterval(progress);
      clearTimeout(limit);
      if (error) reject(error);
      else resolve();
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      end(
        new Error(error.code === 'ENOENT' ? `${command} is not installed` : `${command}: ${error.message}`),
      );
    });
    child.once('close', (code, signal) => {
      if (code === 0) end();
      else if (signal !== null) end(new Error(`${command} was stopped after ${seconds()} s`));
      else end(new Error(`${command} ended with ${String(code)}: ${lastLine(output)}`));
    });
  });
}

const lastLine = (output: string): string =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .at(-1)
    ?.trim()
    .slice(0, 300) ?? 'no output';
