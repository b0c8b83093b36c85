import { randomUUID } from 'node:crypto';
import {
  WithStartWorkflowOperation,
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isFailureType } from '../../domain/failures.js';
import { runAttributes } from '../../domain/search-attributes.js';
import type { Environment } from '../../domain/tenant.js';
import { nodeRedErrandWorkflowId, nodeRedTargetWorkflowId, taskQueue } from '../../workflows/ids.js';
import {
  nodeRedErrandType,
  type ErrandResult,
  type NodeRedErrand,
} from '../../workflows/node-red-errand/messages.js';
import {
  cancelDeployment,
  decide,
  nodeRedTargetType,
  requestDeployment,
  targetState,
  type Cancellation,
  type Decision,
  type DeploymentRequested,
  type NodeRedTargetStart,
  type NodeRedTargetState,
} from '../../workflows/node-red-target/messages.js';
import type { FlowTarget } from '../../platform/store/flow-targets.js';
import { Problem } from '../problems.js';
import { isTimeUp, problemOf } from './errors.js';
import { setSchedules } from './node-red-schedules.js';

interface TargetAddress {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly targetId: string;
}

/** Deployments and errands at Node-RED targets, as workflows. */
export interface NodeRedTargets {
  /** Takes a deployment into the target's queue; the same id again joins it. Throws Conflict for another request under the id. */
  request(target: TargetAddress, requested: DeploymentRequested): Promise<{ readonly known: boolean }>;
  /** Throws DeploymentOver when the deployment does not wait for a decision. */
  decide(target: TargetAddress, decision: Decision): Promise<void>;
  /** Throws DeploymentOver when it has ended. */
  cancel(target: TargetAddress, cancellation: Cancellation): Promise<void>;
  /** What runs and waits; empty when nothing was asked for in a while. */
  state(target: TargetAddress): Promise<NodeRedTargetState>;
  /** Makes the schedules of backups and drift checks what the target says. */
  schedule(target: FlowTarget, wanted: 'as the target says' | 'none'): Promise<void>;
  /** Does something at each instance that changes nothing there, and waits for it. */
  errand(errand: NodeRedErrand): Promise<ErrandResult>;
}

const startLimitMs = 10_000;
const errandLimitMs = 60_000;
/** A workflow that ends just as a request arrives is started again. */
const mostStarts = 3;

export function createNodeRedTargets(client: Client): NodeRedTargets {
  const within = <T>(limitMs: number, work: () => Promise<T>): Promise<T> =>
    client.withDeadline(Date.now() + limitMs, work);
  const handleOf = ({ tenantId, targetId }: TargetAddress) =>
    client.workflow.getHandle(nodeRedTargetWorkflowId(tenantId, targetId));

  async function request(
    target: TargetAddress,
    requested: DeploymentRequested,
  ): Promise<{ readonly known: boolean }> {
    const { tenantId, environment, targetId } = target;
    const start: NodeRedTargetStart = { tenantId, environment, targetId };
    for (let tries = 1; ; tries += 1) {
      try {
        return await within(startLimitMs, () =>
          client.workflow.executeUpdateWithStart(requestDeployment, {
            args: [requested],
            updateId: requested.deploymentId,
            startWorkflowOperation: new WithStartWorkflowOperation(nodeRedTargetType, {
              workflowId: nodeRedTargetWorkflowId(tenantId, targetId),
              taskQueue,
              args: [start],
              workflowIdConflictPolicy: 'USE_EXISTING',
              workflowIdReusePolicy: 'ALLOW_DUPLICATE',
              staticSummary: `Single writer of the Node-RED target ${targetId}`,
              typedSearchAttributes: runAttributes(target, 'nodeRedTarget'),
            }),
          }),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError && tries < mostStarts) continue;
        throw problemOf(error);
      }
    }
  }

  /** A message to a deployment that has its turn, or waits. */
  async function tell(work: () => Promise<null>): Promise<void> {
    try {
      await within(startLimitMs, work);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw new Problem('DeploymentOver', { cause: error });
      throw problemOf(error);
    }
  }

  return {
    request,
    decide: (target, decision) => tell(() => handleOf(target).executeUpdate(decide, { args: [decision] })),
    cancel: (target, cancellation) =>
      tell(() => handleOf(target).executeUpdate(cancelDeployment, { args: [cancellation] })),
    state: async (target) => {
      try {
        return await within(startLimitMs, () => handleOf(target).query(targetState));
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return { running: null, waiting: [] };
        throw problemOf(error);
      }
    },
    schedule: async (target, wanted) => {
      try {
        await within(startLimitMs, () => setSchedules(client, target, wanted));
      } catch (error) {
        throw problemOf(error);
      }
    },
    errand: async (errand) => {
      try {
        const handle = await within(startLimitMs, () =>
          client.workflow.start(nodeRedErrandType, {
            workflowId: nodeRedErrandWorkflowId(errand.tenantId, errand.targetId, randomUUID()),
            taskQueue,
            args: [errand],
            workflowExecutionTimeout: errandLimitMs,
            staticSummary: `${errand.kind} of the Node-RED target ${errand.targetId}`,
            typedSearchAttributes: runAttributes(errand, 'nodeRedErrand'),
          }),
        );
        return (await within(errandLimitMs, () => handle.result())) as ErrandResult;
      } catch (error) {
        if (isTimeUp(error))
          throw new Problem('NodeRedUnavailable', { detail: 'It did not answer in time.' });
        throw error instanceof WorkflowFailedError ? failureOf(error) : problemOf(error);
      }
    },
  };
}

function failureOf(error: WorkflowFailedError): Problem {
  for (
    let link: unknown = error.cause, depth = 0;
    link instanceof Error && depth < 5;
    link = link.cause, depth++
  ) {
    if (link instanceof ApplicationFailure && isFailureType(link.type))
      return new Problem(link.type, { detail: link.message || undefined, cause: error });
  }
  return new Problem('NodeRedUnavailable', { detail: 'It did not answer in time.', cause: error });
}
