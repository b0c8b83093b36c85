import { z } from 'zod';
import type { StaffTask } from '../../platform/store/staff-tasks.js';
import type { Store } from '../../platform/store/store.js';
import { tenantRoute } from '../route.js';

const status = z.enum(['open', 'taken', 'closed']);
const params = z.strictObject({ taskId: z.string().min(1).max(200) });
const task = z.object({
  taskId: z.string(),
  conversationId: z.string().nullable(),
  kind: z.string(),
  summary: z.string(),
  detail: z.unknown(),
  status,
  takenBy: z.string().nullable(),
  closedBy: z.string().nullable(),
  note: z.string().nullable(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

const view = ({ tenantId: _t, environment: _e, ...found }: StaffTask): z.output<typeof task> => found;

export const listStaffTasks = tenantRoute({
  method: 'get',
  path: '/api/staff-tasks',
  role: 'viewer',
  summary: 'Work that only a person can finish, newest first',
  query: z.strictObject({
    status: status.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
    cursor: z.string().optional(),
  }),
  answers: { 200: z.object({ tasks: z.array(task), nextCursor: z.string().nullable() }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const { rows, nextCursor } = await store.staffTasks.list(tenant.slug, environment, filter, {
      limit,
      cursor,
    });
    return { status: 200, body: { tasks: rows.map(view), nextCursor } };
  },
});

type Act = Parameters<Parameters<typeof tenantRoute>[0]['handle']>[0];

const audited = (
  store: Store,
  { tenant, user, ip, correlationId }: Act,
  action: string,
  taskId: string,
): Promise<void> =>
  store.audit.append({
    tenantId: tenant.slug,
    actorUserId: user.userId,
    action,
    target: taskId,
    detail: null,
    ip,
    correlationId,
  });

export const takeStaffTask = tenantRoute({
  method: 'post',
  path: '/api/staff-tasks/{taskId}/take',
  role: 'operator',
  summary: 'Takes a task; nobody else can then',
  params,
  answers: { 200: task },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, user } = call;
    const { taskId } = call.params;
    const taken = await store.staffTasks.take(tenant.slug, environment, taskId, user.userId);
    await audited(store, { ...call, params: {} }, 'staff-task.take', taskId);
    return { status: 200, body: view(taken) };
  },
});

export const closeStaffTask = tenantRoute({
  method: 'post',
  path: '/api/staff-tasks/{taskId}/close',
  role: 'operator',
  summary: 'Closes a task with a note of what was done',
  params,
  body: z.strictObject({ note: z.string().trim().min(1).max(2_000) }),
  answers: { 200: task },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { tenant, environment, user, body } = call;
    const { taskId } = call.params;
    const closed = await store.staffTasks.close(tenant.slug, environment, taskId, user.userId, body.note);
    await audited(store, { ...call, params: {}, body: {} }, 'staff-task.close', taskId);
    return { status: 200, body: view(closed) };
  },
});
