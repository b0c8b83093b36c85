import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { hash } from 'bcryptjs';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { readFlows } from '../../domain/flows/read-flows.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';

/** The Node-RED of a development machine: where it keeps its things, and how the product gets in. */
export interface SandboxNodeRed {
  readonly settingsPath: string;
  readonly username: string;
  readonly password: string;
}

const username = 'chairside';

/**
 * Prepares the folder of the Node-RED that `npm start` runs: settings with an account of its own, and on the first start the flows of every
 * practice's `nodered/`. Both secrets are generated once and readable by their owner only.
 */
export async function prepareNodeRed(
  dataDir: string,
  port: number,
  tenants: Pick<TenantRegistry, 'list' | 'flowFiles'>,
): Promise<SandboxNodeRed> {
  const userDir = resolve(dataDir, 'node-red');
  await mkdir(userDir, { recursive: true });
  const password = await secretIn(join(userDir, 'password'));
  const settings = {
    userDir,
    flowFile: 'flows.json',
    uiHost: '127.0.0.1',
    uiPort: port,
    credentialSecret: await secretIn(join(userDir, 'credential-secret')),
    adminAuth: {
      type: 'credentials',
      users: [{ username, password: await hash(password, 8), permissions: '*' }],
    },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false },
    functionExternalModules: false,
    logging: { console: { level: 'info', metrics: false, audit: false } },
  };
  const settingsPath = join(userDir, 'settings.cjs');
  await writeFile(settingsPath, `module.exports = ${JSON.stringify(settings, null, 2)};\n`, { mode: 0o600 });
  const flowsPath = join(userDir, 'flows.json');
  if (!existsSync(flowsPath)) await writeFile(flowsPath, JSON.stringify(await flowsOfTenants(tenants)));
  return { settingsPath, username, password };
}

/** Where npm has put Node-RED's program: it comes with the development packages. */
export const nodeRedProgram = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('node-red/package.json')), 'red.js');

async function flowsOfTenants(
  tenants: Pick<TenantRegistry, 'list' | 'flowFiles'>,
): Promise<readonly FlowNode[]> {
  const flows: FlowNode[] = [];
  for (const { slug } of tenants.list().filter(({ active }) => active)) {
    for (const { text } of await tenants.flowFiles(slug)) {
      const read = readFlows(text);
      if (read.kind === 'flows') flows.push(...read.flows);
    }
  }
  return flows;
}

async function secretIn(path: string): Promise<string> {
  const known = await readFile(path, 'utf8').catch(() => '');
  if (known !== '') return known;
  const fresh = randomBytes(24).toString('base64url');
  await writeFile(path, fresh, { mode: 0o600 });
  return fresh;
}
