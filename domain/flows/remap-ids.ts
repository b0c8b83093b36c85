import type { FlowClosure } from './flow-closure.js';
import {
  containerOf,
  isLink,
  kindOf,
  linksOf,
  nodesById,
  titleOf,
  wiresOf,
  without,
  type FlowNode,
} from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { referencesOf, rewriteReferences } from './references.js';
import type { Sha256Hex } from './revision.js';

export interface CopyRules {
  /** Names the place where the copy lives. The same scope and the same source give the same ids, so that a second copy is an update. */
  readonly targetScope: string;
  readonly sha256Hex: Sha256Hex;
}

export interface RemappedFlows {
  readonly flows: readonly FlowNode[];
  /** Id in the source -> id in the target. */
  readonly idMap: Readonly<Record<string, string>>;
  /** Links that were cut, ids that hide in code. */
  readonly warnings: readonly FlowProblem[];
}

/** The id that a node of the source gets in a target (node-red.md 7.4): looks like one that the editor generates. */
export const remappedId = (targetScope: string, sourceId: string, sha256Hex: Sha256Hex): string =>
  sha256Hex(`${targetScope}\0${sourceId}`).slice(0, 16);

/**
 * A copy that can stand beside its original: new ids wherever ids occur, no credentials (they never travel with an id), no link or wire to
 * anything outside the copy, since it would still point at the original. A config node that only one tab uses moves into that tab, so that the
 * tab's `env` reaches it and it goes when the tab goes.
 */
export function remapIds(closure: FlowClosure, rules: CopyRules): RemappedFlows {
  const { targetScope, sha256Hex } = rules;
  const known = nodesById(closure.nodes);
  const idMap: Record<string, string> = {};
  for (const { id } of closure.nodes) idMap[id] = remappedId(targetScope, id, sha256Hex);
  const home = homesOfConfigs(closure, known);
  const warnings: FlowProblem[] = [];

  const flows = closure.nodes.map((node): FlowNode => {
    const { inside, cut } = withoutForeignEnds(node, known);
    warnings.push(...cut, ...idsInCode(node, known));
    const renamed = rewriteReferences(inside, known, (id) => idMap[id]);
    const copy = without(['credentials'], { ...renamed, id: idMap[node.id] ?? node.id });
    if (!home.has(node.id)) return copy;
    const tabId = home.get(node.id);
    const free = without(['z'], copy);
    return tabId === undefined ? free : { ...free, z: idMap[tabId] ?? tabId };
  });
  return { flows, idMap, warnings };
}

/** Cuts links and wires that end outside the copy. */
function withoutForeignEnds(
  node: FlowNode,
  known: ReadonlyMap<string, FlowNode>,
): { readonly inside: FlowNode; readonly cut: readonly FlowProblem[] } {
  const problem = (property: string, id: string): FlowProblem => ({
    rule: property === 'links' ? 'linkCut' : 'wireCut',
    severity: 'warning',
    nodeId: node.id,
    tabId: containerOf(node) ?? null,
    property,
    reason: `${titleOf(node)} leads to ${id}, which is not copied: the connection is cut, or messages would reach the original.`,
  });
  const links = isLink(node) ? linksOf(node).filter((id) => !known.has(id)) : [];
  const wires = wiresOf(node)
    .flat()
    .filter((id) => !known.has(id));
  if (links.length === 0 && wires.length === 0) return { inside: node, cut: [] };
  const inside = {
    ...node,
    ...(links.length > 0 ? { links: linksOf(node).filter((id) => known.has(id)) } : {}),
    ...(wires.length > 0 ? { wires: wiresOf(node).map((port) => port.filter((id) => known.has(id))) } : {}),
  };
  return {
    inside,
    cut: [...links.map((id) => problem('links', id)), ...wires.map((id) => problem('wires', id))],
  };
}

/** Code is never rewritten: an id in it still names the original. */
function idsInCode(node: FlowNode, known: ReadonlyMap<string, FlowNode>): readonly FlowProblem[] {
  return ['func', 'initialize', 'finalize', 'template'].flatMap((property) => {
    const code = node[property];
    if (typeof code !== 'string') return [];
    const ids = (code.match(/\b([0-9a-f]{16}|[0-9a-f]{6,8}\.[0-9a-f]{4,6})\b/g) ?? []).filter((id) =>
      known.has(id),
    );
    return [...new Set(ids)].map((id): FlowProblem => ({
      rule: 'idInCode',
      severity: 'warning',
      nodeId: node.id,
      tabId: containerOf(node) ?? null,
      property,
      reason: `The code of ${titleOf(node)} names the node ${id}. Code is not rewritten: in the copy it still means the original.`,
    }));
  });
}

/** For each config node outside all copied containers: the one tab that uses it, or undefined when several do. */
function homesOfConfigs(
  closure: FlowClosure,
  known: ReadonlyMap<string, FlowNode>,
): ReadonlyMap<string, string | undefined> {
  const shared = new Set(closure.sharedConfigIds);
  const users = new Map<string, string[]>();
  for (const node of closure.nodes) {
    for (const { targetId, property } of referencesOf(node, known)) {
      const usesDefinition = property === 'type';
      if (!usesDefinition && !shared.has(targetId)) continue;
      users.set(targetId, [...(users.get(targetId) ?? []), node.id]);
    }
  }
  /** Follows users up to tabs: through configs, and from a definition to its instances. */
  const tabsThatReach = (id: string, seen: Set<string>): ReadonlySet<string> => {
    const tabs = new Set<string>();
    for (const userId of users.get(id) ?? []) {
      if (seen.has(userId)) continue;
      seen.add(userId);
      const user = known.get(userId);
      const z = user && containerOf(user);
      const container = z === undefined ? undefined : known.get(z);
      if (container?.type === 'tab') tabs.add(container.id);
      else for (const tab of tabsThatReach(container?.id ?? userId, seen)) tabs.add(tab);
    }
    return tabs;
  };
  return new Map(
    closure.nodes
      .filter((node) => shared.has(node.id) && kindOf(node) === 'config')
      .map(({ id }) => {
        const tabs = [...tabsThatReach(id, new Set())];
        return [id, tabs.length === 1 ? tabs[0] : undefined];
      }),
  );
}
