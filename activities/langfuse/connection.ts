import type { Environment, Tenant } from '../../domain/tenant.js';
import type { Urgency } from '../../domain/langfuse/rate-limits.js';
import { readApiOf } from '../../domain/langfuse/server-mode.js';
import type { ReadApi } from '../../domain/langfuse/rows.js';
import { ApplicationFailure } from '@temporalio/common';
import { failures, type FailureType } from '../../domain/failures.js';
import type { Clock } from '../../platform/clock.js';
import type { LangfuseKeyring } from '../../platform/langfuse-keys.js';
import type { Loggers } from '../../platform/logger/loggers.js';
import type { LangfuseConfig } from '../../platform/store/langfuse/configs.js';
import type { Store } from '../../platform/store/store.js';
import type { TenantRegistry } from '../../platform/tenants/tenant-registry.js';
import { heartbeating, type ActivityScope } from '../heartbeating.js';
import { createLangfuseClient, type LangfuseClient } from './client.js';
import { LangfuseError, toApplicationFailure } from './errors.js';
import type { Payer, RateBudget } from './rate-budget.js';
import { createV1Reader } from './read-v1.js';
import { createV2Reader } from './read-v2.js';
import type { TraceReader } from './reader.js';

/** Lets the alert rules of an environment look at what was imported. Throws when they cannot be told. */
export interface AlertRuleWaker {
  wakeAll(tenantId: string, environment: Environment): Promise<void>;
}

export interface LangfuseDeps {
  readonly store: Pick<
    Store,
    | 'langfuseConfigs'
    | 'importLanes'
    | 'importWindows'
    | 'importedTraces'
    | 'modelPrices'
    | 'rateWindows'
    | 'sessions'
  >;
  readonly clock: Clock;
  readonly tenants: Pick<TenantRegistry, 'get'>;
  readonly langfuseKeys: Pick<LangfuseKeyring, 'resolve'>;
  readonly rateBudget: RateBudget;
  readonly loggers: Pick<Loggers, 'log'>;
  readonly alertRules: AlertRuleWaker;
}

/** Every activity input begins with it. */
export interface LangfuseAddress {
  readonly tenantId: string;
  readonly configId: string;
}

/** One configuration for the length of one activity: its keys live here and nowhere else. */
export interface LangfuseConnection {
  readonly config: LangfuseConfig;
  readonly client: LangfuseClient;
}

/** A failure that no other try would cure, in the words of the failure table. */
export const refused = (type: FailureType): ApplicationFailure =>
  ApplicationFailure.nonRetryable(failures[type].title, type);

/** The boundary of the room: heartbeats while the work lasts, and turns `LangfuseError` into the failure that a workflow may see. */
export async function asLangfuseActivity<T>(work: (scope: ActivityScope) => Promise<T>): Promise<T> {
  try {
    return await heartbeating(work);
  } catch (error) {
    throw error instanceof LangfuseError ? toApplicationFailure(error) : error;
  }
}

/** Reads the configuration and checks its tenant again (DESIGN, rule 1). Throws TenantForbidden, TenantInactive, IntegrationNotConfigured. */
export async function practiceAndConfigOf(
  deps: Pick<LangfuseDeps, 'store' | 'tenants'>,
  { tenantId, configId }: LangfuseAddress,
): Promise<{ readonly tenant: Tenant; readonly config: LangfuseConfig }> {
  const tenant = deps.tenants.get(tenantId);
  if (!tenant) throw refused('TenantForbidden');
  if (!tenant.active) throw refused('TenantInactive');
  const config = await deps.store.langfuseConfigs.get(tenantId, configId);
  if (!config) throw refused('IntegrationNotConfigured');
  return { tenant, config };
}

/** The same for those who need the configuration only. */
export const configOf = async (
  deps: Pick<LangfuseDeps, 'store' | 'tenants'>,
  address: LangfuseAddress,
): Promise<LangfuseConfig> => (await practiceAndConfigOf(deps, address)).config;

export async function connect(
  deps: LangfuseDeps,
  address: LangfuseAddress,
  urgency: Urgency,
  scope: ActivityScope,
): Promise<LangfuseConnection> {
  const config = await configOf(deps, address);
  const keys = await deps.langfuseKeys.resolve(config);
  const payer: Payer = {
    host: config.host,
    // Until the server has named it, the keys are all that we know of who pays.
    organization: config.facts?.organizationId ?? keys.publicKey,
    plan: config.plan,
  };
  const client = createLangfuseClient(
    { host: config.host, ...keys },
    {
      admit: (bucket, endpoint) =>
        deps.rateBudget.admit(
          payer,
          bucket,
          { urgency, endpoint, ticket: `${scope.activityKey}/${bucket}` },
          scope.signal,
        ),
      refused: (bucket, waitMs, most) => deps.rateBudget.refused(payer, bucket, waitMs, most),
      deprecated: noticeOnce(deps, config),
      signal: scope.signal,
    },
  );
  return { config, client };
}

/** A notice that is known already is not written again with every page. */
function noticeOnce(
  { store, loggers }: LangfuseDeps,
  { tenantId, configId, deprecation }: LangfuseConfig,
): (notice: Readonly<Record<string, unknown>>) => void {
  let known = deprecation?.message;
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return (notice) => {
    const message = text(notice['message']) ?? 'This endpoint is deprecated.';
    if (message === known) return;
    known = message;
    const sunsetAt = text(notice['sunsetAt']);
    loggers.log.warn('a Langfuse endpoint will go away', { tenantId, configId, sunsetAt });
    void store.langfuseConfigs
      .noteDeprecation(tenantId, configId, { message, replacement: text(notice['replacement']), sunsetAt })
      .catch((error: unknown) =>
        loggers.log.error('a deprecation could not be noted', { tenantId, configId, error }),
      );
  };
}

/** The API that the server's mode calls for; null before the first probe. */
export const apiOf = ({ readApi, facts }: LangfuseConfig): ReadApi | null =>
  facts === null ? null : readApiOf(readApi, facts.mode);

export const readerOf = (api: ReadApi, client: LangfuseClient): TraceReader =>
  api === 'v1' ? createV1Reader(client) : createV2Reader(client);
