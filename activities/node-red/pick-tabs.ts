import { closureOf } from '../../domain/flows/flow-closure.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';

/** Tabs by id or label with everything that they need; `unknown` names those that are not there. */
export function pickTabs(
  flows: readonly FlowNode[],
  tabs: readonly string[],
):
  | { readonly kind: 'picked'; readonly flows: readonly FlowNode[] }
  | { readonly kind: 'unknown'; readonly tabs: readonly string[] } {
  const all = flows.filter(({ type }) => type === 'tab');
  // An id wins: a label may be anything, another tab's id too.
  const idOf = (name: string): string | undefined =>
    (all.find(({ id }) => id === name) ?? all.find((tab) => tab['label'] === name))?.id;
  const unknown = tabs.filter((name) => idOf(name) === undefined);
  if (unknown.length > 0) return { kind: 'unknown', tabs: unknown };
  const ids = [...new Set(tabs.flatMap((name) => idOf(name) ?? []))];
  return { kind: 'picked', flows: closureOf(flows, ids).nodes };
}
