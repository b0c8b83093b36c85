import { parseArgs } from 'node:util';
import { startClaudeSimulator } from './server.js';

const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
const simulator = await startClaudeSimulator({
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values.host !== undefined && { host: values.host }),
});
process.stdout.write(
  `${JSON.stringify({ event: 'ready', process: 'claude-simulator', url: simulator.url })}\n`,
);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
