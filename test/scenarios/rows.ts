import { systemClock } from '../../platform/clock.js';
import { openDatabase } from '../../platform/database/open-database.js';
import type { Schema } from '../../platform/database/schema.js';
import { createStore, type Store } from '../../platform/store/store.js';
import type { Kysely, Selectable } from 'kysely';
import type { Stack } from '../kit/stack.js';

type IntentRow = Pick<
  Selectable<Schema['intents']>,
  'conversation_id' | 'kind' | 'status' | 'attempts' | 'result_json'
>;

/** What our own store says about some conversations. */
export interface OwnRows {
  readonly ledger: Awaited<ReturnType<Store['ledger']['list']>>;
  readonly findings: Awaited<ReturnType<Store['findings']['list']>>;
  readonly tasks: Awaited<ReturnType<Store['staffTasks']['list']>>['rows'];
  readonly intents: readonly IntentRow[];
  readonly holds: Awaited<ReturnType<Store['holds']['active']>>;
}

const tenant = 'bright-smiles';

async function withDatabase<Answer>(
  stack: Stack,
  use: (store: Store, kysely: Kysely<Schema>) => Promise<Answer>,
): Promise<Answer> {
  const database = await openDatabase(stack.config);
  try {
    return await use(createStore(database, systemClock), database.kysely);
  } finally {
    await database.close();
  }
}

/** Rows of these conversations, read past the product's API. */
export const ownRows = (stack: Stack, conversationIds: readonly string[]): Promise<OwnRows> =>
  withDatabase(stack, (store, kysely) => readRows(store, kysely, conversationIds));

/** The same for many readings. */
export interface RowReader {
  of(conversationIds: readonly string[]): Promise<OwnRows>;
  ledger(conversationId: string): Promise<OwnRows['ledger']>;
  close(): Promise<void>;
}

export async function openRows(stack: Stack): Promise<RowReader> {
  const database = await openDatabase(stack.config);
  const store = createStore(database, systemClock);
  return {
    of: (conversationIds) => readRows(store, database.kysely, conversationIds),
    ledger: (conversationId) => store.ledger.list(tenant, conversationId),
    close: () => database.close(),
  };
}

async function readRows(
  store: Store,
  kysely: Kysely<Schema>,
  conversationIds: readonly string[],
): Promise<OwnRows> {
  const each = async <Row>(read: (id: string) => Promise<readonly Row[]>): Promise<readonly Row[]> =>
    (await Promise.all(conversationIds.map(read))).flat();
  const { rows } = await store.staffTasks.list(tenant, 'sandbox', {}, { limit: 100_000 });
  return {
    ledger: await each((id) => store.ledger.list(tenant, id)),
    findings: await each((id) => store.findings.list(tenant, id)),
    tasks: rows.filter((task) => conversationIds.includes(task.conversationId ?? '')),
    intents: await each((id) =>
      kysely
        .selectFrom('intents')
        .select(['conversation_id', 'kind', 'status', 'attempts', 'result_json'])
        .where('tenant_id', '=', tenant)
        .where('conversation_id', '=', id)
        .execute(),
    ),
    holds: (await store.holds.active(tenant, 'sandbox')).filter((hold) =>
      conversationIds.includes(hold.conversationId),
    ),
  };
}

/** Lets ten minutes pass for the places that a conversation holds. */
export const expireHolds = (stack: Stack, conversationId: string): Promise<void> =>
  withDatabase(stack, async (_, kysely) => {
    await kysely
      .updateTable('holds')
      .set({ expires_at_ms: Date.now() - 1 })
      .where('tenant_id', '=', tenant)
      .where('conversation_id', '=', conversationId)
      .execute();
  });
