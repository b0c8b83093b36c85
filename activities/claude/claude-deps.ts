import type { Environment, Tenant } from '../../domain/tenant.js';
import type { Clock } from '../../platform/clock.js';
import type { ClaudeCli } from '../../platform/config/config.js';
import type { CredentialResolver } from '../../platform/credentials.js';
import type { BackendName } from '../../platform/prompts/prompt-bundle.js';
import type { MasterKeys } from '../../platform/secrets/master-keys.js';
import type { Store } from '../../platform/store/store.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { failureOf } from './errors.js';

/** The part of the service's log that a model step writes to. */
interface StepLog {
  info(event: string, fields: object): unknown;
  warn(event: string, fields: object): unknown;
}

export interface ClaudeDeps {
  readonly store: Pick<
    Store,
    | 'conversations'
    | 'transcript'
    | 'modelSteps'
    | 'promptBundles'
    | 'promptActivations'
    | 'promptExperiments'
  >;
  readonly credentials: CredentialResolver;
  readonly tenants: Pick<TenantRegistry, 'get' | 'promptFiles'>;
  readonly loggers: { readonly log: StepLog };
  readonly clock: Clock;
  readonly masterKeys: MasterKeys;
  /** How new prompt bundles speak to the model. */
  readonly promptBackend: BackendName;
  readonly claude: {
    /** Hard deadline of one model call. Shorter than the activity's startToClose, so that the call ends by itself. */
    readonly stepTimeoutMs: number;
    /** The Claude CLI; null where it must not be used. */
    readonly cli: ClaudeCli | null;
  };
  /** Pause before an unclear write is looked up (PracticeFacts). */
  readonly settleMs: number;
}

/**
 * Checks the tenant again (DESIGN, rule 1): `api/` decided it, this trusts nobody. Throws TenantForbidden, TenantInactive or
 * IntegrationNotConfigured.
 */
export function tenantOf(
  { tenants }: Pick<ClaudeDeps, 'tenants'>,
  tenantId: string,
  environment: Environment,
): Tenant {
  const tenant = tenants.get(tenantId);
  if (!tenant) throw failureOf('TenantForbidden');
  if (!tenant.active) throw failureOf('TenantInactive');
  if (!tenant.integrations[environment].includes('anthropic')) throw failureOf('IntegrationNotConfigured');
  return tenant;
}
