import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { leaveAudit } from '../../audit.js';
import { Problem, toProblem } from '../../problems.js';
import { tenantRoute } from '../../route.js';
import type { ApiServices } from '../../services.js';
import { textsMayLeave } from '../../../domain/own-traces/mask.js';
import type { Tenant } from '../../../domain/tenant.js';
import type { LangfuseConfig, LangfuseSettings } from '../../../platform/store/langfuse/configs.js';
import { configShape, configView, ownConfig, settings, settingsOf } from './shapes.js';

const params = z.strictObject({ id: z.string() });

const month = 30 * 24 * 60 * 60_000;

/**
 * Tells Temporal about a changed configuration. A schedule that cannot be set now is set by the next start of a worker; what was stored
 * stays.
 */
async function reconciled(
  config: LangfuseConfig,
  { traceImports, loggers }: Pick<ApiServices, 'traceImports' | 'loggers'>,
): Promise<boolean> {
  try {
    await traceImports.reconcile(config);
    return true;
  } catch (error) {
    const { tenantId, configId } = config;
    loggers.log.warn('an import schedule could not be set', {
      tenantId,
      configId,
      failure: toProblem(error).failure,
    });
    return false;
  }
}

/** A configuration comes with an alert rule of its own; it and others look at what was changed. */
async function wakeRules(
  { tenantId, configId }: LangfuseConfig,
  { store, alertRules }: Pick<ApiServices, 'store' | 'alertRules'>,
): Promise<void> {
  for (const rule of await store.alertRules.ofConfig(tenantId, configId)) await alertRules.wake(rule);
}

const changed = z.object({
  config: configShape,
  /** False when Temporal was away: the next start of a worker sets the schedule. */
  scheduled: z.boolean(),
});

export const listLangfuseConfigs = tenantRoute({
  method: 'get',
  path: '/api/langfuse-configs',
  role: 'viewer',
  summary: 'Langfuse projects that this tenant reads traces from, with their watermarks',
  answers: { 200: z.object({ configs: z.array(configShape) }) },
  handle: async ({ tenant, environment }, services) => {
    const configs = await services.store.langfuseConfigs.list(tenant.slug, environment);
    return {
      status: 200,
      body: { configs: await Promise.all(configs.map((one) => configView(one, services))) },
    };
  },
});

export const createLangfuseConfig = tenantRoute({
  method: 'post',
  path: '/api/langfuse-configs',
  role: 'admin',
  summary: 'Adds a Langfuse project and schedules its import; its keys are sealed and never read back',
  body: settings.partial({
    projectId: true,
    plan: true,
    readApi: true,
    active: true,
    isDefault: true,
    everyMinutes: true,
    settleMinutes: true,
    overlapMinutes: true,
    importFrom: true,
    submit: true,
  }),
  answers: { 201: changed },
  failures: ['Conflict'],
  handle: async (call, services) => {
    const { tenant, environment, body } = call;
    const { store, langfuseKeys, clock } = services;
    refuseTexts(body.submit, tenant);
    const configId = randomUUID();
    const owner = { tenantId: tenant.slug, environment, configId };
    const config = await store.langfuseConfigs.create(owner, {
      projectId: null,
      // Cloud counts requests, and its smallest plan is the careful guess.
      plan: /(^|\.)langfuse\.com$/.test(new URL(body.host).hostname) ? 'hobby' : 'selfHosted',
      readApi: 'auto',
      active: true,
      isDefault: false,
      everyMs: 15 * 60_000,
      settleMs: 20 * 60_000,
      overlapMs: 60 * 60_000,
      importFromMs: clock.nowMs() - month,
      ...settingsOf(body),
      name: body.name,
      host: body.host,
    });
    await langfuseKeys.set(owner, { publicKey: body.publicKey, secretKey: body.secretKey });
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'langfuse-config.create',
      target: configId,
      detail: { ...withoutKeys(body), environment },
    });
    const scheduled = await reconciled(config, services);
    await wakeRules(config, services);
    return { status: 201, body: { config: await configView(config, services), scheduled } };
  },
});

function refuseTexts(submit: LangfuseSettings['submit'] | undefined, tenant: Tenant): void {
  if (!submit || textsMayLeave(submit.mask, tenant)) return;
  const message = `must be "all": ${tenant.practiceName} holds health data (holdsHealthData in its tenant.json)`;
  throw new Problem('ValidationFailed', { errors: [{ path: 'submit.mask', message }] });
}

/** What an audit row may hold. */
const withoutKeys = (body: object): object =>
  Object.fromEntries(Object.entries(body).filter(([key]) => !key.endsWith('Key')));

export const getLangfuseConfig = tenantRoute({
  method: 'get',
  path: '/api/langfuse-configs/{id}',
  role: 'viewer',
  summary: 'One Langfuse project with what its server can do, its watermark, and what is stored of it',
  params,
  answers: { 200: configShape },
  failures: ['RecordNotFound'],
  handle: async (call, services) => {
    const config = await ownConfig(call, call.params.id, services);
    return { status: 200, body: await configView(config, services) };
  },
});

export const changeLangfuseConfig = tenantRoute({
  method: 'patch',
  path: '/api/langfuse-configs/{id}',
  role: 'admin',
  summary:
    'Changes a Langfuse project; keys are given together. `version` refuses what somebody else has changed',
  params,
  body: settings.partial().extend({ version: z.number().int().optional() }),
  answers: { 200: changed },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, services) => {
    const { body } = call;
    const { store, langfuseKeys } = services;
    const before = await ownConfig(call, call.params.id, services);
    const { version, publicKey, secretKey, ...given } = body;
    if ((publicKey === undefined) !== (secretKey === undefined))
      throw new Problem('ValidationFailed', {
        errors: [
          { path: publicKey === undefined ? 'publicKey' : 'secretKey', message: 'belongs to the other key' },
        ],
      });
    refuseTexts(body.submit, call.tenant);
    const config = await store.langfuseConfigs.change(
      before.tenantId,
      before.configId,
      settingsOf(given),
      version,
    );
    if (publicKey !== undefined && secretKey !== undefined)
      await langfuseKeys.set(config, { publicKey, secretKey });
    await leaveAudit(store, call, {
      tenantId: config.tenantId,
      action: 'langfuse-config.change',
      target: config.configId,
      detail: { ...given, keysChanged: publicKey !== undefined },
    });
    const scheduled = await reconciled(config, services);
    await wakeRules(config, services);
    return { status: 200, body: { config: await configView(config, services), scheduled } };
  },
});

export const removeLangfuseConfig = tenantRoute({
  method: 'delete',
  path: '/api/langfuse-configs/{id}',
  role: 'admin',
  summary: 'Forgets a Langfuse project, its keys and its progress; the imported traces stay',
  params,
  answers: { 204: undefined },
  failures: ['RecordNotFound', 'TemporalUnavailable'],
  handle: async (call, services) => {
    const { store, langfuseKeys, traceImports } = services;
    const config = await ownConfig(call, call.params.id, services);
    // First: a schedule without its configuration would fail for ever.
    await traceImports.removeSchedules(config);
    await langfuseKeys.remove(config);
    const rules = await store.alertRules.ofConfig(config.tenantId, config.configId);
    await store.langfuseConfigs.remove(config.tenantId, config.configId);
    await leaveAudit(store, call, {
      tenantId: config.tenantId,
      action: 'langfuse-config.remove',
      target: config.configId,
      detail: { name: config.name },
    });
    for (const rule of rules) await services.alertRules.wake(rule);
    return { status: 204 };
  },
});
