import { z } from 'zod';
import { Problem } from '../problems.js';
import { publicRoute, userRoute } from '../route.js';
import { role } from './users.js';

const password = z.string().min(12, 'must have at least 12 characters').max(200);

export const login = publicRoute({
  method: 'post',
  path: '/api/auth/login',
  summary: 'Exchanges e-mail and password for a token of 8 hours',
  body: z.strictObject({ email: z.email(), password: z.string().min(1).max(200) }),
  answers: { 200: z.object({ token: z.string(), expiresInSeconds: z.number() }) },
  failures: ['BadCredentials', 'LockedOut'],
  handle: async ({ body, ip, correlationId }, { store, passwords, tokens, clock, loggers }) => {
    const key = body.email.toLowerCase();
    const lockedUntilMs = await store.loginAttempts.lockedUntilMs(key, clock.nowMs());
    if (lockedUntilMs !== null) {
      throw new Problem('LockedOut', {
        retryAfterSeconds: Math.ceil((lockedUntilMs - clock.nowMs()) / 1_000),
      });
    }
    const user = await store.users.getByEmail(key);
    const matches = await passwords.matches(body.password, user?.passwordHash ?? null);
    if (!user?.active || !matches) {
      await store.loginAttempts.recordFailure(key, clock.nowMs());
      loggers.log.warn('login failed', { ip, correlationId });
      throw new Problem('BadCredentials');
    }
    await store.loginAttempts.clear(key);
    return { status: 200, body: tokens.sign(user) };
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
    body: {
      userId: user.userId,
      email: user.email,
      role: user.role,
      memberships: await store.users.memberships(user.userId),
    },
  }),
});

export const changePassword = userRoute({
  method: 'post',
  path: '/api/auth/change-password',
  summary: 'Sets a new password; every older token becomes void',
  body: z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword: password }),
  answers: { 200: z.object({ token: z.string(), expiresInSeconds: z.number() }) },
  failures: ['BadCredentials'],
  handle: async ({ user, body, ip, correlationId }, { store, passwords, tokens }) => {
    if (!(await passwords.matches(body.currentPassword, user.passwordHash)))
      throw new Problem('BadCredentials');
    const changed = await store.users.update(user.userId, {
      passwordHash: await passwords.hash(body.newPassword),
    });
    await store.audit.append({
      tenantId: '_platform',
      actorUserId: user.userId,
      action: 'user.password.change',
      target: user.userId,
      detail: null,
      ip,
      correlationId,
    });
    return { status: 200, body: tokens.sign(changed) };
  },
});
