import { containerOf, kindOf, type FlowNode } from './flow-node.js';

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
