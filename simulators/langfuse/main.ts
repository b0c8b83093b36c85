import { parseArgs } from 'node:util';
import { z } from 'zod';
import { startLangfuseSimulator } from './server.js';

const usage =
  'Usage: node dist/simulators/langfuse/main.js [--port 3903] [--host 127.0.0.1] [--mode legacy|dual|events_only] [--fixture traffic|recorded]';

const argumentsSchema = z.strictObject({
  port: z.coerce.number().int().min(0).max(65_535).default(3903),
  host: z.string().default('127.0.0.1'),
  mode: z.enum(['legacy', 'dual', 'events_only']).default('dual'),
  fixture: z.enum(['traffic', 'recorded']).default('recorded'),
});

const text = { type: 'string' } as const;

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const faults = error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`);
    return `${faults.join('\n')}\n${usage}`;
  }
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'Its port is in use by another process. Stop it or give another --port.';
  return code?.startsWith('ERR_PARSE_ARGS') === true ? `${message}\n${usage}` : message;
}

/** The simulator as a process: says on one line when it serves, stops on SIGTERM and SIGINT. */
async function main(): Promise<void> {
  try {
    const { values } = parseArgs({ options: { port: text, host: text, mode: text, fixture: text } });
    const { port, host, mode, fixture } = argumentsSchema.parse(values);
    const simulator = await startLangfuseSimulator({
      port,
      host,
      switches: { mode },
      ...(fixture === 'traffic' && { projects: [], traffic: true }),
    });
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
    process.stdout.write(
      `${JSON.stringify({ event: 'ready', process: 'langfuse-simulator', url: simulator.url, port: simulator.port })}\n`,
    );
  } catch (error) {
    process.stderr.write(`langfuse simulator: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

await main();
