import type { Config } from '../../platform/config/config.js';
import type { WantedPort } from './ports.js';

/** What `npm start` runs here, decided by the configuration alone. */
export interface StackPlan {
  /** The Temporal dev server, or null when TEMPORAL_ADDRESS names another machine. */
  readonly temporal: { readonly port: number; readonly uiPort: number } | null;
  /** Ports of the simulators that are needed. */
  readonly cloud9Port: number | null;
  readonly claudePort: number | null;
  readonly langfusePort: number | null;
  /** Port of a real Node-RED, for deployments to try; sandbox only. */
  readonly nodeRedPort: number | null;
  readonly apiUrl: string;
  readonly ports: readonly WantedPort[];
}

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[?::1\]?)$/;
const here = '127.0.0.1';

/** An endpoint or key that is set is used even in sandbox: the simulator of that system is then not started. */
export function planStack(config: Config): StackPlan {
  const sandbox = config.profile === 'sandbox';
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(config.temporal.address) ?? [];
  const temporal = loopback.test(host) ? { port: Number(port), uiPort: config.temporal.uiPort } : null;
  const cloud9Port = sandbox && config.cloud9.sandboxEndpoint === null ? config.simulators.cloud9Port : null;
  const claudePort =
    sandbox && config.anthropic.baseUrl === null && config.anthropic.apiKey === null
      ? config.simulators.claudePort
      : null;
  // Which Langfuse a practice has is said per practice over the API, so nothing in the environment replaces this one.
  const langfusePort = sandbox ? config.simulators.langfusePort : null;
  const nodeRedPort = sandbox ? config.simulators.nodeRedPort : null;
  return {
    temporal,
    cloud9Port,
    claudePort,
    langfusePort,
    nodeRedPort,
    apiUrl: `http://${config.host === '0.0.0.0' ? here : config.host}:${config.port}`,
    ports: [
      { variable: 'PORT', host: config.host, port: config.port },
      ...(temporal
        ? [
            { variable: 'TEMPORAL_ADDRESS', host: here, port: temporal.port },
            { variable: 'TEMPORAL_UI_PORT', host: here, port: temporal.uiPort },
          ]
        : []),
      ...(cloud9Port === null ? [] : [{ variable: 'CLOUD9_SIMULATOR_PORT', host: here, port: cloud9Port }]),
      ...(claudePort === null ? [] : [{ variable: 'CLAUDE_SIMULATOR_PORT', host: here, port: claudePort }]),
      ...(langfusePort === null
        ? []
        : [{ variable: 'LANGFUSE_SIMULATOR_PORT', host: here, port: langfusePort }]),
      ...(nodeRedPort === null ? [] : [{ variable: 'NODE_RED_PORT', host: here, port: nodeRedPort }]),
    ],
  };
}

/** Where people reach the Temporal UI: what the environment says, else the UI of the server that the stack starts. */
export const temporalUiUrl = (config: Config, env: NodeJS.ProcessEnv): string =>
  planStack(config).temporal !== null && !env['TEMPORAL_UI_URL']
    ? `http://${here}:${config.temporal.uiPort}`
    : config.temporal.uiUrl;
