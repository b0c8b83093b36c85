import { z } from 'zod';
import { leaveAudit } from '../audit.js';
import { provePassword } from '../auth/login-guard.js';
import { newPassword } from '../auth/passwords.js';
import { role } from '../auth/role.js';
import { publicRoute, userRoute } from '../route.js';

const givenPassword = z.string().min(1).max(200);
const freshToken = z.object({ token: z.string(), expiresInSeconds: z.number() });

export const login = publicRoute({
  method: 'post',
  path: '/api/auth/login',
  summary: 'Exchanges e-mail and password for a token of 8 hours',
  body: z.strictObject({ email: z.email(), password: givenPassword }),
  answers: { 200: freshToken },
  failures: ['BadCredentials', 'LockedOut'],
  handle: async ({ body }, services) => {
    const user = await provePassword(body.email, body.password, services);
    return { status: 200, body: services.tokens.sign(user) };
  },
});

export const me = userRoute({
  method: 'get',
  path: '/api/auth/me',
  summary: 'The user behind the token',
  answers: {
    200: z.object({
      userId: z.string(),
      email: z.string(),
      role,
      memberships: z.array(z.object({ tenantId: z.string(), role })),
    }),
  },
  handle: async ({ user }, { store }) => ({
    status: 200,
    body: { ...user, memberships: await store.users.memberships(user.userId) },
  }),
});

export const changePassword = userRoute({
  method: 'post',
  path: '/api/auth/change-password',
  summary: 'Sets a new password; every older token becomes void',
  body: z.strictObject({ currentPassword: givenPassword, newPassword }),
  answers: { 200: freshToken },
  failures: ['BadCredentials', 'LockedOut'],
  handle: async (call, services) => {
    const { user, body } = call;
    const { store, passwords, tokens } = services;
    // A stolen token must not become a way to guess the password.
    await provePassword(user.email, body.currentPassword, services);
    const changed = await store.users.update(user.userId, {
      passwordHash: await passwords.hash(body.newPassword),
    });
    await leaveAudit(store, call, { action: 'user.password.change', target: user.userId });
    return { status: 200, body: tokens.sign(changed) };
  },
});
