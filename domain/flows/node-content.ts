import { isRecord, type FlowNode } from './flow-node.js';

/** JSON with sorted keys, of plain JSON: the same for two values that differ in the order of their keys only. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
    .join(',')}}`;
}

/** What the runtime ignores when it compares nodes, and what never counts as content (node-red.md 7.11). */
const cosmetic: ReadonlySet<string> = new Set(['x', 'y', 'credentials', '_users']);
const cosmeticOfGroups: ReadonlySet<string> = new Set([...cosmetic, 'nodes', 'style', 'w', 'h']);

/** Values that mean the same as an absent property. */
const defaults: Readonly<Record<string, string>> = { disabled: 'false', info: '""', env: '[]', d: 'false' };

/** What a node does, as text: equal for two nodes that differ in place, order of keys, order of links, or written-out defaults only. */
export function contentOf(node: FlowNode): string {
  const ignored = node.type === 'group' ? cosmeticOfGroups : cosmetic;
  const content = Object.entries(node)
    .filter(([key, value]) => !ignored.has(key) && defaults[key] !== JSON.stringify(value))
    .map(([key, value]) => [key, asSet(key, value)]);
  return canonicalJson(Object.fromEntries(content));
}

/** Links, scopes and the targets of one port are sets. */
function asSet(key: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  if (key === 'links' || key === 'scope') return sorted(value);
  return key === 'wires' ? value.map((port: unknown) => (Array.isArray(port) ? sorted(port) : port)) : value;
}

const sorted = (items: readonly unknown[]): readonly unknown[] =>
  [...items].sort((one, other) => (String(one) < String(other) ? -1 : 1));

/** True when both do the same; they may stand in other places. */
export const sameContent = (one: FlowNode, other: FlowNode): boolean =>
  one === other || contentOf(one) === contentOf(other);
