import type { FlowNode } from './flow-node.js';

/** SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. Passed in: domain/ runs in workflows, which have no node:crypto. */
export type Sha256Hex = (text: string) => string;

/**
 * What Node-RED keeps of flows that it accepts (measured, node-red.md 3.1): one round trip through JSON, `__proto__` keys dropped at every
 * depth, `credentials` taken away where it is truthy. A falsy `credentials` stays, is hashed and comes back: never send one.
 */
export function storedForm(flows: readonly FlowNode[]): readonly FlowNode[] {
  const copy = JSON.parse(JSON.stringify(flows), withoutPrototypes) as FlowNode[];
  return copy.map((node) => (node['credentials'] ? withoutKey(node, 'credentials') : node));
}

/** The `rev` that Node-RED answers when it has stored these flows: known before they are sent, so that a lost answer can be looked up. */
export const predictRevision = (flows: readonly FlowNode[], sha256Hex: Sha256Hex): string =>
  sha256Hex(JSON.stringify(storedForm(flows)));

function withoutPrototypes(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')
    ? withoutKey(value, '__proto__')
    : value;
}

const withoutKey = <T extends object>(value: T, without: string): T =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== without)) as T;
