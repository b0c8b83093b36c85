import { randomBytes, randomUUID } from 'node:crypto';
import type { Config } from '../../platform/config/config.js';
import { Conflict } from '../../platform/store/errors.js';
import type { Store } from '../../platform/store/store.js';
import type { Passwords } from './passwords.js';

/**
 * Creates the first administrator when there is no user at all, from MASTER_ADMIN_EMAIL and MASTER_ADMIN_PASSWORD or with a generated
 * password. Returns the generated one, which nobody can read again; null when none was generated.
 */
export async function ensureFirstAdministrator(
  config: Pick<Config, 'masterAdminEmail' | 'masterAdminPassword'>,
  store: Store,
  passwords: Passwords,
): Promise<string | null> {
  if ((await store.users.list()).length > 0) return null;
  const generated = config.masterAdminPassword ? null : randomBytes(15).toString('base64url');
  const password = config.masterAdminPassword?.reveal() ?? generated ?? '';
  try {
    await store.users.create({
      userId: randomUUID(),
      email: config.masterAdminEmail,
      passwordHash: await passwords.hash(password),
      role: 'admin',
    });
    return generated;
  } catch (error) {
    // Another API process was first.
    if (error instanceof Conflict) return null;
    throw error;
  }
}
