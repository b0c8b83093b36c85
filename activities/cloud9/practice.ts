import type { Environment, PracticeLocation, Tenant, VisitType } from '../../domain/tenant.js';
import type { Cache } from '../../platform/cache/cache.js';
import type { Clock } from '../../platform/clock.js';
import type { CredentialResolver } from '../../platform/credentials.js';
import type { Holds } from '../../platform/store/holds.js';
import type { Intents } from '../../platform/store/intents.js';
import type { Ledger } from '../../platform/store/ledger.js';
import type { Waitlist } from '../../platform/store/waitlist.js';
import type { ReferenceData } from '../../platform/store/reference-data.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import type { ActivityScope } from './activity-scope.js';
import { createCloud9Client, type Cloud9Loggers } from './client.js';
import { Cloud9Error, failureOf, type Cloud9Fault } from './errors.js';
import type { Limiter, Turn } from './limiter.js';
import type { Procedure } from './procedures/procedure.js';

export interface Cloud9Deps {
  readonly store: {
    readonly holds: Holds;
    readonly intents: Intents;
    readonly ledger: Ledger;
    readonly referenceData: ReferenceData;
    readonly waitlist: Pick<Waitlist, 'offer'>;
  };
  readonly credentials: CredentialResolver;
  readonly tenants: Pick<TenantRegistry, 'get'>;
  readonly limiter: Limiter;
  readonly loggers: Cloud9Loggers;
  readonly clock: Clock;
  /** Remembers nothing where caching is off. */
  readonly cache: Cache;
  readonly cloud9: {
    readonly httpMethod: 'POST' | 'GET';
    /** Allows what cloud9.md 4.3 and 6.5 allow. */
    readonly enableCaching: boolean;
  };
}

/** Every activity input begins with it. */
export interface PracticeAddress {
  readonly tenantId: string;
  readonly environment: Environment;
}

/** How the one try of a write went. `throttled` and `wait` mean that nothing was executed. */
type Sent<Output> =
  | { readonly kind: 'answered'; readonly output: Output }
  | { readonly kind: 'failed'; readonly fault: Cloud9Fault }
  | { readonly kind: 'throttled'; readonly waitMs: number }
  /** Our own limiter puts it off; the place is kept under the ticket. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** Somebody else has sent, or is sending, under this claim. */
  | { readonly kind: 'claimed' };

/** One tenant's practice system for the length of one activity: credentials live here and nowhere else. */
export interface Practice {
  readonly tenant: Tenant;
  readonly environment: Environment;
  /** Tenant, environment and credential version: the only key under which anything read may be remembered. */
  readonly cacheKey: string;
  /** One read in its turn. Throws `Cloud9Error`; a wait of more than two seconds is `throttled` with its time. */
  read<Input, Output>(procedure: Procedure<Input, Output>, input: Input): Promise<Output>;
  /**
   * Waits for the turn, claims, and sends once. A cancelled activity does not start a write, but one that was begun is heard out: the
   * server would execute it anyway, and only its answer says so.
   */
  send<Input, Output>(
    procedure: Procedure<Input, Output>,
    input: Input,
    once: { readonly ticket: string; readonly claim: () => Promise<'fresh' | 'claimed'> },
  ): Promise<Sent<Output>>;
  /** Frees the queue behind a sender that died, once reading has settled what it did. */
  leave(procedure: Procedure<never, unknown>, ticket: string): Promise<void>;
}

/**
 * Checks the tenant again (DESIGN, rule 1) and resolves its credentials. Throws TenantForbidden, TenantInactive or
 * IntegrationNotConfigured.
 */
export async function openPractice(
  deps: Cloud9Deps,
  { tenantId, environment }: PracticeAddress,
  scope: ActivityScope,
): Promise<Practice> {
  const tenant = deps.tenants.get(tenantId);
  if (!tenant) throw failureOf('TenantForbidden');
  if (!tenant.active) throw failureOf('TenantInactive');
  if (!tenant.integrations[environment].includes('cloud9')) throw failureOf('IntegrationNotConfigured');
  const account = await deps.credentials.resolve(tenantId, environment, 'cloud9');
  const client = createCloud9Client({
    tenantId,
    account,
    httpMethod: deps.cloud9.httpMethod,
    loggers: deps.loggers,
  });
  const { limiter } = deps;
  let reads = 0;

  const turnOf = (procedure: Turn['procedure'], ticket: string): Turn => ({
    tenantId,
    clientId: account.clientId,
    procedure,
    ticket,
  });

  return {
    tenant,
    environment,
    cacheKey: `${tenantId}/${environment}/${account.version}`,

    async read(procedure, input) {
      reads += 1;
      const turn = turnOf(procedure, `${scope.activityKey}/${procedure.name}/${reads}`);
      const admission = await limiter.enter(turn, scope.signal);
      if (admission.kind === 'wait') {
        throw new Cloud9Error(procedure.name, { kind: 'throttled', waitMs: admission.waitMs });
      }
      try {
        return await client.call(procedure, input, { signal: scope.signal });
      } catch (error) {
        throw error instanceof Cloud9Error && error.fault.kind === 'throttled'
          ? new Cloud9Error(procedure.name, { kind: 'throttled', waitMs: await limiter.throttled(turn) })
          : error;
      } finally {
        await limiter.leave(turn);
      }
    },

    async send(procedure, input, once) {
      const turn = turnOf(procedure, once.ticket);
      const admission = await limiter.enter(turn, scope.signal);
      if (admission.kind === 'wait') return admission;
      try {
        if ((await once.claim()) === 'claimed') return { kind: 'claimed' };
        return { kind: 'answered', output: await client.call(procedure, input) };
      } catch (error) {
        if (!(error instanceof Cloud9Error)) throw error;
        return error.fault.kind === 'throttled'
          ? { kind: 'throttled', waitMs: await limiter.throttled(turn) }
          : { kind: 'failed', fault: error.fault };
      } finally {
        await limiter.leave(turn);
      }
    },

    async leave(procedure, ticket) {
      await limiter.leave(turnOf(procedure, ticket));
    },
  };
}

/** The tenant's office of this key. A key that the tenant does not have is a caller's mistake, never a default. */
export function locationOf(tenant: Tenant, key: string): PracticeLocation {
  const location = tenant.locations.find((known) => known.key === key);
  if (!location) throw failureOf('ValidationFailed', { reason: 'unknown location key' });
  return location;
}

/** The tenant's visit type of this key. */
export function visitTypeOf(tenant: Tenant, key: string): VisitType {
  const visitType = tenant.visitTypes.find((known) => known.key === key);
  if (!visitType) throw failureOf('ValidationFailed', { reason: 'unknown visit type key' });
  return visitType;
}
