import {
  containerOf,
  definitionOf,
  groupOf,
  kindOf,
  nodesById,
  strings,
  titleOf,
  type FlowNode,
} from './flow-node.js';
import type { FlowProblem } from './flow-problem.js';
import { problemOf } from './validate-shape.js';

/**
 * What makes Node-RED answer 200 and then hang for ever, at each restart too, or leave a tab dead (node-red.md 4.2): groups without an end,
 * subflows that contain themselves, config nodes that wait for each other.
 */
export function validateGraphs(flows: readonly FlowNode[]): readonly FlowProblem[] {
  const byId = nodesById(flows);
  return [...groupProblems(flows, byId), ...subflowProblems(flows, byId), ...configProblems(flows)];
}

function groupProblems(
  flows: readonly FlowNode[],
  byId: ReadonlyMap<string, FlowNode>,
): readonly FlowProblem[] {
  const found: FlowProblem[] = [];
  for (const node of flows) {
    const parentId = node['g'];
    if (parentId !== undefined && parentId !== '' && parentId !== null) {
      const parent = typeof parentId === 'string' ? byId.get(parentId) : undefined;
      // Only a group that waits for its parent hangs the process; a plain node is merely in no group.
      const severity = node.type === 'group' ? 'error' : 'warning';
      const rule = node.type === 'group' ? 'brokenGroup' : 'unknownGroup';
      if (parent?.type !== 'group')
        found.push(
          problemOf(
            node,
            rule,
            'g',
            `${titleOf(node)} lies in the group ${JSON.stringify(parentId)}, which does not exist.`,
            severity,
          ),
        );
      else if (containerOf(parent) !== containerOf(node))
        found.push(
          problemOf(
            node,
            rule,
            'g',
            `${titleOf(node)} lies in ${titleOf(parent)}, which is on another tab.`,
            severity,
          ),
        );
      else if (!strings(parent['nodes']).includes(node.id))
        found.push(
          problemOf(
            node,
            'groupMembers',
            'g',
            `${titleOf(node)} says it lies in ${titleOf(parent)}, which does not list it.`,
            'warning',
          ),
        );
    }
    if (node.type !== 'group') continue;
    for (const [index, id] of strings(node['nodes']).entries()) {
      const member = byId.get(id);
      if (member && groupOf(member) === node.id) continue;
      found.push(
        problemOf(
          node,
          'groupMembers',
          `nodes.${index}`,
          `${titleOf(node)} lists ${id}, which ${member ? 'lies elsewhere' : 'does not exist'}.`,
          'warning',
        ),
      );
    }
  }
  const parents = new Map(
    flows
      .filter(({ type }) => type === 'group')
      .map((node) => [node.id, [groupOf(node)].filter((id) => id !== undefined)]),
  );
  for (const cycle of cyclesOf(parents)) {
    const node = byId.get(cycle[0] ?? '');
    if (node)
      found.push(
        problemOf(node, 'groupCycle', 'g', `Groups lie in each other without end: ${cycle.join(' in ')}.`),
      );
  }
  return found;
}

function subflowProblems(
  flows: readonly FlowNode[],
  byId: ReadonlyMap<string, FlowNode>,
): readonly FlowProblem[] {
  const contains = new Map<string, string[]>(
    flows.filter(({ type }) => type === 'subflow').map(({ id }): [string, string[]] => [id, []]),
  );
  for (const node of flows) {
    const definition = definitionOf(node);
    if (definition !== undefined) contains.get(containerOf(node) ?? '')?.push(definition);
  }
  return cyclesOf(contains).flatMap((cycle) => {
    const node = byId.get(cycle[0] ?? '');
    return node
      ? [
          problemOf(
            node,
            'recursiveSubflow',
            'type',
            `A subflow contains itself: ${cycle.join(' contains ')}. Node-RED would hang, and again at each restart.`,
          ),
        ]
      : [];
  });
}

/** The runtime's own rule: a config node waits for each config node of its container that any of its direct properties equals. */
function configProblems(flows: readonly FlowNode[]): readonly FlowProblem[] {
  const containers = new Map<string, Map<string, FlowNode>>();
  for (const node of flows) {
    if (kindOf(node) !== 'config') continue;
    const z = containerOf(node) ?? '';
    containers.set(z, (containers.get(z) ?? new Map<string, FlowNode>()).set(node.id, node));
  }
  const starts = (node: FlowNode): boolean => node['d'] !== true;
  const found: FlowProblem[] = [];
  for (const configs of containers.values()) {
    const waits = new Map<string, string[]>();
    for (const node of configs.values()) {
      if (!starts(node)) continue;
      const named = Object.entries(node).filter(([key, value]) => {
        const other = typeof value === 'string' ? configs.get(value) : undefined;
        return !['id', 'wires', '_users'].includes(key) && other !== undefined && starts(other);
      });
      for (const [key, value] of named)
        if (value === node.id)
          found.push(
            problemOf(
              node,
              'configCycle',
              key,
              `${key} of ${titleOf(node)} equals its own id: the whole ${containerOf(node) === undefined ? 'set of global config nodes' : 'tab'} would not start.`,
            ),
          );
      waits.set(
        node.id,
        named.map(([, value]) => value as string).filter((id) => id !== node.id),
      );
    }
    for (const cycle of cyclesOf(waits)) {
      const node = configs.get(cycle[0] ?? '');
      if (node)
        found.push(
          problemOf(
            node,
            'configCycle',
            null,
            `Config nodes wait for each other and would not start: ${cycle.join(' needs ')}.`,
          ),
        );
    }
  }
  return found;
}

/** Each cycle of a graph once, as the ids along it, the first again at the end. Iterative: chains may be thousands long. */
function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  for (const start of edges.keys()) {
    const path: { readonly id: string; next: number }[] = done.has(start) ? [] : [{ id: start, next: 0 }];
    const onPath = new Set(path.map(({ id }) => id));
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = edges.get(top.id)?.[top.next];
      top.next += 1;
      if (to === undefined) {
        done.add(top.id);
        onPath.delete(top.id);
        path.pop();
      } else if (onPath.has(to)) {
        const ids = path.map(({ id }) => id);
        cycles.push([...ids.slice(ids.indexOf(to)), to]);
      } else if (!done.has(to) && edges.has(to)) {
        path.push({ id: to, next: 0 });
        onPath.add(to);
      }
    }
  }
  return cycles;
}
