import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AlertSettings } from '../../../domain/alerts/alert-rule.js';
import { verdictOf } from '../../../domain/alerts/judge.js';
import { leaveAudit } from '../../audit.js';
import { tenantRoute } from '../../route.js';
import { ownConfig } from '../langfuse/shapes.js';
import {
  checkSettings,
  measuredShape,
  ownRule,
  ruleSettings,
  ruleShape,
  ruleView,
  subjectShape,
} from './shapes.js';

const params = z.strictObject({ id: z.string() });

/** A rate of fewer than these says little: one error of three calls is 33 %. Sums and counts mean something from the first one on. */
const usualMinSample = 20;
const sums: ReadonlySet<string> = new Set(['traces', 'costUsd', 'outcomeCount', 'importLagMinutes']);

export const listAlertRules = tenantRoute({
  method: 'get',
  path: '/api/alert-rules',
  role: 'viewer',
  summary: 'Alert rules of this environment, those that each Langfuse configuration has included',
  answers: { 200: z.object({ rules: z.array(ruleShape) }) },
  handle: async ({ tenant, environment }, { store }) => {
    const rules = await store.alertRules.list(tenant.slug, environment);
    return { status: 200, body: { rules: rules.map(ruleView) } };
  },
});

export const createAlertRule = tenantRoute({
  method: 'post',
  path: '/api/alert-rules',
  role: 'operator',
  summary: 'Adds an alert rule; it is looked at now and after each import',
  body: ruleSettings
    .partial({ active: true, windowMinutes: true, minSample: true, cooldownMinutes: true })
    .extend({ subject: subjectShape }),
  answers: { 201: ruleShape },
  failures: ['RecordNotFound'],
  handle: async (call, { store, alertRules }) => {
    const { tenant, environment, body } = call;
    const { subject, name, operator, threshold } = body;
    checkSettings(body);
    if ('configId' in subject) await ownConfig(call, subject.configId, { store });
    const rule = await store.alertRules.create(
      { tenantId: tenant.slug, environment, ruleId: randomUUID() },
      subject,
      {
        name,
        operator,
        threshold,
        active: body.active ?? true,
        windowMinutes: body.windowMinutes ?? 60,
        minSample: body.minSample ?? (sums.has(subject.metric) ? 0 : usualMinSample),
        cooldownMinutes: body.cooldownMinutes ?? 60,
      },
    );
    await leaveAudit(store, call, {
      tenantId: tenant.slug,
      action: 'alert-rule.create',
      target: rule.ruleId,
      detail: { ...body, environment },
    });
    await alertRules.wake(rule);
    return { status: 201, body: ruleView(rule) };
  },
});

export const getAlertRule = tenantRoute({
  method: 'get',
  path: '/api/alert-rules/{id}',
  role: 'viewer',
  summary: 'One alert rule',
  params,
  answers: { 200: ruleShape },
  failures: ['RecordNotFound'],
  handle: async (call, services) => ({
    status: 200,
    body: ruleView(await ownRule(call, call.params.id, services)),
  }),
});

export const changeAlertRule = tenantRoute({
  method: 'patch',
  path: '/api/alert-rules/{id}',
  role: 'operator',
  summary: 'Tunes an alert rule or switches it off; `version` refuses what somebody else has changed',
  params,
  body: ruleSettings.partial().extend({ version: z.number().int().optional() }),
  answers: { 200: ruleShape },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store, alertRules }) => {
    const before = await ownRule(call, call.params.id, { store });
    const { version, ...given } = call.body;
    const settings = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as Partial<AlertSettings>;
    checkSettings({ ...before, ...settings });
    const rule = await store.alertRules.change(before.tenantId, before.ruleId, settings, version);
    await leaveAudit(store, call, {
      tenantId: rule.tenantId,
      action: 'alert-rule.change',
      target: rule.ruleId,
      detail: settings,
    });
    await alertRules.wake(rule);
    return { status: 200, body: ruleView(rule) };
  },
});

export const removeAlertRule = tenantRoute({
  method: 'delete',
  path: '/api/alert-rules/{id}',
  role: 'operator',
  summary: 'Removes an alert rule and ends what it has open; its alerts stay',
  params,
  answers: { 204: undefined },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store, alertRules }) => {
    const rule = await ownRule(call, call.params.id, { store });
    await store.alertRules.remove(rule.tenantId, rule.ruleId);
    await leaveAudit(store, call, {
      tenantId: rule.tenantId,
      action: 'alert-rule.remove',
      target: rule.ruleId,
      detail: { name: rule.name },
    });
    await alertRules.wake(rule);
    return { status: 204 };
  },
});

export const testAlertRule = tenantRoute({
  method: 'post',
  path: '/api/alert-rules/{id}/test',
  role: 'viewer',
  summary: 'What the rule would see now; opens, ends and sends nothing',
  params,
  answers: {
    200: z.object({
      /** `breached` = an alert would open, were there none; `off` = what it watches is switched off. */
      verdict: z.enum(['breached', 'fine', 'tooFew', 'off']),
      measured: measuredShape.nullable(),
      minSample: z.number(),
    }),
  },
  failures: ['RecordNotFound'],
  handle: async (call, { store, clock }) => {
    const rule = await ownRule(call, call.params.id, { store });
    const measured = await store.alertFigures.measure(rule, clock.nowMs());
    return {
      status: 200,
      body: { verdict: verdictOf(rule, measured), measured, minSample: rule.minSample },
    };
  },
});
