import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Instance, TargetSettings } from '../../domain/deployment/target.js';
import type { FlowNode } from '../../domain/flows/flow-node.js';
import type { Clock } from '../../platform/clock.js';
import type { NodeRedSecrets } from '../../platform/node-red-access.js';
import { NotFound } from '../../platform/store/errors.js';
import type { FlowDocuments } from '../../platform/store/flow-documents.js';
import type { FlowTarget } from '../../platform/store/flow-targets.js';
import type { Store } from '../../platform/store/store.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { createClient, type NodeRedClient } from './client.js';
import type { AtTarget } from './contract.js';
import { NodeRedError, toApplicationFailure } from './errors.js';
import type { Tokens } from './tokens.js';

export interface NodeRedDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly tenants: Pick<TenantRegistry, 'get'>;
  readonly nodeRedSecrets: NodeRedSecrets;
  readonly flowDocuments: FlowDocuments;
  readonly tokens: Tokens;
}

/** A killed worker is noticed after the heartbeat timeout of the workflow's proxies, which is a few of these. */
const heartbeatMs = 1_000;

/** The boundary of the room: heartbeats while the work lasts, and turns `NodeRedError` into the failure that a workflow may see. */
export async function asActivity<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), heartbeatMs);
  try {
    return await work(context.cancellationSignal);
  } catch (error) {
    if (error instanceof NodeRedError) throw toApplicationFailure(error);
    if (error instanceof NotFound) throw ApplicationFailure.nonRetryable(error.message, 'RecordNotFound');
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}

/** The target's row, after the tenant was checked again (docs/architecture.md, rule 1). Throws TenantForbidden, TenantInactive, RecordNotFound. */
export async function findTarget(
  { tenants, store }: Pick<NodeRedDeps, 'tenants' | 'store'>,
  { tenantId, environment, targetId }: AtTarget,
): Promise<FlowTarget> {
  const tenant = tenants.get(tenantId);
  if (!tenant) throw ApplicationFailure.nonRetryable('There is no such tenant.', 'TenantForbidden');
  if (!tenant.active) throw ApplicationFailure.nonRetryable('The tenant is switched off.', 'TenantInactive');
  const target = await store.flowTargets.get(tenantId, environment, targetId);
  if (!target) throw ApplicationFailure.nonRetryable('There is no such target.', 'RecordNotFound');
  return target;
}

export interface OpenInstance {
  readonly settings: TargetSettings;
  readonly instance: Instance;
  readonly client: NodeRedClient;
}

/** One instance of a target, ready to be spoken to. Its credentials live in the client only. */
export async function openInstance(
  deps: NodeRedDeps,
  at: AtTarget & { readonly instance: string },
  signal: AbortSignal,
): Promise<OpenInstance> {
  const { settings } = await findTarget(deps, at);
  const instance = settings.instances.find(({ name }) => name === at.instance);
  if (!instance) {
    throw ApplicationFailure.nonRetryable('The target no longer has this instance.', 'RecordNotFound');
  }
  const { access, version } = await deps.nodeRedSecrets.access(at.tenantId, at.environment, at.targetId);
  const client = createClient({
    url: instance.url,
    access,
    tokens: deps.tokens,
    tokenKey: [at.tenantId, at.environment, at.targetId, version, instance.url].join('|'),
    signal,
  });
  return { settings, instance, client };
}

/** Flows kept under a hash. */
export const flowsOf = async (
  { flowDocuments }: Pick<NodeRedDeps, 'flowDocuments'>,
  tenantId: string,
  hash: string,
): Promise<readonly FlowNode[]> => (await flowDocuments.get(tenantId, hash)) as readonly FlowNode[];
