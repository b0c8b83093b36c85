import { containerOf, definitionOf, titleOf, type FlowNode } from './flow-node.js';
import { expectedLive } from './expected-live.js';

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
  const live = new Set(expectedLive(flows));
  const used = new Set(flows.map(definitionOf));
  return flows
    .filter(
      (node) =>
        node.type === 'http in' && (live.has(node.id) || (node['d'] !== true && used.has(containerOf(node)))),
    )
    .map((node) => ({
      nodeId: node.id,
      tabId: containerOf(node) ?? null,
      method: typeof node['method'] === 'string' ? node['method'].toUpperCase() : 'GET',
      path: withSlash(typeof node['url'] === 'string' ? node['url'] : ''),
    }));
}

/** Clashes of the routes of `ours` among themselves and with all others. */
export function routeClashes(flows: readonly FlowNode[], ours: ReadonlySet<string>): readonly RouteClash[] {
  const first = new Map<string, FlowRoute>();
  // Others first, so that a clash is told as ours against theirs.
  const routes = [...routesOf(flows)].sort(
    (one, other) => Number(ours.has(one.nodeId)) - Number(ours.has(other.nodeId)),
  );
  const byId = new Map(flows.map((node) => [node.id, node]));
  const title = (id: string): string => titleOf(byId.get(id) ?? { id, type: 'http in' });
  return routes.flatMap((route): RouteClash[] => {
    const key = keyOf(route);
    const other = first.get(key);
    if (!other) {
      first.set(key, route);
      return [];
    }
    if (!ours.has(route.nodeId)) return [];
    const name = `${route.method} ${route.path}`;
    return [
      {
        route: name,
        ours: route,
        other,
        reason: `${name} of ${title(route.nodeId)} is already served by ${title(other.nodeId)}${other.tabId === null ? '' : ` on tab ${other.tabId}`}.`,
      },
    ];
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
