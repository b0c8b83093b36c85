import { kindOf, nodesById, titleOf, without, type FlowNode } from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { contentOf } from './node-content.js';
import { rewriteReferences } from './references.js';

/** Id of a config node in the source -> id of one that the target has already, to be used in its place. */
export type ConfigBindings = Readonly<Record<string, string>>;

/**
 * The source without the bound config nodes, every reference to them naming the target's own (node-red.md 7.6). The target's node is never changed:
 * it belongs to whoever made it. A binding that names no config node, or one of another type, is an error.
 */
export function bindConfigs(
  source: readonly FlowNode[],
  base: readonly FlowNode[],
  bindings: ConfigBindings,
): { readonly flows: readonly FlowNode[]; readonly problems: readonly FlowProblem[] } {
  const [known, there] = [nodesById(source), nodesById(base)];
  const problems = Object.entries(bindings).flatMap(([from, to]): readonly FlowProblem[] => {
    const [ours, theirs] = [known.get(from), there.get(to)];
    const reason =
      !ours || kindOf(ours) !== 'config'
        ? `bindings: the flows have no config node ${from}.`
        : !theirs || kindOf(theirs) !== 'config'
          ? `bindings: the target has no config node ${to}.`
          : ours.type !== theirs.type
            ? `bindings: ${titleOf(ours)} and ${titleOf(theirs)} are of different types.`
            : null;
    return reason === null
      ? []
      : [{ rule: 'badBinding', severity: 'error', nodeId: from, tabId: null, property: null, reason }];
  });
  const bound = (id: string): string | undefined => (Object.hasOwn(bindings, id) ? bindings[id] : undefined);
  const flows = source
    .filter(({ id }) => bound(id) === undefined)
    .map((node) => rewriteReferences(node, known, bound));
  return { flows, problems };
}

/**
 * Config nodes that are about to be added beside one of the target that does the same, apart from name, place and secrets. Told, not bound by
 * itself: whoever owns the other one may change or remove it.
 */
export function equalConfigs(
  source: readonly FlowNode[],
  base: readonly FlowNode[],
  idIn: (sourceId: string) => string,
): readonly FlowProblem[] {
  const there = nodesById(base);
  const bySense = new Map(
    base.filter((node) => kindOf(node) === 'config').map((node) => [senseOf(node), node] as const),
  );
  return source
    .filter((node) => kindOf(node) === 'config' && !there.has(idIn(node.id)))
    .flatMap((node): readonly FlowProblem[] => {
      const like = bySense.get(senseOf(node));
      if (!like) return [];
      const reason = `${titleOf(node)} is like ${titleOf(like)} of the target. To use that one, bind it: {"${node.id}": "${like.id}"}.`;
      return [
        { rule: 'configLikeOne', severity: 'warning', nodeId: node.id, tabId: null, property: null, reason },
      ];
    });
}

const senseOf = (node: FlowNode): string => contentOf({ ...without(['z', 'name'], node), id: '' });
