/**
 * One element of a Node-RED flows array, as it is stored: plain JSON with an id and a type. Everything else may be broken on a real
 * instance (`wires: "x"` is accepted with 200), so it is read through the functions below.
 */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** `config` = neither tab, subflow nor group, and without a place on a canvas; an instance of a subflow is a `node`. */
export type FlowNodeKind = 'tab' | 'subflow' | 'group' | 'config' | 'node';

/** What a node is for the runtime: it decides by `x` and `y` alone whether something is a config node. */
export function kindOf(node: FlowNode): FlowNodeKind {
  if (node.type === 'tab' || node.type === 'subflow' || node.type === 'group') return node.type;
  return Object.hasOwn(node, 'x') && Object.hasOwn(node, 'y') ? 'node' : 'config';
}

/** The tab or subflow definition that a node lies in; undefined for what lies outside all. */
export function containerOf(node: FlowNode): string | undefined {
  const z = node['z'];
  return typeof z === 'string' && z !== '' ? z : undefined;
}

/** The group that a node (or a group) lies in. */
export function groupOf(node: FlowNode): string | undefined {
  const g = node['g'];
  return typeof g === 'string' && g !== '' ? g : undefined;
}

/** The definition that an instance (`subflow:<id>`) is made from. */
export function definitionOf(node: FlowNode): string | undefined {
  return /^subflow:(.+)$/.exec(node.type)?.[1];
}

/** The wires of a node, one list a port; what is malformed is left out. */
export function wiresOf(node: FlowNode): readonly (readonly string[])[] {
  const wires = node['wires'];
  return Array.isArray(wires) ? wires.map(strings) : [];
}

/** The other ends of a link node. */
export const linksOf = (node: FlowNode): readonly string[] => strings(node['links']);

/** The texts of a list; nothing when it is none. */
export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** True for `link in`, `link out` and `link call`. */
export const isLink = (node: FlowNode): boolean => /^link (in|out|call)$/.test(node.type);

/** How an operator knows a node: its name or label, its type, and its id. */
export function titleOf(node: FlowNode): string {
  const name = [node['name'], node['label']].find((text) => typeof text === 'string' && text.trim() !== '');
  return typeof name === 'string' ? `"${name}" (${node.type} ${node.id})` : `${node.type} ${node.id}`;
}

/** Nodes by id. Of two with one id the last counts, as in the runtime. */
export const nodesById = (flows: readonly FlowNode[]): ReadonlyMap<string, FlowNode> =>
  new Map(flows.map((node) => [node.id, node]));

/** True for a JSON object that is no list. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The node without some properties; the others keep their order. */
export const without = (properties: readonly string[], node: FlowNode): FlowNode =>
  Object.fromEntries(Object.entries(node).filter(([key]) => !properties.includes(key))) as FlowNode;
