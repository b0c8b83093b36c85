import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { ReferenceChange, ReferenceItem, ReferenceKind } from '../../domain/reference/reference-data.js';
import { referenceChanges, suspicionOf } from '../../domain/reference/reference-data.js';
import type { Environment } from '../../domain/tenant.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';

interface Owner {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly kind: ReferenceKind;
}

/** How the last try ended: `synced`, or why what we know was kept. */
export type SyncResult = 'synced' | 'suspicious' | 'throttled' | 'unavailable' | 'notConfigured';

export interface ReferenceSet {
  /** When the practice system gave what we know; null before the first good answer. */
  readonly readAtMs: number | null;
  readonly lastTry: { readonly atMs: number; readonly result: SyncResult } | null;
  readonly items: readonly (ReferenceItem & { readonly changedAtMs: number })[];
}

/** What an answer did to what we know. */
export type Replaced =
  | { readonly kind: 'replaced'; readonly added: number; readonly changed: number; readonly removed: number }
  | { readonly kind: 'kept'; readonly why: 'empty' | 'mostlyGone' | 'older' };

/** Reference data per tenant and environment: the last good answer, when it came, and what changed over time. */
export interface ReferenceData {
  /**
   * Replaces a kind by what was read at `readAtMs` and logs each change, in one transaction. Keeps what is known when the answer is
   * suspicious (unless `acceptLoss`) or older than what is there: two syncs may overlap.
   */
  replace(
    answer: Owner & {
      readonly items: readonly ReferenceItem[];
      readonly readAtMs: number;
      readonly acceptLoss: boolean;
    },
  ): Promise<Replaced>;
  /** Notes a try that gave nothing. What is known stays. */
  noteFailure(try_: Owner & { readonly atMs: number; readonly result: SyncResult }): Promise<void>;
  get(owner: Owner): Promise<ReferenceSet>;
  /** Latest changes first. */
  changes(
    owner: Owner,
    limit: number,
  ): Promise<readonly (ReferenceChange & { readonly changeId: string; readonly atMs: number })[]>;
}

export function createReferenceData(database: Database): ReferenceData {
  const { kysely } = database;
  return {
    replace: ({ tenantId, environment, kind, items, readAtMs, acceptLoss }) =>
      database.transaction(async (trx) => {
        const owner = { tenant_id: tenantId, environment, kind };
        const sync = await trx
          .selectFrom('reference_syncs')
          .select('read_at_ms')
          .where((where) => where.and(owner))
          .executeTakeFirst();
        if ((sync?.read_at_ms ?? 0) > readAtMs) return { kind: 'kept', why: 'older' };
        const rows = await trx
          .selectFrom('reference_items')
          .select(['item_key', 'value_json'])
          .where((where) => where.and(owner))
          .execute();
        const known = rows.map((row) => ({ key: row.item_key, value: valueOf(row.value_json) }));
        const suspicion = acceptLoss && items.length > 0 ? null : suspicionOf(known, items);
        if (suspicion !== null) {
          await noteTry(trx, owner, { tried_at_ms: readAtMs, result: 'suspicious' });
          return { kind: 'kept', why: suspicion };
        }
        const changes = referenceChanges(known, items);
        for (const change of changes) await apply(trx, owner, change, readAtMs);
        await noteTry(trx, owner, { tried_at_ms: readAtMs, result: 'synced', read_at_ms: readAtMs });
        const count = (kindOf: ReferenceChange['change']): number =>
          changes.filter(({ change }) => change === kindOf).length;
        return {
          kind: 'replaced',
          added: count('added'),
          changed: count('changed'),
          removed: count('removed'),
        };
      }),

    noteFailure: ({ tenantId, environment, kind, atMs, result }) =>
      database.transaction((trx) =>
        noteTry(trx, { tenant_id: tenantId, environment, kind }, { tried_at_ms: atMs, result }),
      ),

    get: async ({ tenantId, environment, kind }) => {
      const owner = { tenant_id: tenantId, environment, kind };
      const sync = await kysely
        .selectFrom('reference_syncs')
        .selectAll()
        .where((where) => where.and(owner))
        .executeTakeFirst();
      const rows = await kysely
        .selectFrom('reference_items')
        .selectAll()
        .where((where) => where.and(owner))
        .orderBy('item_key')
        .execute();
      return {
        readAtMs: sync?.read_at_ms ?? null,
        lastTry: sync ? { atMs: sync.tried_at_ms, result: sync.result as SyncResult } : null,
        items: rows.map((row) => ({
          key: row.item_key,
          value: valueOf(row.value_json),
          changedAtMs: row.changed_at_ms,
        })),
      };
    },

    changes: async ({ tenantId, environment, kind }, limit) => {
      const rows = await kysely
        .selectFrom('reference_changes')
        .selectAll()
        .where((where) => where.and({ tenant_id: tenantId, environment, kind }))
        .orderBy('at_ms', 'desc')
        .orderBy('change_id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        changeId: row.change_id,
        key: row.item_key,
        change: row.change as ReferenceChange['change'],
        before: row.before_json === null ? null : valueOf(row.before_json),
        after: row.after_json === null ? null : valueOf(row.after_json),
        atMs: row.at_ms,
      }));
    },
  };
}

type OwnerColumns = Pick<Schema['reference_items'], 'tenant_id' | 'environment' | 'kind'>;

const valueOf = (text: string): ReferenceItem['value'] => JSON.parse(text) as ReferenceItem['value'];

async function noteTry(
  trx: Transaction<Schema>,
  owner: OwnerColumns,
  try_: { readonly tried_at_ms: number; readonly result: SyncResult; readonly read_at_ms?: number },
): Promise<void> {
  await trx
    .insertInto('reference_syncs')
    .values({ ...owner, read_at_ms: null, ...try_ })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'environment', 'kind']).doUpdateSet(try_))
    .execute();
}

async function apply(
  trx: Transaction<Schema>,
  owner: OwnerColumns,
  { key, change, before, after }: ReferenceChange,
  atMs: number,
): Promise<void> {
  if (after === null) {
    await trx
      .deleteFrom('reference_items')
      .where((where) => where.and({ ...owner, item_key: key }))
      .execute();
  } else {
    const content = { value_json: JSON.stringify(after), changed_at_ms: atMs };
    await trx
      .insertInto('reference_items')
      .values({ ...owner, item_key: key, ...content })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'environment', 'kind', 'item_key']).doUpdateSet(content),
      )
      .execute();
  }
  await trx
    .insertInto('reference_changes')
    .values({
      ...owner,
      change_id: randomUUID(),
      item_key: key,
      change,
      before_json: before && JSON.stringify(before),
      after_json: after && JSON.stringify(after),
      at_ms: atMs,
    })
    .execute();
}
