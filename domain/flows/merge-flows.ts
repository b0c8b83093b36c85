import {
  containerOf,
  definitionOf,
  kindOf,
  nodesById,
  titleOf,
  without,
  type FlowNode,
} from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { sameContent } from './node-content.js';
import { referencesOf } from './references.js';

export interface Merge {
  /** What the instance holds now. */
  readonly base: readonly FlowNode[];
  /** What is to be there, with ids of the target. */
  readonly incoming: readonly FlowNode[];
  /** Ids that our former deployment of the same source put there. */
  readonly owned: ReadonlySet<string>;
  /** Nodes of the target that have credentials: removed ones are parked, since credentials die with their id. */
  readonly withCredentials: ReadonlySet<string>;
}

export interface MergedFlows {
  readonly flows: readonly FlowNode[];
  readonly added: readonly string[];
  readonly changed: readonly string[];
  /** Gone for good; parked ones are not among them. */
  readonly removed: readonly string[];
  readonly parked: readonly string[];
  /** Errors: an id that belongs to somebody else. Warnings: what was kept or dropped, and why. */
  readonly problems: readonly FlowProblem[];
}

/**
 * The instance's flows with those of one source put in (node-red.md 7.5, 7.6, 8). Only the tabs and definitions of the source and what it owns
 * change; every other node is the very same object in the same order. What exists is replaced in its place, the rest is appended. A config node
 * that others use is never changed, `global-config` never touched.
 */
export function mergeFlows({ base, incoming, owned, withCredentials }: Merge): MergedFlows {
  const containers = new Set(
    incoming.filter(({ type }) => type === 'tab' || type === 'subflow').map(({ id }) => id),
  );
  const baseById = nodesById(base);
  const problems: FlowProblem[] = [];
  /** A node that this deployment may change: it is ours, or it lies where we put things. */
  const isOurs = (node: FlowNode): boolean =>
    owned.has(node.id) ||
    containers.has(node.id) ||
    containers.has(containerOf(node) ?? '') ||
    parkedFrom(node, containers);
  const foreign = base.filter((node) => !isOurs(node));
  const usedByOthers = usersOf(foreign, baseById);

  const wanted = new Map<string, FlowNode>();
  for (const node of incoming) {
    const there = baseById.get(node.id);
    if (node.type === 'global-config') {
      problems.push(
        tell(
          node,
          'globalConfigLeft',
          'warning',
          `${titleOf(node)} belongs to the whole instance and is not deployed.`,
        ),
      );
    } else if (!there || sameNode(there, node)) {
      wanted.set(node.id, there && JSON.stringify(there) === JSON.stringify(node) ? there : node);
    } else if (there.type !== node.type) {
      problems.push(
        tell(node, 'idTaken', 'error', `The id ${node.id} belongs to ${titleOf(there)} on the target.`),
      );
    } else if (isSharedConfig(node, there, containers)) {
      const others = usedByOthers.get(node.id) ?? [];
      // Changing it would restart its users on every tab, other tenants' included.
      if (others.length === 0) wanted.set(node.id, node);
      else
        problems.push(
          tell(
            node,
            'sharedConfigKept',
            'warning',
            `${titleOf(node)} stays as it is on the target: ${named(others)} use${others.length === 1 ? 's' : ''} it too.`,
          ),
        );
    } else if (isOurs(there)) {
      wanted.set(node.id, node);
    } else {
      problems.push(
        tell(
          node,
          'idTaken',
          'error',
          `The id ${node.id} belongs to ${titleOf(there)} on another tab of the target.`,
        ),
      );
    }
    if (node.type === 'subflow' && there && !sameContent(there, node)) {
      const others = foreign.filter((user) => definitionOf(user) === node.id);
      if (others.length > 0)
        problems.push(
          tell(node, 'sharedSubflowChanged', 'warning', `${titleOf(node)} changes for ${named(others)} too.`),
        );
    }
  }

  const kept = new Set(incoming.map(({ id }) => id));
  const gone = base.filter((node) => isOurs(node) && !kept.has(node.id) && node.id !== parkingTabId);
  const stays = gone.filter((node) => (usedByOthers.get(node.id) ?? []).length > 0);
  for (const node of stays)
    problems.push(
      tell(
        node,
        'stillUsed',
        'warning',
        `${titleOf(node)} is not part of the source any more but stays: ${named(usedByOthers.get(node.id) ?? [])} on the target use it.`,
      ),
    );
  const going = new Set(gone.filter((node) => !stays.includes(node)).map(({ id }) => id));
  const parked = gone
    .filter((node) => going.has(node.id) && withCredentials.has(node.id) && canPark(node) && !isParked(node))
    .map(({ id }) => id);
  return { ...assemble(base, wanted, going, new Set(parked)), parked, problems };
}

