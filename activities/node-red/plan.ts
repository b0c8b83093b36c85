import type { InstancePlan } from '../../domain/deployment/plan.js';
import { withMarker, withoutMarker } from '../../domain/flows/deploy-marker.js';
import { expectedLive } from '../../domain/flows/expected-live.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import { predictRevision } from '../../domain/flows/revision.js';
import type { BackupFacts } from './backup.js';
import type { NodeRedActivities, Planned } from './contract.js';
import { liveAmong, spread } from './liveness.js';
import { asActivity, flowsOf, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { keepPlan, planOf } from './plan-document.js';
import { credentialsToSend } from './credentials-to-send.js';
import { judge, reportOf, touchedIds } from './plan-report.js';
import { placeFlows, sha256Hex, sourceKeyOf } from './place-flows.js';
import { requestOf } from './records.js';
import { markerKey } from './send.js';
import { stepped } from './steps.js';

/** Above this a sample proves life: 500 probes take about a second (node-red.md 4.1). */
const mostProbes = 500;
/** Nodes of other people that must be alive afterwards if they were before. */
const sentinels = 20;
/** Old nodes whose life before tells what a way back must bring back. */
const mostProbedBefore = 200;

export const createPlanActivities = (deps: NodeRedDeps): Pick<NodeRedActivities, 'planDeployment'> => ({
  planDeployment: (input) =>
    asActivity(async (signal) => {
      const { tenantId, environment, targetId, deploymentId, instance, backupId, attempt, former } = input;
      const { client, settings } = await openInstance(deps, input, signal);
      const { request } = await requestOf(deps, input);
      return stepped(
        deps,
        input,
        { step: 'plan', key: `plan.${attempt}` },
        async (): Promise<Planned> => {
          const backup = await deps.store.flowBackups.get(tenantId, environment, backupId);
          if (!backup) throw new Error('The backup of this plan is gone.');
          const base = await flowsOf(deps, tenantId, backup.flowsHash);
          const facts = (await deps.flowDocuments.get(tenantId, backup.factsHash)) as BackupFacts;
          const source = await flowsOf(deps, tenantId, input.sourceHash);
          const artifact =
            request.source.kind === 'artifact'
              ? await deps.store.flowArtifacts.get(tenantId, request.source.hash)
              : undefined;
          const sourceKey = sourceKeyOf(request.source, artifact?.name ?? null);
          const before = await deps.store.flowWrites.deployed(tenantId, targetId, instance);
          const placed = placeFlows({
            tenantId,
            targetId,
            base,
            source,
            from: request.source,
            options: request.options,
            owned: new Set(before.find((row) => row.sourceKey === sourceKey)?.owned),
            withCredentials: new Set(Object.keys(facts.presence ?? {})),
          });
          const judged = judge(placed, base, facts, settings);
          if (judged.reasons.length > 0) return { kind: 'refused', reasons: judged.reasons };

          if (former !== null) {
            const overlap = await changedByOthers(deps, input, former, base);
            if (overlap.length > 0) return { kind: 'overlap', nodes: overlap };
          }
          const credentials = await credentialsToSend(deps, input, {
            base,
            flows: placed.flows,
            presence: facts.presence,
            wanted: request.options.credentials,
            idIn: placed.idIn,
            isRestore: request.source.kind === 'backup',
          });
          if (credentials.missing.length > 0) return { kind: 'refused', reasons: credentials.missing };
          const unchanged = JSON.stringify(placed.flows) === JSON.stringify(withoutMarker(base));
          if (unchanged && credentials.toSend.length === 0) return { kind: 'unchanged' };

          const marker = { deploymentId, sequence: attempt };
          const flows = withMarker(placed.flows, marker);
          const touchedNow = touchedIds(base, placed.flows);
          const owned = new Set(placed.owned);
          const expected = expectedLive(flows);
          const foreign = spread(
            expected.filter((id) => !owned.has(id)),
            sentinels,
          );
          const touched = new Set(touchedNow);
          const oldOnes = spread(
            expectedLive(base).filter((id) => touched.has(id)),
            mostProbedBefore,
          );
          // What was dead before must not count as killed by us.
          const aliveForeign = await liveAmong(client, foreign);
          const liveBefore = await liveAmong(client, oldOnes);
          const plan: InstancePlan = {
            instance,
            backupId,
            baseRev: backup.rev,
            expectedRev: predictRevision(flows, sha256Hex),
            flowsHash: await deps.flowDocuments.put(tenantId, flows),
            marker: markerKey(marker),
            deploymentType: request.options.deploymentType,
            credentials: credentials.toSend,
            sourceKey,
            touched: touchedNow,
            owned: placed.owned,
            live: [
              ...spread(
                expected.filter((id) => owned.has(id)),
                mostProbes,
              ),
              ...aliveForeign,
            ],
            liveBefore: [...liveBefore, ...aliveForeign],
            report: reportOf(placed, base, facts, request.options.deploymentType, judged.warnings),
          };
          const planHash = await keepPlan(deps, tenantId, plan);
          return {
            kind: 'ready',
            planHash,
            changeHash: changeHashOf(placed.flows, plan),
            summary: summaryOf(plan),
          };
        },
        (planned) => planned,
      );
    }),
});

/** Equal for plans that put the same bytes in the same places, whatever else the instance holds. */
function changeHashOf(merged: readonly FlowNode[], { touched }: InstancePlan): string {
  const ids = new Set(touched);
  const nodes = merged.filter(({ id }) => ids.has(id));
  return sha256Hex(JSON.stringify([[...touched].sort(), [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1))]));
}

const summaryOf = ({ instance, report: { diff } }: InstancePlan): string =>
  `${instance}: ${diff.added.length} added, ${diff.changed.length + diff.movedOnly.length} changed, ` +
  `${diff.removed.length} removed, ${diff.restarted.length} restarted`;

/** Ids of the former plan that somebody else has changed since its base was read. */
async function changedByOthers(
  deps: NodeRedDeps,
  { tenantId, environment }: { readonly tenantId: string; readonly environment: 'sandbox' | 'production' },
  formerHash: string,
  base: readonly FlowNode[],
): Promise<readonly string[]> {
  const former = await planOf(deps, tenantId, formerHash);
  const backup = await deps.store.flowBackups.get(tenantId, environment, former.backupId);
  if (!backup) return [];
  const text = (flows: readonly FlowNode[]): ReadonlyMap<string, string> =>
    new Map(flows.map((node) => [node.id, JSON.stringify(node)]));
  const [before, now, ours] = [
    text(await flowsOf(deps, tenantId, backup.flowsHash)),
    text(base),
    text(await flowsOf(deps, tenantId, former.flowsHash)),
  ];
  return former.touched.filter((id) => now.get(id) !== before.get(id) && now.get(id) !== ours.get(id));
}
