import { containerOf, groupOf, isRecord, nodesById, type FlowNode } from './flow-node.js';

/** `${NAME}` counts only as the whole of a value (node-red.md 6); anything else stays as text in the running node. */
const reference = /^\$\{(\S+)\}$/;

/** The name that a value stands for; undefined when it stands for itself. */
export const variableIn = (value: string): string | undefined => reference.exec(value)?.[1];

/** One line of an `env`. */
type Entry = Readonly<Record<string, unknown>>;

/** What nodes of these flows find under a name: their own `env` first, then the groups around them, their tab or definition, `global-config`. */
export function variablesOf(flows: readonly FlowNode[]): (node: FlowNode, name: string) => Entry | undefined {
  const byId = nodesById(flows);
  const everywhere = flows.filter(({ type }) => type === 'global-config');
  return (node, name) => {
    const around = [node];
    let group = byId.get(groupOf(node) ?? '');
    while (group && !around.includes(group)) {
      around.push(group);
      group = byId.get(groupOf(group) ?? '');
    }
    const container = byId.get(containerOf(node) ?? '');
    for (const place of [...around, ...(container ? [container] : []), ...everywhere]) {
      const entry = entriesOf(place).find((known) => known['name'] === name);
      if (entry) return entry;
    }
    return undefined;
  };
}

/**
 * A text or number as the running node sees it. What no `env` of the flows says (only the target's own environment could), and what is secret,
 * stays the reference that it is; undefined when the property is neither text nor number.
 */
export function valueOf(
  node: FlowNode,
  property: string,
  variable: ReturnType<typeof variablesOf>,
): string | undefined {
  const value = node[property];
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const name = variableIn(value);
  const entry = name === undefined ? undefined : variable(node, name);
  const isSaid = entry !== undefined && entry['type'] !== 'cred' && typeof entry['value'] === 'string';
  return isSaid ? String(entry['value']) : value;
}

const entriesOf = (node: FlowNode): readonly Entry[] => {
  const env: readonly unknown[] = Array.isArray(node['env']) ? node['env'] : [];
  return env.filter(isRecord);
};