function assemble(
  base: readonly FlowNode[],
  wanted: ReadonlyMap<string, FlowNode>,
  going: ReadonlySet<string>,
  parked: ReadonlySet<string>,
): Pick<MergedFlows, 'flows' | 'added' | 'changed' | 'removed'> {
  const placed = new Set<string>();
  const inPlace = base.flatMap((node): readonly FlowNode[] => {
    const next = wanted.get(node.id);
    if (next) {
      // Of two nodes with one id one is left.
      if (placed.has(node.id)) return [];
      placed.add(node.id);
      return [next];
    }
    if (!going.has(node.id)) return [node];
    return parked.has(node.id) ? [park(node)] : [];
  });
  const appended = [...wanted.values()].filter(({ id }) => !placed.has(id));
  const parking = parked.size > 0 && !base.some(({ id }) => id === parkingTabId) ? [parkingTab] : [];
  const baseById = nodesById(base);
  return {
    flows: [...inPlace, ...appended, ...parking],
    added: appended.map(({ id }) => id),
    changed: [...wanted.values()]
      .filter((node) => placed.has(node.id) && baseById.get(node.id) !== node)
      .map(({ id }) => id),
    removed: [...going].filter((id) => !parked.has(id)),
  };
}

/** Disabled, so that nothing on it lives; credentials of parked nodes stay intact (measured, node-red.md 6). */
const parkingTabId = 'chairside-parked';
const parkingTab: FlowNode = {
  id: parkingTabId,
  type: 'tab',
  label: 'Chairside parked nodes',
  disabled: true,
  info: 'Removed nodes wait here with their credentials until the deployment is confirmed.',
  env: [],
};

/** An instance would need its definition, a tab or definition its place: their secrets are sent again instead. */
const canPark = (node: FlowNode): boolean =>
  (kindOf(node) === 'node' || kindOf(node) === 'config') && definitionOf(node) === undefined;

/** Out of its group (a group on another tab hangs the process), wired to nothing, and not started. */
const park = (node: FlowNode): FlowNode => ({
  ...without(['g', 'wires', 'links'], node),
  d: true,
  z: parkingTabId,
  wires: [],
  chairsideParkedFrom: containerOf(node) ?? null,
});

/** Waits since a former deployment, which is settled by now: not parked again. */
const isParked = (node: FlowNode): boolean => containerOf(node) === parkingTabId;

const parkedFrom = (node: FlowNode, containers: ReadonlySet<string>): boolean =>
  isParked(node) && containers.has(String(node['chairsideParkedFrom']));

/** The flows without parked nodes: what is deployed when the former deployment is confirmed. The same array when none are. */
export const withoutParked = (flows: readonly FlowNode[]): readonly FlowNode[] =>
  flows.some(({ id }) => id === parkingTabId)
    ? flows.filter((node) => node.id !== parkingTabId && containerOf(node) !== parkingTabId)
    : flows;

/** Nodes that use a config node or a definition, by its id. */
function usersOf(
  nodes: readonly FlowNode[],
  byId: ReadonlyMap<string, FlowNode>,
): ReadonlyMap<string, readonly FlowNode[]> {
  const users = new Map<string, FlowNode[]>();
  for (const node of nodes)
    for (const { targetId } of referencesOf(node, byId)) {
      const kind = kindOf(byId.get(targetId) ?? node);
      if (kind !== 'config' && kind !== 'subflow') continue;
      users.set(targetId, [...(users.get(targetId) ?? []), node]);
    }
  return users;
}

const isSharedConfig = (node: FlowNode, there: FlowNode, containers: ReadonlySet<string>): boolean =>
  kindOf(there) === 'config' && kindOf(node) === 'config' && !containers.has(containerOf(there) ?? '');

const sameNode = (one: FlowNode, other: FlowNode): boolean =>
  one.type === other.type && containerOf(one) === containerOf(other) && sameContent(one, other);

const named = (nodes: readonly FlowNode[]): string =>
  nodes.length > 3
    ? `${nodes.slice(0, 3).map(titleOf).join(', ')} and ${nodes.length - 3} more`
    : nodes.map(titleOf).join(', ');

const tell = (
  node: FlowNode,
  rule: string,
  severity: FlowProblem['severity'],
  reason: string,
): FlowProblem => ({
  rule,
  severity,
  nodeId: node.id,
  tabId: containerOf(node) ?? null,
  property: null,
  reason,
});
