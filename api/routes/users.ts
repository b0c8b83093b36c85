import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../../platform/store/store.js';
import type { Membership, User } from '../../platform/store/users.js';
import { leaveAudit } from '../audit.js';
import { newPassword } from '../auth/passwords.js';
import { role } from '../auth/role.js';
import { Problem } from '../problems.js';
import { adminRoute } from '../route.js';
import type { ApiServices } from '../services.js';

const memberships = z
  .array(z.strictObject({ tenantId: z.string(), role }))
  .max(200)
  .refine((given) => new Set(given.map(({ tenantId }) => tenantId)).size === given.length, {
    error: 'names a tenant twice',
  });
const params = z.strictObject({ userId: z.uuid() });

const userAnswer = z.object({
  userId: z.string(),
  email: z.string(),
  role,
  active: z.boolean(),
  memberships: z.array(z.object({ tenantId: z.string(), role })),
});

const withMemberships = async (
  user: User,
  store: Store,
): Promise<User & { readonly memberships: readonly Membership[] }> => ({
  ...user,
  memberships: await store.users.memberships(user.userId),
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
    return {
      status: 200,
      body: { users: await Promise.all(users.map((user) => withMemberships(user, store))) },
    };
  },
});

export const createUser = adminRoute({
  method: 'post',
  path: '/api/users',
  summary: 'Creates a user with a role and memberships',
  body: z.strictObject({
    email: z.email(),
    password: newPassword,
    role,
    memberships: memberships.default([]),
  }),
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
    await leaveAudit(store, call, {
      action: 'user.create',
      target: user.userId,
      detail: { role: body.role, memberships: body.memberships },
    });
    return { status: 201, body: await withMemberships(user, store) };
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
    return { status: 200, body: await withMemberships(user, store) };
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
    password: newPassword.optional(),
    memberships: memberships.optional(),
  }),
  answers: { 200: userAnswer },
  failures: ['RecordNotFound', 'Conflict'],
  handle: async (call, services) => {
    const { store, passwords } = services;
    const { body } = call;
    const { userId } = call.params;
    refuseUnknownTenants(services, body.memberships ?? []);
    const user = await store.users.update(userId, {
      role: body.role,
      active: body.active,
      ...(body.password !== undefined && { passwordHash: await passwords.hash(body.password) }),
    });
    if (body.memberships) await store.users.setMemberships(userId, body.memberships);
    const { password, ...seen } = body;
    await leaveAudit(store, call, {
      action: 'user.update',
      target: userId,
      detail: { ...seen, ...(password !== undefined && { password: 'changed' }) },
    });
    return { status: 200, body: await withMemberships(user, store) };
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
    await store.users.update(userId, { active: false });
    await leaveAudit(store, call, { action: 'user.deactivate', target: userId });
    return { status: 204 };
  },
});
