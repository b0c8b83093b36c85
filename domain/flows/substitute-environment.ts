import { containerOf, isRecord, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { prefixedPath } from './routes.js';

export interface Substitution {
  /** Put in front of each `http in` and WebSocket listener; null leaves them. */
  readonly routePrefix: string | null;
  /** Values of the target for the `env` entries of the tabs, by name. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Flows for another environment (node-red.md 7.9): tabs carry their environment in `env`, so one node a tab is rewritten. A name that no tab asks
 * for is an error, since it is a typing mistake; secrets (type `cred`) are not values and stay for the credential store.
 */
export function substitute(
  flows: readonly FlowNode[],
  { routePrefix, environment }: Substitution,
): { readonly flows: readonly FlowNode[]; readonly problems: readonly FlowProblem[] } {
  const used = new Set<string>();
  const problems: FlowProblem[] = [];
  const substituted = flows.map((node): FlowNode => {
    if (node.type === 'tab' && Array.isArray(node['env'])) {
      const entries: readonly unknown[] = node['env'];
      const env = entries.map((entry, index) => {
        const name = isRecord(entry) ? entry['name'] : undefined;
        if (typeof name !== 'string' || !isRecord(entry) || !Object.hasOwn(environment, name)) return entry;
        used.add(name);
        if (entry['type'] !== 'cred') return { ...entry, value: environment[name] };
        problems.push({
          rule: 'secretAsValue',
          severity: 'error',
          nodeId: node.id,
          tabId: node.id,
          property: `env.${index}`,
          reason: `${name} is a secret: name it under credentials, not under environment.`,
        });
        return entry;
      });
      return env.every((entry, index) => entry === entries[index]) ? node : { ...node, env };
    }
    const property = routeProperty[node.type];
    const url = property === undefined ? undefined : node[property];
    return routePrefix === null || property === undefined || typeof url !== 'string'
      ? node
      : { ...node, [property]: prefixedPath(routePrefix, url) };
  });
  for (const name of Object.keys(environment).filter((key) => !used.has(key)))
    problems.push({
      rule: 'environmentUnused',
      severity: 'error',
      nodeId: null,
      tabId: null,
      property: 'env',
      reason: `No tab has ${name} in its environment: the value would do nothing.`,
    });
  return { flows: substituted, problems };
}

const routeProperty: Readonly<Record<string, string>> = { 'http in': 'url', 'websocket-listener': 'path' };

/** A credential that flows need and that never travels with them. */
export interface CredentialNeed {
  readonly nodeId: string;
  readonly tabId: string | null;
  readonly type: string;
  readonly field: string;
}

/**
 * Credentials that these nodes need: `env` entries of the type `cred`, the login of an `http request` that asks for one, and whatever `presence`
 * says is set for a node (the instance that they come from). Fields of other nodes cannot be known from the flows alone.
 */
export function credentialNeeds(
  flows: readonly FlowNode[],
  presence: Readonly<Record<string, readonly string[]>> = {},
): readonly CredentialNeed[] {
  return flows.flatMap((node) => {
    const env: readonly unknown[] = Array.isArray(node['env']) ? node['env'] : [];
    const secrets = env.flatMap((entry) =>
      isRecord(entry) && entry['type'] === 'cred' && typeof entry['name'] === 'string' ? [entry['name']] : [],
    );
    const login = node.type === 'http request' ? (loginFields[String(node['authType'])] ?? []) : [];
    const fields = new Set([...secrets, ...login, ...(presence[node.id] ?? [])]);
    return [...fields].map((field) => ({
      nodeId: node.id,
      tabId: containerOf(node) ?? null,
      type: node.type,
      field,
    }));
  });
}

const loginFields: Readonly<Record<string, readonly string[]>> = {
  basic: ['user', 'password'],
  digest: ['user', 'password'],
  bearer: ['password'],
};
