import { platformTenant } from '../platform/store/platform-tenant.js';
import type { Store } from '../platform/store/store.js';
import type { Actor, Origin } from './route.js';

/** What somebody did: `tenantId` is left out for what concerns the whole installation. `detail` holds no secrets. */
export interface AdministrativeAction {
  readonly tenantId?: string;
  readonly action: string;
  readonly target: string;
  readonly detail?: unknown;
}

/** Leaves the row of an administrative action: who, what, on what, when, from where. To be awaited before the answer. */
export const leaveAudit = (
  store: Pick<Store, 'audit'>,
  { user, ip, correlationId }: Actor & Origin,
  { tenantId = platformTenant, action, target, detail = null }: AdministrativeAction,
): Promise<void> =>
  store.audit.append({ tenantId, actorUserId: user.userId, action, target, detail, ip, correlationId });
