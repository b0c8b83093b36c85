import { createHash } from 'node:crypto';
import { nodesById, titleOf, type FlowNode } from '../../domain/flows/flow-node.js';
import { sameContent } from '../../domain/flows/node-content.js';
import type { InstanceDrift } from '../../workflows/node-red-errand/messages.js';
import type { NodeRedActivities } from './contract.js';
import { NodeRedError } from './errors.js';
import { asActivity, flowsOf, openInstance, type NodeRedDeps } from './node-red-deps.js';

/** Nodes named in a report; whoever needs all of them compares with a dry run. */
const namesShown = 50;

export const createDriftActivities = (deps: NodeRedDeps): Pick<NodeRedActivities, 'checkDrift'> => ({
  checkDrift: (input) =>
    asActivity(async (signal): Promise<InstanceDrift> => {
      const { tenantId, environment, targetId, instance } = input;
      const rows = await deps.store.flowWrites.deployed(tenantId, targetId, instance);
      const [latest] = rows;
      if (!latest) return { instance, kind: 'neverDeployed', reportId: null };
      let now: { readonly rev: string; readonly flows: readonly FlowNode[] };
      try {
        now = await (await openInstance(deps, input, signal)).client.flows();
      } catch (error) {
        if (error instanceof NodeRedError) return { instance, kind: 'unreachable', reportId: null };
        throw error;
      }
      // One read of a revision says it all in the usual case (node-red.md 7.12).
      if (now.rev === latest.rev) return { instance, kind: 'none', reportId: null };

      const live = nodesById(now.flows);
      const seen = new Set<string>();
      const changed: string[] = [];
      const gone: string[] = [];
      const moved: string[] = [];
      for (const row of rows) {
        const deployed = nodesById(await flowsOf(deps, tenantId, row.flowsHash));
        for (const id of row.owned) {
          // What several sources put there is the latest one's.
          const wanted = seen.has(id) ? undefined : deployed.get(id);
          seen.add(id);
          if (!wanted) continue;
          const node = live.get(id);
          if (!node) gone.push(titleOf(wanted));
          else if (!sameContent(node, wanted)) changed.push(titleOf(wanted));
          else if (JSON.stringify(node) !== JSON.stringify(wanted)) moved.push(titleOf(wanted));
        }
      }
      const kind = changed.length + gone.length > 0 ? 'content' : moved.length > 0 ? 'cosmetic' : 'foreign';
      const detail = {
        rev: now.rev,
        deployedRev: latest.rev,
        deploymentId: latest.deploymentId,
        changed: changed.slice(0, namesShown),
        gone: gone.slice(0, namesShown),
        moved: moved.slice(0, namesShown),
      };
      // The same drift found again is the same report.
      const reportId = createHash('sha256')
        .update([targetId, instance, now.rev, latest.rev].join('|'))
        .digest('hex')
        .slice(0, 32);
      await deps.store.flowDrift.add({ tenantId, reportId, environment, targetId, instance, kind, detail });
      return { instance, kind, reportId };
    }),
});
