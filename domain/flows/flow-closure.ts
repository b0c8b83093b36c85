import { containerOf, definitionOf, isLink, kindOf, linksOf, nodesById, type FlowNode } from './flow-node.js';
import { referencesOf } from './references.js';

/** A link that crosses the border of what was picked: messages would go between the copy and the original. */
export interface CrossTabLink {
  readonly nodeId: string;
  readonly tabId: string | null;
  readonly otherNodeId: string;
  /** Null = the other end is in no tab of the source (a dangling link when `otherExists` is false). */
  readonly otherTabId: string | null;
  readonly otherExists: boolean;
}

/** A unit that can be moved: picked tabs and everything that they need. */
export interface FlowClosure {
  /** In the order of the source, the very same objects. */
  readonly nodes: readonly FlowNode[];
  readonly tabIds: readonly string[];
  readonly subflowIds: readonly string[];
  /** Config nodes outside the picked tabs and the needed definitions. */
  readonly sharedConfigIds: readonly string[];
  readonly crossTabLinks: readonly CrossTabLink[];
  /** Picked tabs that the source does not have. */
  readonly missingTabIds: readonly string[];
}

/**
 * What a set of tabs needs to run elsewhere (node-red.md 7.1): their nodes, groups and junctions; the definitions of subflows in use, recursively;
 * config nodes reached by value from any property, from config to config too. Links do not widen it: they are reported.
 */
export function closureOf(flows: readonly FlowNode[], tabIds: readonly string[]): FlowClosure {
  const byId = nodesById(flows);
  const contents = contentsOf(flows);
  const reached = new Set<string>();
  const waiting = [...tabIds];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    const node = byId.get(id);
    if (node) reached.add(id);
    // A phantom tab has contents without being there itself.
    if (!node && !tabIds.includes(id)) continue;
    waiting.push(...(contents.get(id) ?? []).filter((inner) => !reached.has(inner)));
    if (node) waiting.push(...needs(node, byId).filter((other) => !reached.has(other)));
  }
  const nodes = flows.filter(({ id }) => reached.has(id));
  const containers = new Set(
    nodes.filter(({ type }) => type === 'tab' || type === 'subflow').map(({ id }) => id),
  );
  return {
    nodes,
    tabIds: tabIds.filter((id) => byId.get(id)?.type === 'tab'),
    subflowIds: nodes.filter(({ type }) => type === 'subflow').map(({ id }) => id),
    sharedConfigIds: nodes
      .filter((node) => kindOf(node) === 'config' && !containers.has(containerOf(node) ?? ''))
      .map(({ id }) => id),
    crossTabLinks: crossTabLinks(flows, reached, byId),
    missingTabIds: tabIds.filter((id) => byId.get(id)?.type !== 'tab'),
  };
}

/** The tabs of flows, phantom ones (named by nodes, not there) not among them. */
export const tabIdsOf = (flows: readonly FlowNode[]): readonly string[] =>
  flows.filter(({ type }) => type === 'tab').map(({ id }) => id);

/** Ids of what lies in each container. */
function contentsOf(flows: readonly FlowNode[]): ReadonlyMap<string, readonly string[]> {
  const contents = new Map<string, string[]>();
  for (const node of flows) {
    const z = containerOf(node);
    if (z === undefined) continue;
    const inner = contents.get(z);
    if (inner) inner.push(node.id);
    else contents.set(z, [node.id]);
  }
  return contents;
}

/** Subflow definitions and config nodes that a node names. `global-config` belongs to the instance and never travels. */
function needs(node: FlowNode, byId: ReadonlyMap<string, FlowNode>): readonly string[] {
  const definition = definitionOf(node);
  const configs = referencesOf(node, byId)
    .map(({ targetId }) => byId.get(targetId))
    .filter(
      (target) => target !== undefined && kindOf(target) === 'config' && target.type !== 'global-config',
    )
    .map((target) => target?.id ?? '');
  return definition === undefined ? configs : [definition, ...configs];
}

function crossTabLinks(
  flows: readonly FlowNode[],
  reached: ReadonlySet<string>,
  byId: ReadonlyMap<string, FlowNode>,
): readonly CrossTabLink[] {
  const tabOf = (id: string): string | null => {
    const node = byId.get(id);
    return (node && containerOf(node)) ?? null;
  };
  return flows.filter(isLink).flatMap((node) =>
    linksOf(node)
      // A link that only the far end lists delivers all the same, so both directions count.
      .filter((otherId) => reached.has(node.id) !== reached.has(otherId))
      .map((otherId): CrossTabLink => {
        const [inside, outside] = reached.has(node.id) ? [node.id, otherId] : [otherId, node.id];
        return {
          nodeId: inside,
          tabId: tabOf(inside),
          otherNodeId: outside,
          otherTabId: tabOf(outside),
          otherExists: byId.has(outside),
        };
      }),
  );
}
