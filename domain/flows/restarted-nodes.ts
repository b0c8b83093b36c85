import { expectedLive } from './expected-live.js';
import { canonicalJson } from './node-content.js';
import { containerOf, definitionOf, nodesById, strings, wiresOf, type FlowNode } from './flow-node.js';

/** How much a deployment stops and starts. `nodes` is known for completeness: it leaves old and new code mixed. */
export type DeploymentType = 'full' | 'flows' | 'nodes';

/**
 * The nodes that a deployment stops although they stay, or starts anew (node-red.md 3.2): for `full` all; for `flows` those that changed, those
 * whose wires changed and all that are wired to either; for `nodes` the changed ones only. What Node-RED itself works out, said again as a rule:
 * the tests compare both. Only nodes that run before and after count.
 */
export function restartedNodes(
  before: readonly FlowNode[],
  after: readonly FlowNode[],
  type: DeploymentType,
): ReadonlySet<string> {
  const old = nodesById(before);
  const next = nodesById(after);
  const liveBefore = new Set(expectedLive(before));
  const liveAfter = new Set(expectedLive(after));
  const runs = (id: string): boolean => liveBefore.has(id) && liveAfter.has(id);
  const everything = (): ReadonlySet<string> => new Set([...next.keys()].filter(runs));
  if (type === 'full') return everything();
  const difference = differenceOf(old, next);
  if (difference.globalConfig) return everything();
  const stopped = new Set([...difference.changed, ...difference.removed]);
  if (type === 'flows') {
    for (const id of difference.rewired) stopped.add(id);
    for (const id of linkedTo(difference, old, next)) stopped.add(id);
  }
  for (const node of next.values()) if (difference.tabs.has(containerOf(node) ?? '')) stopped.add(node.id);
  return new Set([...stopped].filter(runs));
}

interface Difference {
  readonly added: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  readonly rewired: ReadonlySet<string>;
  /** Tabs that stop or start as a whole: their `env` changed, or they were switched on or off. */
  readonly tabs: ReadonlySet<string>;
  readonly globalConfig: boolean;
}

type Nodes = ReadonlyMap<string, FlowNode>;

function differenceOf(old: Nodes, next: Nodes): Difference {
  const added = new Set<string>();
  const changed = new Set<string>();
  const removed = new Set<string>();
  const rewired = new Set<string>();
  const tabs = new Set<string>();
  const changedDefinitions = new Set<string>();
  let globalConfig = false;

  /** A change inside a container marks it; inside a definition the definition stands for the node. True when it does. */
  const markContainer = (id: string): boolean => {
    const container = next.get(next.get(id)?.['z'] as string) ?? next.get(old.get(id)?.['z'] as string);
    if (!container) return false;
    changed.add(container.id);
    if (container.type !== 'subflow') return false;
    changedDefinitions.add(container.id);
    return true;
  };

  for (const tab of old.values()) {
    if (tab.type !== 'tab') continue;
    const now = next.get(tab.id);
    if (!now) {
      removed.add(tab.id);
    } else if (Boolean(tab['disabled']) !== Boolean(now['disabled'])) {
      (tab['disabled'] ? added : removed).add(tab.id);
      tabs.add(tab.id);
    } else if (JSON.stringify(tab['env']) !== JSON.stringify(now['env'])) {
      tabs.add(tab.id);
    }
  }
  for (const node of old.values()) {
    if (node.type === 'tab') continue;
    const now = next.get(node.id);
    const z = containerOf(node) ?? '';
    if (removed.has(z) || !now) {
      removed.add(node.id);
      if (!removed.has(z)) markContainer(node.id);
      continue;
    }
    if (added.has(z)) {
      added.add(node.id);
      continue;
    }
    if (!node['d'] && now['d']) removed.add(node.id);
    if (differsForRuntime(node, now) || Boolean(now['credentials'])) {
      changed.add(node.id);
      if (node.type === 'subflow' || now.type === 'subflow') changedDefinitions.add(node.id);
      if (markContainer(node.id)) changed.delete(node.id);
      globalConfig ||= now.type === 'global-config';
    }
    if (canonicalJson(node['wires'] ?? null) !== canonicalJson(now['wires'] ?? null)) {
      if (!markContainer(node.id)) rewired.add(node.id);
    }
  }
  for (const node of next.values()) {
    if (node.type === 'group' && changed.has(node.id))
      for (const id of strings(node['nodes'])) changed.add(id);
    if (!old.has(node.id)) {
      added.add(node.id);
      if (markContainer(node.id)) added.delete(node.id);
    }
  }
  spreadThroughProperties(old, next, changed, removed, changedDefinitions);
  for (const node of next.values())
    if (next.get(containerOf(node) ?? '')?.type === 'subflow') changed.delete(node.id);
  spreadThroughGroups(next, changed);
  spreadThroughInstances(next, changed, changedDefinitions);
  return { added, changed, removed, rewired, tabs, globalConfig };
}

