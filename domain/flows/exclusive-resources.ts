import { valueOf, variablesOf } from './environment-variables.js';
import { runningNodes } from './expected-live.js';
import { firstComers } from './first-comers.js';
import { containerOf, nodesById, titleOf, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { problemOf } from './validate-shape.js';

/** Something outside of the flows that a running node takes for itself. */
export interface Claim {
  readonly nodeId: string;
  readonly property: string;
  /** In words, and equal for two nodes that want the same. */
  readonly resource: string;
  /** `error`: one of two nodes does not work then. `warning`: both work, and disturb each other. */
  readonly severity: FlowProblem['severity'];
}

type Read = (property: string) => string | undefined;

/** What nodes of the core palette take (node-red.md 7.8); checked against the code of Node-RED 4.1. Null = nothing. */
const claims: Readonly<Record<string, (node: FlowNode, read: Read) => Omit<Claim, 'nodeId'> | null>> = {
  'tcp in': (node, read) =>
    node['server'] === true || node['server'] === 'server' ? port('TCP', read, 'error') : null,
  'tcp out': (node, read) => (node['beserver'] === 'server' ? port('TCP', read, 'error') : null),
  // The second one listens on the socket of the first and closes it for both when it goes.
  'udp in': (_, read) => port('UDP', read, 'warning'),
  'websocket-listener': (_, read) =>
    claim('path', read, (path) => `the WebSocket path /${path.replace(/^\//, '')}`, 'error'),
  // A broker ends the older connection of a client id: two of them throw each other out without end.
  'mqtt-broker': (_, read) =>
    claim(
      'clientid',
      read,
      (id) =>
        `the MQTT client id ${id} at ${(read('broker') ?? '').trim().toLowerCase()}:${read('port') ?? ''}`,
      'error',
    ),
  file: (node, read) =>
    (node['filenameType'] ?? 'str') === 'str'
      ? claim('filename', read, (name) => `the file ${name}`, 'warning')
      : null,
};

const claim = (
  property: string,
  read: Read,
  named: (value: string) => string,
  severity: Claim['severity'],
): Omit<Claim, 'nodeId'> | null => {
  const value = read(property)?.trim();
  return value === undefined || value === '' ? null : { property, resource: named(value), severity };
};

const port = (protocol: string, read: Read, severity: Claim['severity']): Omit<Claim, 'nodeId'> | null =>
  claim('port', read, (number) => `the ${protocol} port ${number}`, severity);

/** What these flows take for themselves when they run. */
function claimsOf(flows: readonly FlowNode[]): readonly Claim[] {
  const variable = variablesOf(flows);
  return runningNodes(flows).flatMap((node) => {
    const taken = claims[node.type]?.(node, (property) => valueOf(node, property, variable));
    return taken ? [{ nodeId: node.id, ...taken }] : [];
  });
}

/** What nodes of `ours` want although another node has it: listening ports, WebSocket paths, MQTT client ids, files, names of links. */
export function resourceClashes(
  flows: readonly FlowNode[],
  ours: ReadonlySet<string>,
): readonly FlowProblem[] {
  const byId = nodesById(flows);
  const clashes = firstComers(claimsOf(flows), ({ resource }) => resource, ours).flatMap(
    ({ late: { nodeId, property, resource, severity }, first }) => {
      const [node, other] = [byId.get(nodeId), byId.get(first.nodeId)];
      if (!node || !other) return [];
      const z = containerOf(other);
      const where = z === undefined ? '' : ` on tab ${z}`;
      const reason = `${titleOf(node)} wants ${resource}, which ${titleOf(other)}${where} has already.`;
      return [problemOf(node, 'resourceClash', property, reason, severity)];
    },
  );
  return [...clashes, ...linkNameClashes(flows, ours)];
}

/**
 * A dynamic `link call` finds its `link in` by name: on its own tab first, else there must be only one. A second one of that name on another tab
 * breaks callers elsewhere.
 */
function linkNameClashes(flows: readonly FlowNode[], ours: ReadonlySet<string>): readonly FlowProblem[] {
  const running = runningNodes(flows);
  const callers = running.filter(({ type, linkType }) => type === 'link call' && linkType === 'dynamic');
  if (callers.length === 0) return [];
  const byId = nodesById(flows);
  const named = running
    .filter((node) => node.type === 'link in' && typeof node['name'] === 'string' && node['name'] !== '')
    .filter((node) => byId.get(containerOf(node) ?? '')?.type === 'tab')
    .map((node) => ({ nodeId: node.id, node, name: String(node['name']) }));
  return firstComers(named, ({ name }) => name, ours)
    .filter(({ late, first }) => {
      const tabs = named.filter(({ name }) => name === late.name).map(({ node }) => containerOf(node));
      const isApart = containerOf(late.node) !== containerOf(first.node);
      return isApart && callers.some((caller) => !tabs.includes(containerOf(caller)));
    })
    .map(({ late: { node, name }, first }) =>
      problemOf(
        node,
        'linkNameClash',
        'name',
        `${titleOf(node)} has the name of ${titleOf(first.node)} on tab ${containerOf(first.node) ?? ''}: calls of "${name}" from other tabs fail, since there are two.`,
        'warning',
      ),
    );
}

/**
 * MQTT client ids that a copy still shares with its original. On one instance they clash; on two nobody sees it but the broker, which throws the
 * one out when the other comes.
 */
export function sharedClientIds(
  source: readonly FlowNode[],
  copy: readonly FlowNode[],
): readonly FlowProblem[] {
  const byId = nodesById(copy);
  const originals = new Set(claimsOf(source).map(({ resource }) => resource));
  return claimsOf(copy)
    .filter(({ property, resource }) => property === 'clientid' && originals.has(resource))
    .flatMap(({ nodeId, property, resource }) => {
      const node = byId.get(nodeId);
      const reason = `${titleOf(node ?? { id: nodeId, type: 'mqtt-broker' })} takes ${resource}, as its original does: they would throw each other out. Give it another one.`;
      return node ? [problemOf(node, 'clientIdShared', property, reason, 'warning')] : [];
    });
}
