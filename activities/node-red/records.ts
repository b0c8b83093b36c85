import type { NodeRedActivities } from './contract.js';
import { ApplicationFailure } from '@temporalio/common';
import { Conflict } from '../../platform/store/errors.js';
import { findTarget, type NodeRedDeps } from './node-red-deps.js';

type RecordActivities = Pick<
  NodeRedActivities,
  'openDeployment' | 'describeTarget' | 'noteDeployment' | 'endDeployment'
>;

/** Deployments as rows: what was asked for, how far it is, how it ended. */
export const createRecordActivities = (deps: NodeRedDeps): RecordActivities => ({
  openDeployment: async ({ tenantId, environment, targetId, requested }) => {
    const { deploymentId, actor, requestHash, source, options, reason } = requested;
    try {
      const row = await deps.store.flowDeployments.open({
        tenantId,
        environment,
        targetId,
        deploymentId,
        actor,
        requestHash,
        request: { source, options, reason },
      });
      return { ended: row.status === 'ended' };
    } catch (error) {
      if (error instanceof Conflict) throw ApplicationFailure.nonRetryable(error.message, 'Conflict');
      throw error;
    }
  },

  describeTarget: async (input) => {
    const { settings, lock } = await findTarget(deps, input);
    const { options } = (await requestOf(deps, input)).request;
    return {
      instances: settings.instances.map(({ name }) => name),
      approval: options.approval ?? settings.approval,
      dryRun: options.dryRun,
      lockedBy: lock?.deploymentId ?? null,
      smoke: options.smoke.length > 0,
    };
  },

  noteDeployment: async ({ tenantId, deploymentId, status, eventId, step, detail, plans }) => {
    await deps.store.flowDeployments.update(tenantId, deploymentId, { status, ...(plans ? { plans } : {}) });
    await deps.store.flowDeployments.note(tenantId, deploymentId, {
      eventId,
      step,
      instance: null,
      phase: 'done',
      detail,
    });
  },

  endDeployment: async ({ tenantId, targetId, deploymentId, outcome, detail }) => {
    if (outcome === 'needs_attention') {
      const lock = { deploymentId, reason: detail, atMs: deps.clock.nowMs() };
      await deps.store.flowTargets.lock(tenantId, targetId, lock);
    }
    await deps.store.flowDeployments.note(tenantId, deploymentId, {
      eventId: 'end',
      step: 'end',
      instance: null,
      phase: 'done',
      detail: { outcome, detail },
    });
    await deps.store.flowDeployments.update(tenantId, deploymentId, { outcome, detail });
  },
});

/** The row of a deployment. Throws RecordNotFound. */
export async function requestOf(
  { store }: Pick<NodeRedDeps, 'store'>,
  at: Parameters<NodeRedActivities['describeTarget']>[0],
): Promise<NonNullable<Awaited<ReturnType<NodeRedDeps['store']['flowDeployments']['get']>>>> {
  const row = await store.flowDeployments.get(at.tenantId, at.environment, at.deploymentId);
  if (!row) throw ApplicationFailure.nonRetryable('There is no such deployment.', 'RecordNotFound');
  return row;
}
