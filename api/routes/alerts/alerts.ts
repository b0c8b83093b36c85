import { z } from 'zod';
import { alertStates } from '../../../domain/alerts/judge.js';
import type { Alert } from '../../../platform/store/alerts/alert-rows.js';
import { leaveAudit } from '../../audit.js';
import { tenantRoute } from '../../route.js';
import type { ApiServices } from '../../services.js';
import { nextCursor, pageQuery } from '../paging.js';
import { alertShape, alertView } from './shapes.js';

const params = z.strictObject({ id: z.string() });
const body = z.strictObject({ reason: z.string().trim().min(1).max(2_000) });

const viewOf = async (
  alert: Alert,
  { store }: Pick<ApiServices, 'store'>,
): Promise<z.input<typeof alertShape>> =>
  alertView(alert, await store.alerts.notificationsOf(alert.tenantId, [alert.alertId]));

export const listAlerts = tenantRoute({
  method: 'get',
  path: '/api/alerts',
  role: 'viewer',
  summary: 'Alerts with what was told about them, newest first',
  query: z.strictObject({
    state: z.enum(alertStates).optional(),
    ruleId: z.string().optional(),
    ...pageQuery,
  }),
  answers: { 200: z.object({ alerts: z.array(alertShape), nextCursor }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const page = await store.alerts.list(tenant.slug, environment, filter, { limit, cursor });
    const told = await store.alerts.notificationsOf(
      tenant.slug,
      page.rows.map(({ alertId }) => alertId),
    );
    return {
      status: 200,
      body: { alerts: page.rows.map((alert) => alertView(alert, told)), nextCursor: page.nextCursor },
    };
  },
});

export const acknowledgeAlert = tenantRoute({
  method: 'post',
  path: '/api/alerts/{id}/acknowledge',
  role: 'operator',
  summary: 'Says that somebody looks after an open alert',
  params,
  body,
  answers: { 200: alertShape },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const by = { userId: user.userId, reason: call.body.reason };
    const alert = await services.store.alerts.acknowledge(tenant.slug, environment, call.params.id, by);
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'alert.acknowledge',
      target: alert.alertId,
      detail: call.body,
    });
    return { status: 200, body: await viewOf(alert, services) };
  },
});

export const resolveAlert = tenantRoute({
  method: 'post',
  path: '/api/alerts/{id}/resolve',
  role: 'operator',
  summary: 'Ends an alert by hand; its rule stays quiet for its cooldown',
  params,
  body,
  answers: { 200: alertShape },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, services) => {
    const { tenant, environment, user } = call;
    const by = { userId: user.userId, reason: call.body.reason };
    const alert = await services.store.alerts.resolve(tenant.slug, environment, call.params.id, by);
    await leaveAudit(services.store, call, {
      tenantId: tenant.slug,
      action: 'alert.resolve',
      target: alert.alertId,
      detail: call.body,
    });
    await services.alertRules.wake(alert);
    return { status: 200, body: await viewOf(alert, services) };
  },
});
