import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startCloud9Simulator, type Cloud9SimulatorOptions } from './server.js';

const usage =
  'Usage: node dist/simulators/cloud9/main.js [--port 3901] [--host 127.0.0.1] [--state FILE] [--gap-scale 1] [--profile sandbox|production] [--fixture practice|note]';

const argumentsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(3901),
  host: z.string().default('127.0.0.1'),
  state: z.string().optional(),
  'gap-scale': z.coerce.number().min(0).default(1),
  profile: z.enum(['sandbox', 'production']).default('sandbox'),
  fixture: z.enum(['practice', 'note']).default('practice'),
});

const text = { type: 'string' } as const;

function readArguments(argv: readonly string[]): Cloud9SimulatorOptions {
  const options = { port: text, host: text, state: text, 'gap-scale': text, profile: text, fixture: text };
  const {
    state,
    'gap-scale': gapScale,
    ...given
  } = argumentsSchema.parse(parseArgs({ args: [...argv], options }).values);
  return { ...given, gapScale, ...(state === undefined ? {} : { statePath: state }) };
}

function explain(error: unknown, port: number | undefined): string {
  if (error instanceof z.ZodError) {
    const faults = error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    return `${faults.join('\n')}\n${usage}`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Port ${port ?? ''} is in use by another process. Stop it or give another --port.`;
  return code?.startsWith('ERR_PARSE_ARGS') === true ? `${message}\n${usage}` : message;
}

async function main(): Promise<void> {
  let options: Cloud9SimulatorOptions | undefined;
  try {
    options = readArguments(process.argv.slice(2));
    const simulator = await startCloud9Simulator(options);
    const stop = (): void => {
      // A second signal ends the process at once.
      process.removeListener('SIGTERM', stop);
      process.removeListener('SIGINT', stop);
      void simulator.close().then(() => process.exit(0));
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', process: 'cloud9-simulator', url: simulator.url })}\n`,
    );
  } catch (error) {
    process.stderr.write(`cloud9 simulator: ${explain(error, options?.port)}\n`);
    process.exitCode = 1;
  }
}

await main();
