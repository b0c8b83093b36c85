import { containerOf, definitionOf, kindOf, type FlowNode } from './flow-node.js';

/**
 * The nodes that must answer the liveness probe once these flows run (node-red.md 4.1): all but tabs, subflow definitions and groups, what is
 * disabled itself or lies on a disabled tab, what lies inside a definition, and what has a place but no tab. Config nodes and instances count.
 */
export function expectedLive(flows: readonly FlowNode[]): readonly string[] {
  const definitions = new Set(flows.filter(({ type }) => type === 'subflow').map(({ id }) => id));
  const disabledTabs = new Set(
    flows.filter((node) => node.type === 'tab' && node['disabled'] === true).map(({ id }) => id),
  );
  return flows
    .filter((node) => {
      const kind = kindOf(node);
      const z = containerOf(node);
      if (kind !== 'node' && kind !== 'config') return false;
      if (node['d'] === true) return false;
      // Without a tab a node with a place is never instantiated (3.4); a config node without one is global.
      if (z === undefined) return kind === 'config';
      return !definitions.has(z) && !disabledTabs.has(z);
    })
    .map(({ id }) => id);
}

/** The nodes that do something once these flows run: those that live, and those inside a definition that has an instance. */
export function runningNodes(flows: readonly FlowNode[]): readonly FlowNode[] {
  const live = new Set(expectedLive(flows));
  const used = new Set(flows.map(definitionOf));
  return flows.filter(
    (node) => live.has(node.id) || (node['d'] !== true && used.has(containerOf(node) ?? '')),
  );
}
