import type { FlowNode } from './flow-node.js';

/** Who made a revision: one deployment, and its how-manieth write (deploy, fence, restore). */
export interface DeployMarker {
  readonly deploymentId: string;
  readonly sequence: number;
}

/** Id of the disabled tab that carries our marker. Adding, changing and removing it restarts nothing (measured, node-red.md 10.4). */
const markerTabId = 'chairside-deploy';

/**
 * The flows with a fresh marker, in the tab's place or at the end. It makes each deploy and each restore a revision that was never seen before,
 * so that old content does not bring back its old `rev`, and tells afterwards who wrote. The same marker gives the same bytes.
 */
export function withMarker(flows: readonly FlowNode[], marker: DeployMarker): readonly FlowNode[] {
  const tab: FlowNode = {
    id: markerTabId,
    type: 'tab',
    label: 'Chairside deployments',
    disabled: true,
    info: `${prefix}${JSON.stringify({ deploymentId: marker.deploymentId, sequence: marker.sequence })}`,
    env: [],
  };
  return flows.some(({ id }) => id === markerTabId)
    ? flows.map((node) => (node.id === markerTabId ? tab : node))
    : [...flows, tab];
}

/** The marker of the last write of ours that these flows descend from; null when there is none or someone changed it. */
export function markerOf(flows: readonly FlowNode[]): DeployMarker | null {
  const info = flows.find(({ id }) => id === markerTabId)?.['info'];
  if (typeof info !== 'string' || !info.startsWith(prefix)) return null;
  const [, deploymentId, sequence] = pattern.exec(info.slice(prefix.length)) ?? [];
  return deploymentId === undefined ? null : { deploymentId, sequence: Number(sequence) };
}

/** The flows without our tab: what a comparison of contents looks at. */
export const withoutMarker = (flows: readonly FlowNode[]): readonly FlowNode[] =>
  flows.filter(({ id }) => id !== markerTabId);

const prefix = 'Written by Chairside; please leave this tab as it is.\n';
const pattern = /^\{"deploymentId":"([^"\\]+)","sequence":(\d+)\}$/;
