import { execFileSync } from 'node:child_process';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { chaos } from './chaos/chaos.js';
import { generatedFlowsBench } from './generated-flows.js';
import { importBench } from './import/import.js';
import { longConversation } from './long-conversation.js';
import { manyCallers } from './many-callers.js';
import { nodeRedDeploy } from './node-red-deploy.js';
import { turnLatency } from './turn-latency.js';

/** What a bench found. */
export interface BenchResult {
  readonly figures: object;
  /** Broken promises; any of them fails the command. */
  readonly problems: readonly string[];
  /** The command that plays it again. */
  readonly repeat?: string;
}

/** `npm run bench -- <name> [options]`: each bench ends with one line of JSON that holds its figures (docs/testing.md). */
const benches: Readonly<Record<string, (args: readonly string[]) => Promise<BenchResult>>> = {
  chaos,
  'generated-flows': generatedFlowsBench,
  import: importBench,
  'long-conversation': longConversation,
  'many-callers': manyCallers,
  'node-red-deploy': nodeRedDeploy,
  'turn-latency': turnLatency,
};

// Replays tell the states of their workers otherwise.
Runtime.install({ logger: new DefaultLogger('WARN') });
const [name = '', ...args] = process.argv.slice(2);
const bench = benches[name];
if (bench) {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { figures, problems, repeat } = await bench(args);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0 && repeat !== undefined) process.stderr.write(`Again: ${repeat}\n`);
  process.stdout.write(`${JSON.stringify({ bench: name, ...figures, problems: problems.length })}\n`);
  if (problems.length > 0) process.exitCode = 1;
} else {
  process.stderr.write(`Usage: npm run bench -- <name>. Names: ${Object.keys(benches).join(', ')}.\n`);
  process.exitCode = 1;
}
