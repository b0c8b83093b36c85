import { backupsToRetire } from '../../domain/deployment/retention.js';
import type { Retention } from '../../domain/deployment/target.js';
import type { NodeRedDeps } from './node-red-deps.js';

/** Removes backups of an instance that its target no longer keeps; never the newest, nor the one before the last good deployment. */
export async function retire(
  { store }: Pick<NodeRedDeps, 'store'>,
  {
    tenantId,
    targetId,
    instance,
  }: { readonly tenantId: string; readonly targetId: string; readonly instance: string },
  retention: Retention,
): Promise<void> {
  const backups = await store.flowBackups.ofInstance(tenantId, targetId, instance);
  const [latest] = await store.flowWrites.deployed(tenantId, targetId, instance);
  const good = latest?.backupId ?? null;
  await store.flowBackups.remove(tenantId, backupsToRetire(backups, retention, good));
}
