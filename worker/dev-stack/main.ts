import { loadConfig } from '../../platform/config/config.js';
import { processEnvironment } from '../../platform/config/process-environment.js';
import { Stack } from './stack.js';
import { summaryText } from './summary.js';

/** npm passes a terminal's Ctrl-C on to us, who had it from the terminal already: within this time it is the same one. */
const sameSignalMs = 1_000;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** `npm start`: the whole product on one machine, until it is told to stop. */
async function main(): Promise<void> {
  const env = processEnvironment();
  const stack = new Stack(loadConfig(env), env, print);
  let stopping: Promise<void> | undefined;
  let askedAtMs = 0;
  let hear = (): void => undefined;
  const asked = new Promise<void>((resolve) => (hear = resolve));
  const stop = (): Promise<void> => (stopping ??= stack.stop());
  const onSignal = (): void => {
    if (stopping === undefined) {
      askedAtMs = Date.now();
      print('\nStopping: callers first, then the worker, then the rest. Once more kills everything.');
      hear();
      void stop();
    } else if (Date.now() - askedAtMs > sameSignalMs) {
      stack.kill();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    const summary = await stack.start();
    if (summary) {
      print(summaryText(summary));
      await asked;
    }
  } catch (error) {
    process.exitCode = 1;
    complain(`\nChairside cannot start.\n${error instanceof Error ? error.message : String(error)}`);
  }
  await stop();
}

main().catch((error: unknown) => {
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
