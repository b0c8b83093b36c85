import { z } from 'zod';
import { leaveAudit } from '../audit.js';
import { tenantRoute } from '../route.js';
import { nextCursor, pageQuery } from './paging.js';

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

export const listStaffTasks = tenantRoute({
  method: 'get',
  path: '/api/staff-tasks',
  role: 'viewer',
  summary: 'Work that only a person can finish, newest first',
  query: z.strictObject({ status: status.optional(), ...pageQuery }),
  answers: { 200: z.object({ tasks: z.array(task), nextCursor }) },
  handle: async ({ tenant, environment, query: { limit, cursor, ...filter } }, { store }) => {
    const page = await store.staffTasks.list(tenant.slug, environment, filter, { limit, cursor });
    return { status: 200, body: { tasks: page.rows, nextCursor: page.nextCursor } };
  },
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
    await leaveAudit(store, call, { tenantId: tenant.slug, action: 'staff-task.take', target: taskId });
    return { status: 200, body: taken };
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
    await leaveAudit(store, call, { tenantId: tenant.slug, action: 'staff-task.close', target: taskId });
    return { status: 200, body: closed };
  },
});
