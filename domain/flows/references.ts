import { definitionOf, kindOf, type FlowNode } from './flow-node.js';

/** Where one node names another: the property (nested ones with dots) and the id. */
export interface FlowReference {
  readonly property: string;
  readonly targetId: string;
}

/**
 * Texts for people, code and pictures: never a reference, at any depth. Real exports hold function nodes whose `name` equals their own id
 * (node-red.md 7.3).
 */
const opaque: ReadonlySet<string> = new Set([
  'name',
  'label',
  'info',
  'func',
  'initialize',
  'finalize',
  'template',
  'category',
  'icon',
  'color',
  'x',
  'y',
  'w',
  'h',
]);

/** Properties that hold nothing but ids of nodes: there any id counts. */
const structural: ReadonlySet<string> = new Set([
  'z',
  'g',
  'wires',
  'links',
  'nodes',
  'scope',
  'in',
  'out',
  'status',
]);

/** Ids that the editor generates (16 hexadecimal digits, or two parts of older releases) are unmistakable wherever they stand. */
const generatedId = /^([0-9a-f]{16}|[0-9a-f]{1,8}\.[0-9a-f]{4,14})$/;

/**
 * True where a text that equals a node's id may be taken for a reference: in a structural property, when it names a config node, or when it is
 * plainly generated. A free-text id such as `payload` would otherwise rewrite every `property: "payload"`.
 */
function mayRefer(root: string, target: FlowNode): boolean {
  return structural.has(root) || kindOf(target) === 'config' || generatedId.test(target.id);
}

/**
 * Every place in which a node names one of `known`, its own id and texts left out (node-red.md 7.2): containers, groups, wires, links, scopes,
 * subflow types and connections, and config nodes by value in any property, nested ones too.
 */
export function referencesOf(node: FlowNode, known: ReadonlyMap<string, FlowNode>): readonly FlowReference[] {
  const found: FlowReference[] = [];
  rewriteReferences(node, known, (targetId, property) => {
    found.push({ property, targetId });
    return undefined;
  });
  return found;
}

/**
 * The node with its references to `known` named anew by `rename`, its own `id` left as it is. A node in which nothing changes comes back as the
 * same object.
 */
export function rewriteReferences(
  node: FlowNode,
  known: ReadonlyMap<string, FlowNode>,
  rename: (id: string, property: string) => string | undefined,
): FlowNode {
  const walk = (value: unknown, root: string, path: string): unknown => {
    if (typeof value === 'string') {
      const target = known.get(value);
      return target && mayRefer(root, target) ? (rename(value, path) ?? value) : value;
    }
    if (Array.isArray(value))
      return changedOr(
        value,
        value.map((item, index) => walk(item, root, `${path}.${index}`)),
      );
    if (typeof value !== 'object' || value === null) return value;
    const before = Object.entries(value);
    const after = before.map(([key, item]): [string, unknown] => [
      key,
      opaque.has(key) || key === 'type' ? item : walk(item, root, `${path}.${key}`),
    ]);
    return after.every(([, item], index) => item === before[index]?.[1]) ? value : Object.fromEntries(after);
  };
  const before = Object.entries(node);
  const after = before.map(([key, value]): [string, unknown] => {
    if (key === 'id' || opaque.has(key)) return [key, value];
    if (key !== 'type') return [key, walk(value, key, key)];
    const definition = definitionOf(node);
    if (definition === undefined || !known.has(definition)) return [key, value];
    const renamed = rename(definition, 'type');
    return [key, renamed === undefined ? value : `subflow:${renamed}`];
  });
  return after.every(([, value], index) => value === before[index]?.[1])
    ? node
    : (Object.fromEntries(after) as FlowNode);
}

const changedOr = (before: readonly unknown[], after: readonly unknown[]): unknown =>
  after.every((item, index) => item === before[index]) ? before : after;
