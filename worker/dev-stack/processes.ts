import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../platform/config/config.js';
import { nodeRedProgram } from './node-red.js';
import { acceptsConnections, answersOk } from './ports.js';
import type { StackPlan } from './stack-plan.js';
import type { ProcessSpec } from './supervised-process.js';
import { devServerArguments } from './temporal-server.js';

interface Surroundings {
  readonly config: Config;
  readonly plan: StackPlan;
  readonly env: NodeJS.ProcessEnv;
  /** Gets what belongs on our console. */
  readonly print: (line: string) => void;
}

const here = '127.0.0.1';
const compiled = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The Temporal dev server. Its own words go to a file: they would drown the others. */
export const temporalServer = (
  cliPath: string,
  ports: NonNullable<StackPlan['temporal']>,
  around: Surroundings,
): ProcessSpec => ({
  name: 'temporal',
  command: cliPath,
  args: devServerArguments({
    ...ports,
    databasePath: join(around.config.dataDir, 'temporal.db'),
    namespace: around.config.temporal.namespace,
    codecEndpoint: `${around.plan.apiUrl}/codec`,
  }),
  env: around.env,
  hear: toFile(around, 'temporal'),
  ready: acceptsConnections(here, ports.port),
});

export const cloud9Simulator = (port: number, around: Surroundings): ProcessSpec => ({
  name: 'cloud9-simulator',
  command: process.execPath,
  args: [
    compiled('../../simulators/cloud9/main.js'),
    ...['--port', String(port), '--state', join(around.config.dataDir, 'cloud9-simulator.json')],
    // Both sides keep the same pace, or the simulator would throttle a client that was told to hurry.
    ...['--gap-scale', String(around.config.cloud9.gapScale)],
  ],
  env: around.env,
  hear: toFile(around, 'cloud9-simulator'),
  ready: answersOk(`http://${here}:${port}/admin/health`),
});

export const claudeSimulator = (port: number, around: Surroundings): ProcessSpec => ({
  name: 'claude-simulator',
  command: process.execPath,
  args: [compiled('../../simulators/claude/main.js'), '--port', String(port)],
  env: around.env,
  hear: toFile(around, 'claude-simulator'),
  ready: answersOk(`http://${here}:${port}/admin/health`),
});

/** With three months of traffic of the sample practices, which take it a moment. */
export const langfuseSimulator = (port: number, around: Surroundings): ProcessSpec => ({
  name: 'langfuse-simulator',
  command: process.execPath,
  args: [compiled('../../simulators/langfuse/main.js'), ...['--port', String(port), '--fixture', 'traffic']],
  env: around.env,
  hear: toFile(around, 'langfuse-simulator'),
  ready: answersOk(`http://${here}:${port}/admin/health`),
});

/** A real Node-RED: what deployments do is shown on it. */
export const nodeRed = (port: number, settingsPath: string, around: Surroundings): ProcessSpec => ({
  name: 'node-red',
  command: process.execPath,
  args: [nodeRedProgram(), '-s', settingsPath],
  env: around.env,
  hear: toFile(around, 'node-red'),
  ready: answersOk(`http://${here}:${port}/auth/login`),
});

/** Ready when the API sees it poll. */
export const worker = (around: Surroundings): ProcessSpec => ({
  name: 'worker',
  command: process.execPath,
  args: [compiled('../main.js')],
  env: around.env,
  hear: prefixed(around, 'worker'),
  ready: answersOk(`${around.plan.apiUrl}/health/ready`),
});

/** `catchLine` takes the lines that the supervisor tells in its own words. */
export const api = (around: Surroundings, catchLine: (line: string) => boolean): ProcessSpec => {
  const print = prefixed(around, 'api');
  return {
    name: 'api',
    command: process.execPath,
    args: [compiled('../../api/main.js')],
    env: around.env,
    hear: (line) => {
      if (!catchLine(line)) print(line);
    },
    ready: answersOk(`${around.plan.apiUrl}/health/live`),
  };
};

const prefixed =
  ({ print }: Surroundings, name: string): ((line: string) => void) =>
  (line) =>
    print(`${name.padEnd(6)} | ${line}`);

function toFile({ config }: Surroundings, name: string): (line: string) => void {
  const file = createWriteStream(join(config.logDir, `${name}.log`), { flags: 'a' });
  return (line) => void file.write(`${line}\n`);
}
