import type { User } from '../../platform/store/users.js';
import { Problem } from '../problems.js';
import type { ApiServices } from '../services.js';

/**
 * Checks a password and counts what fails: after five wrong ones in a row the account waits (platform/store/login-attempts.ts). The same
 * answer, after the same time, for an unknown account. Throws LockedOut or BadCredentials.
 */
export async function provePassword(
  email: string,
  password: string,
  { store, passwords, clock }: Pick<ApiServices, 'store' | 'passwords' | 'clock'>,
): Promise<User> {
  const key = email.toLowerCase();
  const lockedUntilMs = await store.loginAttempts.lockedUntilMs(key, clock.nowMs());
  if (lockedUntilMs !== null) {
    throw new Problem('LockedOut', { retryAfterSeconds: (lockedUntilMs - clock.nowMs()) / 1_000 });
  }
  const user = await store.users.getByEmail(key);
  const matches = await passwords.matches(password, user?.passwordHash ?? null);
  if (!user?.active || !matches) {
    await store.loginAttempts.recordFailure(key, clock.nowMs());
    throw new Problem('BadCredentials');
  }
  await store.loginAttempts.clear(key);
  return user;
}
