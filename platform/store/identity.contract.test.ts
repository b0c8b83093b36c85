import { describe, expect, it } from 'vitest';
import { storeContract } from '../../test/kit/store-contract.js';
import { Conflict, NotFound } from './errors.js';
import type { User } from './users.js';

storeContract('identity', (scene) => {
  const create = (userId: string): Promise<User> =>
    scene().store.users.create({
      userId,
      email: `${userId}@Example.invalid`,
      passwordHash: 'hash',
      role: 'operator',
    });

  describe('a user', () => {
    it('is found by e-mail in any case, and an e-mail belongs to one user', async () => {
      const userId = scene().tenant();
      const user = await create(userId);
      expect(user).toMatchObject({ role: 'operator', active: true, tokenVersion: 1 });
      expect(await scene().store.users.getByEmail(`${userId.toUpperCase()}@EXAMPLE.invalid`)).toEqual(user);
      await expect(
        scene().store.users.create({ ...user, userId: scene().tenant(), email: user.email.toUpperCase() }),
      ).rejects.toThrow(Conflict);
      expect(await scene().store.users.list()).toContainEqual(user);
    });

    it('loses its older tokens with every change', async () => {
      const userId = scene().tenant();
      await create(userId);
      expect(await scene().store.users.update(userId, { passwordHash: 'new' })).toMatchObject({
        passwordHash: 'new',
        tokenVersion: 2,
        active: true,
      });
      expect(await scene().store.users.update(userId, { active: false, role: 'viewer' })).toMatchObject({
        passwordHash: 'new',
        tokenVersion: 3,
        active: false,
        role: 'viewer',
      });
      await expect(scene().store.users.update('nobody', { active: true })).rejects.toThrow(NotFound);
    });

    it('stays an administrator while it is the last one, even when two give each other up at once', async () => {
      const { users } = scene().store;
      const admins = await Promise.all(
        [scene().tenant(), scene().tenant()].map((userId) =>
          users.create({ userId, email: `${userId}@example.invalid`, passwordHash: 'hash', role: 'admin' }),
        ),
      );
      const changes = await Promise.allSettled([
        users.update(admins[0]!.userId, { role: 'operator' }),
        users.update(admins[1]!.userId, { active: false }),
      ]);
      expect(changes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(changes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: expect.any(Conflict) as unknown,
      });
      const left = (await users.list()).filter(({ role, active }) => role === 'admin' && active);
      expect(left).toHaveLength(1);
    });

    it('has the memberships that were set last, all or none', async () => {
      const { users } = scene().store;
      const userId = scene().tenant();
      const [first, second] = ['a', 'b'].map((letter) => `${letter}-${scene().tenant()}`) as [string, string];
      await users.setMemberships(userId, [{ tenantId: first, role: 'viewer' }]);
      await users.setMemberships(userId, [
        { tenantId: second, role: 'viewer' },
        { tenantId: first, role: 'operator' },
      ]);
      const set = [
        { tenantId: first, role: 'operator' },
        { tenantId: second, role: 'viewer' },
      ];
      expect(await users.memberships(userId)).toEqual(set);
      const twice = { tenantId: first, role: 'admin' } as const;
      await expect(users.setMemberships(userId, [twice, twice])).rejects.toThrow();
      expect(await users.memberships(userId)).toEqual(set);
    });
  });

  describe('failed logins', () => {
    it('lock an account after five in a row, for a quarter of an hour', async () => {
      const { loginAttempts } = scene().store;
      const key = scene().tenant();
      for (let failures = 1; failures <= 4; failures += 1) await loginAttempts.recordFailure(key, 1_000);
      expect(await loginAttempts.lockedUntilMs(key, 1_000)).toBeNull();
      await loginAttempts.recordFailure(key, 1_000);
      expect(await loginAttempts.lockedUntilMs(key, 1_000)).toBe(901_000);
      expect(await loginAttempts.lockedUntilMs(key, 901_000)).toBeNull();
      // The lock was served: one more mistake does not lock again.
      await loginAttempts.recordFailure(key, 902_000);
      expect(await loginAttempts.lockedUntilMs(key, 902_000)).toBeNull();
    });

    it('are forgotten when cleared', async () => {
      const { loginAttempts } = scene().store;
      const key = scene().tenant();
      for (let failures = 1; failures <= 5; failures += 1) await loginAttempts.recordFailure(key, 1_000);
      await loginAttempts.clear(key);
      expect(await loginAttempts.lockedUntilMs(key, 1_000)).toBeNull();
    });
  });

  it('the audit log lists newest first and per tenant', async () => {
    const { audit } = scene().store;
    const tenantId = scene().tenant();
    const entry = {
      tenantId,
      actorUserId: 'u1',
      action: 'credentials.set',
      target: 'sandbox/cloud9',
      detail: { version: 1 },
      ip: '192.0.2.1',
      correlationId: 'x1',
    };
    for (const action of ['first', 'second', 'third']) {
      scene().clock.now += 1;
      await audit.append({ ...entry, action });
    }
    const page = await audit.list(tenantId, { limit: 2 });
    expect(page.rows).toMatchObject([{ ...entry, action: 'third' }, { action: 'second' }]);
    const rest = await audit.list(tenantId, { limit: 2, cursor: page.nextCursor ?? '' });
    expect(rest).toMatchObject({ rows: [{ action: 'first' }], nextCursor: null });
    expect(await audit.list(scene().tenant(), { limit: 2 })).toEqual({ rows: [], nextCursor: null });
  });

  it('credentials count versions; the environment never replaces an administrator', async () => {
    const { credentials } = scene().store;
    const tenantId = scene().tenant();
    const row = { tenantId, environment: 'sandbox', integration: 'cloud9', keyId: 'k1' } as const;
    await credentials.seed({ ...row, sealed: 'seeded' });
    await credentials.seed({ ...row, sealed: 'seeded again' });
    expect(await credentials.get(tenantId, 'sandbox', 'cloud9')).toEqual({
      ...row,
      sealed: 'seeded again',
      version: 2,
      source: 'environment',
      updatedAtMs: scene().clock.now,
    });
    expect(await credentials.put({ ...row, sealed: 'set' })).toBe(3);
    await credentials.seed({ ...row, sealed: 'seeded later' });
    expect(await credentials.get(tenantId, 'sandbox', 'cloud9')).toMatchObject({
      sealed: 'set',
      version: 3,
      source: 'administrator',
    });
    expect(await credentials.get(tenantId, 'production', 'cloud9')).toBeUndefined();
    expect(await credentials.get(tenantId, 'sandbox', 'anthropic')).toBeUndefined();
    expect(await credentials.get(scene().tenant(), 'sandbox', 'cloud9')).toBeUndefined();
  });
});
