import { createHash } from 'node:crypto';
import { usualPeriods, usualRetention } from '../../domain/deployment/target.js';
import { sealContext } from '../../platform/sealed-credential.js';
import { accessOwner } from '../../platform/node-red-access.js';
import type { Services } from '../../platform/services.js';
import type { SandboxNodeRed } from './node-red.js';

/** The same on every start, so that backups and deployments of a data folder stay those of one target. */
export const sandboxTargetId = (tenantId: string): string => {
  const hex = createHash('sha256').update(`sandbox target of ${tenantId}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
};

/** Gives every practice a target at the Node-RED of this machine. What an administrator has changed about it stays. */
export async function placeSandboxFlowTargets(
  { tenants, store, sealer }: Pick<Services, 'tenants' | 'store' | 'sealer'>,
  url: string,
  { username, password }: SandboxNodeRed,
): Promise<void> {
  for (const { slug } of tenants.list().filter(({ active }) => active)) {
    const targetId = sandboxTargetId(slug);
    const context = sealContext(slug, 'sandbox', accessOwner(targetId));
    const access = { auth: { kind: 'credentials', username, password }, proxy: null };
    const { sealed, keyId } = sealer.seal(JSON.stringify(access), context);
    const row = {
      tenantId: slug,
      environment: 'sandbox',
      integration: accessOwner(targetId),
      sealed,
      keyId,
    } as const;
    await store.credentials.seed(row);
    if (await store.flowTargets.get(slug, 'sandbox', targetId)) continue;
    await store.flowTargets.create({
      tenantId: slug,
      targetId,
      environment: 'sandbox',
      settings: {
        name: 'Node-RED of this machine',
        instances: [{ name: 'main', url, nodeUrl: url }],
        approval: true,
        allowedModules: [],
        forbiddenTypes: ['exec'],
        ...usualPeriods,
        retention: usualRetention,
      },
      createdBy: 'system',
    });
  }
}
