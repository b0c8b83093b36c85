import { withoutMarker } from './deploy-marker.js';
import { containerOf, kindOf, nodesById, type FlowNode } from './flow-node.js';
import { sameContent } from './node-content.js';
import { referencesOf } from './references.js';

export interface Restore {
  /** What the instance held before our deployment. */
  readonly backup: readonly FlowNode[];
  /** What our deployment sent. */
  readonly deployed: readonly FlowNode[];
  /** What the instance holds now: ours, or ours with changes of others on top. */
  readonly current: readonly FlowNode[];
}

export type RestorePlan =
  | {
      readonly kind: 'restore';
      /** Without a marker: put a fresh one in, or the old content brings back its old revision. */
      readonly flows: readonly FlowNode[];
      /** Whether something of others is kept; if not, the flows are the backup in its order. */
      readonly surgical: boolean;
      /** Nodes that come back under an id that is absent now: their credentials are gone and must be sent again. */
      readonly reappearing: readonly string[];
    }
  /** Others changed what we changed, or built on it: only a person can decide. */
  | { readonly kind: 'overlap'; readonly nodeIds: readonly string[] };

/**
 * The way back after a deployment of ours (node-red.md 10.5). When nobody else wrote: the backup. Else three ways: ids that we added go, ids that
 * we changed or removed come back where they still are as we left them, the rest stays as others have it.
 */
export function planRestore(restore: Restore): RestorePlan {
  const backup = withoutMarker(restore.backup);
  const deployed = withoutMarker(restore.deployed);
  const current = withoutMarker(restore.current);
  const now = nodesById(current);
  const reappearing = backup.filter(({ id }) => !now.has(id)).map(({ id }) => id);
  if (JSON.stringify(current) === JSON.stringify(deployed))
    return { kind: 'restore', flows: backup, surgical: false, reappearing };

  const before = nodesById(backup);
  const sent = nodesById(deployed);
  const touched = new Set(
    [...before.keys(), ...sent.keys()].filter((id) => differ(before.get(id), sent.get(id))),
  );
  const going = new Set([...touched].filter((id) => !before.has(id)));
  const overlap = [...touched].filter((id) => {
    const node = now.get(id);
    // As we left it, or as it was before us: both may become what it was.
    return differ(node, sent.get(id)) && differ(node, before.get(id));
  });
  const leaning = current
    .filter((node) => !going.has(node.id) && !touched.has(node.id) && leansOn(node, going, now))
    .map(({ id }) => id);
  const conflicts = [...overlap, ...leaning];
  if (conflicts.length > 0) return { kind: 'overlap', nodeIds: conflicts };

  const back = new Set([...touched].filter((id) => before.has(id)));
  const kept = current
    .filter(({ id }) => !going.has(id))
    .map((node) => (back.has(node.id) ? (before.get(node.id) ?? node) : node));
  return {
    kind: 'restore',
    flows: putBack(kept, backup, back),
    surgical: true,
    reappearing: reappearing.filter((id) => back.has(id)),
  };
}

/** Inserts what is missing behind the neighbour that it had in the backup. */
function putBack(
  kept: readonly FlowNode[],
  backup: readonly FlowNode[],
  back: ReadonlySet<string>,
): readonly FlowNode[] {
  const present = new Set(kept.map(({ id }) => id));
  const behind = new Map<string | null, FlowNode[]>();
  let neighbour: string | null = null;
  for (const node of backup) {
    if (present.has(node.id)) neighbour = node.id;
    else if (back.has(node.id)) behind.set(neighbour, [...(behind.get(neighbour) ?? []), node]);
  }
  return [...(behind.get(null) ?? []), ...kept.flatMap((node) => [node, ...(behind.get(node.id) ?? [])])];
}

/** Others' nodes that lie in a container of ours or use a config node or a definition of ours, which is about to go. */
const leansOn = (node: FlowNode, going: ReadonlySet<string>, byId: ReadonlyMap<string, FlowNode>): boolean =>
  going.has(containerOf(node) ?? '') ||
  referencesOf(node, byId).some(({ targetId }) => {
    const kind = kindOf(byId.get(targetId) ?? node);
    return going.has(targetId) && (kind === 'config' || kind === 'subflow');
  });

const differ = (one: FlowNode | undefined, other: FlowNode | undefined): boolean =>
  one === undefined || other === undefined ? one !== other : !sameContent(one, other);
