import { ApplicationFailure } from '@temporalio/common';
import type { NodeRedActivities, Pinned } from './contract.js';
import { asActivity, findTarget, openInstance, type NodeRedDeps } from './node-red-deps.js';
import { requestOf } from './records.js';
import { stepped } from './steps.js';
import { pickTabs } from './pick-tabs.js';

export const createSourceActivities = (deps: NodeRedDeps): Pick<NodeRedActivities, 'pinSource'> => ({
  pinSource: (input) =>
    asActivity(async (signal) => {
      const { tenantId, environment, targetId } = input;
      const { request } = await requestOf(deps, input);
      const { source } = request;
      return stepped(
        deps,
        { ...input, instance: 'source' },
        { step: 'source', key: 'pin' },
        async (): Promise<Pinned> => {
          switch (source.kind) {
            case 'artifact':
              return { kind: 'pinned', sourceHash: source.hash };
            case 'backup': {
              const backup = await deps.store.flowBackups.get(tenantId, environment, source.backupId);
              if (backup?.targetId !== targetId)
                throw ApplicationFailure.nonRetryable('This target has no such backup.', 'RecordNotFound');
              return { kind: 'pinned', sourceHash: backup.flowsHash };
            }
            case 'copy': {
              const from = {
                tenantId: source.tenantId,
                environment: source.environment,
                targetId: source.targetId,
              };
              const [first] = (await findTarget(deps, from)).settings.instances;
              if (!first) return { kind: 'refused', reasons: ['The source has no instance.'] };
              const { client } = await openInstance(deps, { ...from, instance: first.name }, signal);
              const { flows } = await client.flows();
              const picked = pickTabs(flows, source.tabs);
              if (picked.kind === 'unknown')
                return {
                  kind: 'refused',
                  reasons: picked.tabs.map((tab) => `The source has no tab "${tab}".`),
                };
              // Under the tenant that gets them: what was fetched is now its own.
              return { kind: 'pinned', sourceHash: await deps.flowDocuments.put(tenantId, picked.flows) };
            }
          }
        },
        (pinned) => pinned,
      );
    }),
});