/** A node with a property that names a changed or removed node counts as changed: config nodes, and links and scopes of one member. */
function spreadThroughProperties(
  old: Nodes,
  next: Nodes,
  changed: Set<string>,
  removed: ReadonlySet<string>,
  changedDefinitions: Set<string>,
): void {
  for (let more = true; more;) {
    more = false;
    for (const node of next.values()) {
      if (changed.has(node.id)) continue;
      const named = Object.entries(node).some(([key, value]) => {
        if (key === 'z' || key === 'id' || key === 'wires') return false;
        const id = asKey(value);
        if (!changed.has(id)) return removed.has(id);
        // A group that changed spreads to its members below, unless it was joined just now.
        return !(key === 'g' && next.get(id)?.type === 'group' && old.get(node.id)?.['g'] === value);
      });
      if (!named) continue;
      more = true;
      changed.add(node.id);
      const container = next.get(containerOf(node) ?? '');
      if (container) changed.add(container.id);
      if (container?.type === 'subflow') changedDefinitions.add(container.id);
    }
  }
}

/** The runtime looks properties up as keys, so a list of one text counts as that text. */
const asKey = (value: unknown): string => {
  if (Array.isArray(value)) return value.length === 1 ? asKey(value[0]) : noKey;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : noKey;
};
const noKey = '\0';

/** The members of a changed group, groups in it included. */
function spreadThroughGroups(next: Nodes, changed: Set<string>): void {
  const nested = [...next.values()].filter((node) => node.type === 'group' && Boolean(node['g']));
  for (let more = true; more;) {
    more = false;
    const mark = (id: string): void => {
      if (changed.has(id)) return;
      changed.add(id);
      more = true;
    };
    for (const group of nested) {
      if (changed.has(asKey(group['g']))) mark(group.id);
      if (changed.has(group.id)) strings(group['nodes']).forEach(mark);
    }
  }
}

/** All instances of a changed definition, through definitions that hold instances. */
function spreadThroughInstances(
  next: Nodes,
  changed: Set<string>,
  changedDefinitions: ReadonlySet<string>,
): void {
  const waiting = [...changedDefinitions];
  for (let definition = waiting.pop(); definition !== undefined; definition = waiting.pop()) {
    for (const node of next.values()) {
      if (definitionOf(node) !== definition || changed.has(node.id)) continue;
      changed.add(node.id);
      const container = next.get(containerOf(node) ?? '');
      if (!container || changed.has(container.id)) continue;
      changed.add(container.id);
      if (container.type !== 'subflow') continue;
      waiting.push(container.id);
      changed.delete(node.id);
    }
  }
}

/** Everything that is wired, directly or through others, before or after, to what was touched. */
function linkedTo(
  { added, changed, removed, rewired }: Difference,
  old: Nodes,
  next: Nodes,
): ReadonlySet<string> {
  const neighbours = new Map<string, string[]>();
  const join = (from: string, to: string): void => {
    const known = neighbours.get(from);
    if (known) known.push(to);
    else neighbours.set(from, [to]);
  };
  for (const nodes of [old, next])
    for (const node of nodes.values()) {
      if (node.type === 'tab' && nodes === old) continue;
      for (const to of wiresOf(node).flat()) {
        join(node.id, to);
        if (nodes.has(to)) join(to, node.id);
      }
    }
  const reached = new Set<string>();
  const waiting = [...added, ...changed, ...removed, ...rewired];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(neighbours.get(id) ?? []));
  }
  return reached;
}

/** Place and wires do not count, nor do the members and the look of a group; the order of keys does not either. */
function differsForRuntime(one: FlowNode, other: FlowNode): boolean {
  const relevant = (node: FlowNode): readonly string[] =>
    Object.keys(node).filter(
      (key) => !untold.has(key) && !(node.type === 'group' && untoldOfGroups.has(key)),
    );
  const keys = relevant(other);
  return (
    relevant(one).length !== keys.length ||
    keys.some(
      (key) =>
        canonicalJson(one[key] ?? null) !== canonicalJson(other[key] ?? null) || !Object.hasOwn(one, key),
    )
  );
}

const untold: ReadonlySet<string> = new Set(['x', 'y', 'wires']);
const untoldOfGroups: ReadonlySet<string> = new Set(['nodes', 'style', 'w', 'h']);
