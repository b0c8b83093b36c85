import type { Selectable, Transaction } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';
import { platformTenant } from './platform-tenant.js';

/** What somebody may do: viewers read, operators act, admins also manage users, credentials and tenants. */
export type Role = 'admin' | 'operator' | 'viewer';

export interface User {
  readonly userId: string;
  readonly email: string;
  readonly passwordHash: string;
  /** `admin` holds for every tenant; other roles only within a membership. */
  readonly role: Role;
  readonly active: boolean;
  /** Tokens of an older version are void. */
  readonly tokenVersion: number;
  readonly createdAtMs: number;
}

export interface Membership {
  readonly tenantId: string;
  readonly role: Role;
}

export interface Users {
  /** Throws Conflict when the e-mail is taken. */
  create(user: Pick<User, 'userId' | 'email' | 'passwordHash' | 'role'>): Promise<User>;
  get(userId: string): Promise<User | undefined>;
  getByEmail(email: string): Promise<User | undefined>;
  list(): Promise<readonly User[]>;
  /**
   * Changes what a token stands for, so older tokens become void. Throws NotFound, or Conflict when no active administrator would be left:
   * nobody could make one again.
   */
  update(
    userId: string,
    change: {
      readonly role?: Role | undefined;
      readonly active?: boolean | undefined;
      readonly passwordHash?: string;
    },
  ): Promise<User>;
  /** Replaces all memberships of a user. */
  setMemberships(userId: string, memberships: readonly Membership[]): Promise<void>;
  memberships(userId: string): Promise<readonly Membership[]>;
}

export function createUsers(database: Database, clock: Clock): Users {
  const { kysely } = database;
  const own = kysely.selectFrom('users').selectAll().where('tenant_id', '=', platformTenant);
  return {
    create: async ({ userId, email, passwordHash, role }) => {
      const now = clock.nowMs();
      const row = await kysely
        .insertInto('users')
        .values({
          tenant_id: platformTenant,
          user_id: userId,
          email: email.toLowerCase(),
          password_hash: passwordHash,
          role,
          active: 1,
          token_version: 1,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!row) throw new Conflict('This e-mail belongs to another user.');
      return fromRow(row);
    },
    get: async (userId) => {
      const row = await own.where('user_id', '=', userId).executeTakeFirst();
      return row && fromRow(row);
    },
    getByEmail: async (email) => {
      const row = await own.where('email', '=', email.toLowerCase()).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async () => (await own.orderBy('email').execute()).map(fromRow),
    update: (userId, { role, active, passwordHash }) =>
      database.transaction(async (trx) => {
        const before = await trx
          .selectFrom('users')
          .select(['role', 'active'])
          .where('tenant_id', '=', platformTenant)
          .where('user_id', '=', userId)
          .executeTakeFirst();
        if (!before) throw new NotFound('There is no such user.');
        const row = await trx
          .updateTable('users')
          .set((where) => ({
            ...(role !== undefined && { role }),
            ...(active !== undefined && { active: active ? 1 : 0 }),
            ...(passwordHash !== undefined && { password_hash: passwordHash }),
            token_version: where('token_version', '+', 1),
            updated_at_ms: clock.nowMs(),
          }))
          .where('tenant_id', '=', platformTenant)
          .where('user_id', '=', userId)
          .returningAll()
          .executeTakeFirstOrThrow();
        const wasAdministrator = before.role === 'admin' && before.active === 1;
        if (wasAdministrator && !(await anAdministrator(trx))) {
          throw new Conflict('This is the last active administrator.');
        }
        return fromRow(row);
      }),
    setMemberships: (userId, memberships) =>
      database.transaction(async (trx) => {
        await trx.deleteFrom('memberships').where('user_id', '=', userId).execute();
        for (const { tenantId, role } of memberships) {
          await trx
            .insertInto('memberships')
            .values({ tenant_id: tenantId, user_id: userId, role })
            .execute();
        }
      }),
    memberships: async (userId) => {
      const rows = await kysely
        .selectFrom('memberships')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('tenant_id')
        .execute();
      return rows.map((row) => ({ tenantId: row.tenant_id, role: row.role as Role }));
    },
  };
}

const anAdministrator = (trx: Transaction<Schema>): Promise<unknown> =>
  trx
    .selectFrom('users')
    .select('user_id')
    .where('tenant_id', '=', platformTenant)
    .where('role', '=', 'admin')
    .where('active', '=', 1)
    .limit(1)
    .executeTakeFirst();

const fromRow = (row: Selectable<Schema['users']>): User => ({
  userId: row.user_id,
  email: row.email,
  passwordHash: row.password_hash,
  role: row.role as Role,
  active: row.active === 1,
  tokenVersion: row.token_version,
  createdAtMs: row.created_at_ms,
});
