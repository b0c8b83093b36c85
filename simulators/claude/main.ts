import { parseArgs } from 'node:util';
import { startClaudeSimulator } from './server.js';

/** The simulator as a process: `--port 3902 --host 127.0.0.1`. Says on one line when it serves, stops on SIGTERM and SIGINT. */
const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
const port = Number(values.port ?? 0);
try {
  const simulator = await startClaudeSimulator({
    port,
    ...(values.host !== undefined && { host: values.host }),
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', process: 'claude-simulator', url: simulator.url, port: simulator.port })}\n`,
  );
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    taken
      ? `Port ${port} is in use by another process. Stop it or give --port.\n`
      : `The Claude simulator cannot start: ${reason}\n`,
  );
  process.exitCode = 1;
}
