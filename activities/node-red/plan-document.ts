import type { InstancePlan } from '../../domain/deployment/plan.js';
import type { NodeRedDeps } from './node-red-deps.js';

export const keepPlan = (
  { flowDocuments }: Pick<NodeRedDeps, 'flowDocuments'>,
  tenantId: string,
  plan: InstancePlan,
): Promise<string> => flowDocuments.put(tenantId, plan);

export const planOf = async (
  { flowDocuments }: Pick<NodeRedDeps, 'flowDocuments'>,
  tenantId: string,
  planHash: string,
): Promise<InstancePlan> => (await flowDocuments.get(tenantId, planHash)) as InstancePlan;
