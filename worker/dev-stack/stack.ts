import { mkdirSync } from 'node:fs';
import type { Config } from '../../platform/config/config.js';
import { loadTenants } from '../../platform/tenants/load-tenants.js';
import { findTemporalCli } from '../temporal-cli/find.js';
import { lockDataFolder, type DataLock } from './data-lock.js';
import { watchFirstPassword } from './first-password.js';
import { startOrphanGuard } from './orphan-guard.js';
import { portProblems } from './ports.js';
import { prepareNodeRed } from './node-red.js';
import { prepare } from './prepare.js';
import {
  api,
  claudeSimulator,
  cloud9Simulator,
  langfuseSimulator,
  nodeRed,
  temporalServer,
  worker,
} from './processes.js';
import type { SimulatorUrls } from './sandbox-accounts.js';
import { planStack, temporalUiUrl } from './stack-plan.js';
import { SupervisedProcess, type ProcessSpec } from './supervised-process.js';
import type { Summary } from './summary.js';

/** The API first, so that waiting callers still get their replies; then the worker, which finishes its steps; then what both need. */
const stopOrder: readonly (readonly string[])[] = [
  ['api'],
  ['worker'],
  ['temporal', 'cloud9-simulator', 'claude-simulator', 'langfuse-simulator', 'node-red'],
];

/** All processes of a development machine: started in order, kept alive, stopped in order. */
export class Stack {
  readonly #guard = startOrphanGuard();
  readonly #children: SupervisedProcess[] = [];
  #lock: DataLock | undefined;
  #stopping = false;

  constructor(
    readonly config: Config,
    readonly env: NodeJS.ProcessEnv,
    readonly print: (line: string) => void,
  ) {}

  /**
   * Resolves when a message can be sent, with null when it was stopped meanwhile. Throws an Error with a readable reason; call `stop` then,
   * too.
   */
  async start(): Promise<Summary | null> {
    const { config, env, print } = this;
    const plan = planStack(config);
    this.#lock = lockDataFolder(config.dataDir);
    const problems = await portProblems(plan.ports);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    mkdirSync(config.logDir, { recursive: true });

    // The UI decrypts payloads through the API, which must know where the UI is served.
    const uiUrl = temporalUiUrl(config, env);
    const around = { config, plan, env: { ...env, TEMPORAL_UI_URL: uiUrl }, print };
    const outside: ProcessSpec[] = [];
    if (plan.temporal) {
      outside.push(temporalServer(await findTemporalCli({ env, report: print }), plan.temporal, around));
    }
    if (plan.cloud9Port !== null) outside.push(cloud9Simulator(plan.cloud9Port, around));
    if (plan.claudePort !== null) outside.push(claudeSimulator(plan.claudePort, around));
    if (plan.langfusePort !== null) outside.push(langfuseSimulator(plan.langfusePort, around));
    const flows =
      plan.nodeRedPort === null
        ? null
        : await prepareNodeRed(config.dataDir, plan.nodeRedPort, await loadTenants(config.tenantsDir));
    if (plan.nodeRedPort !== null && flows)
      outside.push(nodeRed(plan.nodeRedPort, flows.settingsPath, around));
    if (!(await this.#startAll(outside))) return null;

    const urls: SimulatorUrls = {
      cloud9: plan.cloud9Port === null ? null : `http://127.0.0.1:${plan.cloud9Port}/GetData.ashx`,
      claude: plan.claudePort === null ? null : `http://127.0.0.1:${plan.claudePort}`,
      langfuse: plan.langfusePort === null ? null : `http://127.0.0.1:${plan.langfusePort}`,
    };
    const tenant = await prepare(
      config,
      { urls, nodeRed: flows && { ...flows, url: `http://127.0.0.1:${plan.nodeRedPort ?? 0}` } },
      print,
    );
    const password = watchFirstPassword(config.dataDir);
    if (!(await this.#startAll([api(around, password.hear), worker(around)]))) return null;
    const kept = config.masterAdminPassword === null ? password.path : null;
    return {
      profile: config.profile,
      apiUrl: plan.apiUrl,
      temporalUiUrl: uiUrl,
      simulators: urls,
      nodeRed: plan.nodeRedPort === null ? null : `http://127.0.0.1:${plan.nodeRedPort}`,
      administrator: { email: config.masterAdminEmail, newPassword: password.fresh, passwordFile: kept },
      tenant,
    };
  }

  /** Resolves when every process is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const names of stopOrder) {
      const group = this.#children.filter(({ name }) => names.includes(name));
      await Promise.all(group.map((child) => child.stop()));
    }
    this.#guard.close();
    this.#lock?.release();
  }

  kill(): void {
    for (const child of this.#children) child.kill();
  }

  /** Starts them together; false when they were told to stop meanwhile. Throws with the reasons of all that could not start. */
  async #startAll(specs: readonly ProcessSpec[]): Promise<boolean> {
    if (this.#stopping) return false;
    const children = specs.map((spec) => new SupervisedProcess(spec, this.print, this.#guard));
    this.#children.push(...children);
    const results = await Promise.allSettled(children.map((child) => child.start()));
    const reasons = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as Error).message] : [],
    );
    if (reasons.length > 0) throw new Error(reasons.join('\n'));
    return !this.#isStopping();
  }

  #isStopping(): boolean {
    return this.#stopping;
  }
}
