import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../../platform/store/store.js';
import type { Membership, User } from '../../platform/store/users.js';
import { platformTenant } from '../../platform/store/platform-tenant.js';
import { Problem } from '../problems.js';
import { adminRoute } from '../route.js';
import type { ApiServices } from '../services.js';

export const role = z.enum(['admin', 'operator', 'viewer']);
const memberships = z.array(z.strictObject({ tenantId: z.string(), role })).max(200);
const password = z.string().min(12, 'must have at least 12 characters').max(200);
const params = z.strictObject({ userId: z.uuid() });

const userAnswer = z.object({
  userId: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  memberships: z.array(z.object({ tenantId: z.string(), role })),
});

const view = async (
  { userId, email, role, active }: User,
  store: Store,
): Promise<z.output<typeof userAnswer>> => ({
  userId,
  email,
  role,
  active,
  memberships: [...(await store.users.memberships(userId))],
});

const audit = (
  store: Store,
  call: { readonly user: User; readonly ip: string; readonly correlationId: string },
  action: string,
  target: string,
  detail: unknown,
): Promise<void> =>
  store.audit.append({
    tenantId: platformTenant,
    actorUserId: call.user.userId,
    action,
    target,
    detail,
    ip: call.ip,
    correlationId: call.correlationId,
  });

function refuseUnknownTenants({ tenants }: ApiServices, given: readonly Membership[]): void {
  const unknown = given.filter(({ tenantId }) => !tenants.get(tenantId));
  if (unknown.length === 0) return;
  throw new Problem('ValidationFailed', {
    errors: unknown.map(({ tenantId }) => ({
      path: 'memberships',
      message: `there is no tenant "${tenantId}"`,
    })),
  });
}

export const listUsers = adminRoute({
  method: 'get',
  path: '/api/users',
  summary: 'All users',
  answers: { 200: z.object({ users: z.array(userAnswer) }) },
  handle: async (_call, { store }) => {
    const users = await store.users.list();
    return { status: 200, body: { users: await Promise.all(users.map((user) => view(user, store))) } };
  },
});

export const createUser = adminRoute({
  method: 'post',
  path: '/api/users',
  summary: 'Creates a user with a role and memberships',
  body: z.strictObject({ email: z.email(), password, role, memberships: memberships.default([]) }),
  answers: { 201: userAnswer },
  failures: ['Conflict'],
  handle: async (call, services) => {
    const { body } = call;
    const { store, passwords } = services;
    refuseUnknownTenants(services, body.memberships);
    const user = await store.users.create({
      userId: randomUUID(),
      email: body.email,
      passwordHash: await passwords.hash(body.password),
      role: body.role,
    });
    await store.users.setMemberships(user.userId, body.memberships);
    await audit(store, call, 'user.create', user.userId, { role: body.role, memberships: body.memberships });
    return { status: 201, body: await view(user, store) };
  },
});

export const getUser = adminRoute({
  method: 'get',
  path: '/api/users/{userId}',
  summary: 'One user',
  params,
  answers: { 200: userAnswer },
  failures: ['RecordNotFound'],
  handle: async ({ params: { userId } }, { store }) => {
    const user = await store.users.get(userId);
    if (!user) throw new Problem('RecordNotFound');
    return { status: 200, body: await view(user, store) };
  },
});

export const updateUser = adminRoute({
  method: 'patch',
  path: '/api/users/{userId}',
  summary: 'Changes role, memberships, password or activity; older tokens of the user become void',
  params,
  body: z.strictObject({
    role: role.optional(),
    active: z.boolean().optional(),
    password: password.optional(),
    memberships: memberships.optional(),
  }),
  answers: { 200: userAnswer },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, services) => {
    const { store, passwords } = services;
    const { body } = call;
    const { userId } = call.params;
    refuseUnknownTenants(services, body.memberships ?? []);
    if (userId === call.user.userId && (body.active === false || (body.role && body.role !== 'admin'))) {
      throw new Problem('Conflict', { detail: 'Administrators cannot take their own rights away.' });
    }
    const user = await store.users.update(userId, {
      role: body.role,
      active: body.active,
      ...(body.password !== undefined && { passwordHash: await passwords.hash(body.password) }),
    });
    if (body.memberships) await store.users.setMemberships(userId, body.memberships);
    await audit(store, call, 'user.update', userId, {
      ...body,
      password: body.password === undefined ? undefined : 'changed',
    });
    return { status: 200, body: await view(user, store) };
  },
});

export const deactivateUser = adminRoute({
  method: 'delete',
  path: '/api/users/{userId}',
  summary: 'Deactivates a user; what they did stays attributed',
  params,
  answers: { 204: undefined },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, { store }) => {
    const { userId } = call.params;
    if (userId === call.user.userId)
      throw new Problem('Conflict', { detail: 'Administrators cannot remove themselves.' });
    await store.users.update(userId, { active: false });
    await audit(store, call, 'user.deactivate', userId, null);
    return { status: 204 };
  },
});
