import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { hash } from 'bcryptjs';
import { startChild, type Child } from './child.js';

const require = createRequire(import.meta.url);
/** The installed package, or the one in the folder NODE_RED_PATH, run by NODE_RED_NODE where it wants a newer Node than ours (docs/testing.md). */
const programFolder = process.env['NODE_RED_PATH'] ?? dirname(require.resolve('node-red/package.json'));
const program = resolve(programFolder, 'red.js');
const nodeProgram = process.env['NODE_RED_NODE'] ?? process.execPath;

/** Of the Node-RED that the kit starts. */
export const nodeRedVersion = (require(resolve(programFolder, 'package.json')) as { version: string })
  .version;

/** A user of the admin API and what the user may do, e.g. `flows.read flows.write nodes.read`. */
export interface NodeRedUser {
  readonly username: string;
  readonly password: string;
  readonly permissions: string;
}

export interface NodeRedOptions {
  /** Path in front of the admin API, e.g. `/adm`. */
  readonly adminRoot?: string;
  /** With users the admin API wants a token; without, it is open. */
  readonly users?: readonly NodeRedUser[];
  /** Types of contributed nodes that pass messages through, beside those of the kit (`palette` below), which are always there. */
  readonly stubTypes?: readonly string[];
  /** More of settings.js, plain JSON; it wins over the kit's own. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A real Node-RED in a process and a folder of its own. Its address stays the same when it is started again. */
export interface NodeRedServer {
  /** Address of the admin API, without a slash at the end. */
  readonly url: string;
  /** Address of what flows serve (`http in`). */
  readonly nodeUrl: string;
  readonly userDir: string;
  readonly pid: number;
  /** What the running process wrote so far. */
  output(): string;
  /** Resolves when the running process has ended by itself. */
  ended(): Promise<void>;
  /** SIGKILL; the folder stays. */
  kill(): Promise<void>;
  /** SIGTERM; the folder stays. */
  stop(): Promise<void>;
  /** Starts it again on the same folder and port. `safe` = the flows are loaded and not started. */
  start(options?: { readonly safe?: boolean }): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/** Starts one and resolves when its admin API answers; flows that were loaded from its folder may still be starting. About a second. */
export async function startNodeRed(options: NodeRedOptions = {}): Promise<NodeRedServer> {
  const userDir = await mkdtemp(join(tmpdir(), 'chairside-node-red-'));
  const adminRoot = options.adminRoot ?? '';
  try {
    await writePalette(userDir, options.stubTypes ?? []);
    await writeFile(join(userDir, 'settings.js'), await settingsFile(userDir, options));
    let port = 0;
    const launch = async (safe: boolean): Promise<Child> => {
      const args = [program, '-s', join(userDir, 'settings.js')];
      const child = await startChild(nodeProgram, safe ? [...args, '--safe'] : args, {
        env: { PATH: process.env['PATH'], ...options.env, NODE_RED_KIT_PORT: String(port) },
        cwd: userDir,
        ready: (output) => nowRunning.test(output),
      });
      port = Number(nowRunning.exec(child.output())?.[1]);
      return child;
    };
    let child = await launch(false);
    return {
      url: `http://127.0.0.1:${port}${adminRoot}`,
      nodeUrl: `http://127.0.0.1:${port}`,
      userDir,
      get pid() {
        return child.pid;
      },
      output: () => child.output(),
      ended: () => child.ended(),
      kill: () => child.kill(),
      stop: async () => {
        await child.stop();
      },
      start: async ({ safe = false } = {}) => {
        child = await launch(safe);
      },
      remove: async () => {
        await child.kill();
        await rm(userDir, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(userDir, { recursive: true, force: true });
    throw error;
  }
}

/** The line that tells the port; the whole admin API is mounted before it. */
const nowRunning = /Server now running at http:\/\/127\.0\.0\.1:(\d+)/;

async function settingsFile(userDir: string, options: NodeRedOptions): Promise<string> {
  const users = await Promise.all(
    (options.users ?? []).map(async ({ password, ...user }) => ({
      ...user,
      password: await hash(password, 4),
    })),
  );
  const settings = {
    userDir,
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    credentialSecret: 'a secret of the test kit',
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    functionExternalModules: false,
    // Foreign flows run here: nothing that touches files or starts programs.
    nodesExcludes: ['90-exec.js', '10-file.js', '23-watch.js'],
    logging: { console: { level: 'info', metrics: false, audit: false } },
    ...(options.adminRoot ? { httpAdminRoot: options.adminRoot } : {}),
    ...(users.length > 0 ? { adminAuth: { type: 'credentials', users } } : {}),
    ...options.settings,
  };
  return `module.exports = { ...${JSON.stringify(settings)}, uiPort: Number(process.env.NODE_RED_KIT_PORT) };\n`;
}

/** A `.js` without an `.html` of the same name is silently ignored. */
async function writePalette(userDir: string, stubTypes: readonly string[]): Promise<void> {
  await mkdir(join(userDir, 'nodes'));
  await writeFile(join(userDir, 'package.json'), '{"name":"node-red-kit","private":true}\n');
  await writeFile(
    join(userDir, 'nodes', 'kit.js'),
    `const stubTypes = ${JSON.stringify(stubTypes)};\n${palette}`,
  );
  await writeFile(join(userDir, 'nodes', 'kit.html'), '<script type="text/javascript"></script>\n');
}

const palette = `
module.exports = (RED) => {
  // Takes the two credentials that most contributed nodes have, so that credential tests work on it too.
  const credentials = { username: { type: 'text' }, password: { type: 'password' } };
  for (const type of stubTypes) {
    RED.nodes.registerType(type, function (config) {
      RED.nodes.createNode(this, config);
      this.on('input', (msg, send, done) => { send(msg); done(); });
    }, { credentials });
  }
  // Never finishes its close: the answer to a deploy that stops it comes after nodeCloseTimeout (15 s, or the setting).
  RED.nodes.registerType('stuck', function (config) {
    RED.nodes.createNode(this, config);
    this.on('close', (removed, done) => {});
  });
  // Ends the process when it starts, where the environment says so: one instance of a pair.
  RED.nodes.registerType('quits', function (config) {
    RED.nodes.createNode(this, config);
    if (process.env.KIT_QUITS === 'true') process.exit(1);
  });
  // Ends the process as soon as it is sent a secret, before anything is saved; nothing tells it from other types.
  const fatal = { get type() { process.exit(1); } };
  RED.nodes.registerType('dies-of-secrets', function (config) {
    RED.nodes.createNode(this, config);
  }, { credentials: { token: fatal } });
  RED.nodes.registerType('thrower', function (config) {
    RED.nodes.createNode(this, config);
    throw new Error('thrower throws');
  });
  // Blocks the event loop for config.ms.
  RED.nodes.registerType('slow-constructor', function (config) {
    RED.nodes.createNode(this, config);
    const until = Date.now() + Number(config.ms);
    while (Date.now() < until);
  });
};
`;
