import { valueOf, variablesOf } from './environment-variables.js';
import { runningNodes } from './expected-live.js';
import { firstComers } from './first-comers.js';
import { containerOf, nodesById, titleOf, type FlowNode } from './flow-node.js';

/** An address that flows serve over HTTP. */
export interface FlowRoute {
  readonly nodeId: string;
  readonly tabId: string | null;
  readonly method: string;
  readonly path: string;
}

/** Two `http in` nodes with one address: who answers depends on which started first. */
export interface RouteClash {
  readonly route: string;
  readonly ours: FlowRoute;
  readonly other: FlowRoute;
  readonly reason: string;
}

/** The routes that these flows serve when they run; a definition without an instance serves none. */
export function routesOf(flows: readonly FlowNode[]): readonly FlowRoute[] {
  const variable = variablesOf(flows);
  return runningNodes(flows)
    .filter(({ type }) => type === 'http in')
    .map((node) => ({
      nodeId: node.id,
      tabId: containerOf(node) ?? null,
      method: typeof node['method'] === 'string' ? node['method'].toUpperCase() : 'GET',
      path: withSlash(valueOf(node, 'url', variable) ?? ''),
    }));
}

/** Clashes of the routes of `ours` among themselves and with all others. */
export function routeClashes(flows: readonly FlowNode[], ours: ReadonlySet<string>): readonly RouteClash[] {
  const byId = nodesById(flows);
  const title = (id: string): string => titleOf(byId.get(id) ?? { id, type: 'http in' });
  return firstComers(routesOf(flows), keyOf, ours).map(({ late, first: other }) => {
    const name = `${late.method} ${late.path}`;
    return {
      route: name,
      ours: late,
      other,
      reason: `${name} of ${title(late.nodeId)} is already served by ${title(other.nodeId)}${other.tabId === null ? '' : ` on tab ${other.tabId}`}.`,
    };
  });
}

/** The url with a prefix, once: a path that has it already stays. */
export function prefixedPath(prefix: string, url: string): string {
  const clean = withSlash(prefix).replace(/\/+$/, '');
  const path = withSlash(url);
  return path === clean || path.startsWith(`${clean}/`) ? path : `${clean}${path}`;
}

/** Express takes paths without regard to case and to a slash at the end, and parameters by place, not by name. */
const keyOf = ({ method, path }: FlowRoute): string =>
  `${method} ${path
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/:[^/]+/g, ':')}`;

const withSlash = (path: string): string => (path.startsWith('/') ? path : `/${path}`);
