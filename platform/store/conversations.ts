import type { Selectable } from 'kysely';
import type { Outcome } from '../../domain/outcome.js';
import type { Channel, Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict } from './errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export interface ConversationRow {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly conversationId: string;
  readonly channel: Channel;
  readonly language: 'en' | 'es';
  readonly status: 'open' | 'handoff' | 'closed';
  readonly outcome: Outcome;
  readonly promptBundle: string | null;
  readonly turns: number;
  readonly isTest: boolean;
  readonly callerNumberHash: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly closedAtMs: number | null;
  readonly closeReason: string | null;
}

type NewConversation = Pick<
  ConversationRow,
  'tenantId' | 'environment' | 'conversationId' | 'channel' | 'language' | 'isTest' | 'callerNumberHash'
>;

type ConversationPatch = {
  readonly [K in 'status' | 'outcome' | 'promptBundle' | 'turns' | 'closedAtMs' | 'closeReason']?:
    ConversationRow[K] | undefined;
};

export interface ConversationFilter {
  readonly status?: ConversationRow['status'] | undefined;
  readonly outcome?: Outcome | undefined;
  readonly channel?: Channel | undefined;
}

/** One row a conversation: what operators list. The truth of a running one is its workflow. */
export interface Conversations {
  /** Throws Conflict when the id exists. */
  create(row: NewConversation): Promise<ConversationRow>;
  get(
    tenantId: string,
    environment: Environment,
    conversationId: string,
  ): Promise<ConversationRow | undefined>;
  list(
    tenantId: string,
    environment: Environment,
    filter: ConversationFilter,
    page: PageRequest,
  ): Promise<Page<ConversationRow>>;
  update(tenantId: string, conversationId: string, patch: ConversationPatch): Promise<void>;
}

export function createConversations({ kysely }: Database, clock: Clock): Conversations {
  return {
    create: async (row) => {
      const now = clock.nowMs();
      const inserted = await kysely
        .insertInto('conversations')
        .values({
          tenant_id: row.tenantId,
          conversation_id: row.conversationId,
          environment: row.environment,
          channel: row.channel,
          language: row.language,
          status: 'open',
          outcome: 'unknown',
          prompt_bundle: null,
          turns: 0,
          is_test: row.isTest ? 1 : 0,
          caller_number_hash: row.callerNumberHash,
          created_at_ms: now,
          updated_at_ms: now,
          closed_at_ms: null,
          close_reason: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .executeTakeFirst();
      if (!inserted) throw new Conflict('This conversation exists.');
      return fromRow(inserted);
    },
    get: async (tenantId, environment, conversationId) => {
      const row = await kysely
        .selectFrom('conversations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (tenantId, environment, filter, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('conversations')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment);
      if (filter.status) query = query.where('status', '=', filter.status);
      if (filter.outcome) query = query.where('outcome', '=', filter.outcome);
      if (filter.channel) query = query.where('channel', '=', filter.channel);
      if (after) query = query.where(behind(after, 'created_at_ms', 'conversation_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('conversation_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, (row) => ({
        atMs: row.createdAtMs,
        id: row.conversationId,
      }));
    },
    update: async (tenantId, conversationId, patch) => {
      await kysely
        .updateTable('conversations')
        .set({
          ...(patch.status !== undefined && { status: patch.status }),
          ...(patch.outcome !== undefined && { outcome: patch.outcome }),
          ...(patch.promptBundle !== undefined && { prompt_bundle: patch.promptBundle }),
          ...(patch.turns !== undefined && { turns: patch.turns }),
          ...(patch.closedAtMs !== undefined && { closed_at_ms: patch.closedAtMs }),
          ...(patch.closeReason !== undefined && { close_reason: patch.closeReason }),
          updated_at_ms: clock.nowMs(),
        })
        .where('tenant_id', '=', tenantId)
        .where('conversation_id', '=', conversationId)
        .execute();
    },
  };
}

const fromRow = (row: Selectable<Schema['conversations']>): ConversationRow => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  conversationId: row.conversation_id,
  channel: row.channel as Channel,
  language: row.language as ConversationRow['language'],
  status: row.status as ConversationRow['status'],
  outcome: row.outcome as Outcome,
  promptBundle: row.prompt_bundle,
  turns: row.turns,
  isTest: row.is_test === 1,
  callerNumberHash: row.caller_number_hash,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
  closedAtMs: row.closed_at_ms,
  closeReason: row.close_reason,
});
