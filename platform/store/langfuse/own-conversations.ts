import type { Environment } from '../../../domain/tenant.js';
import type { Database } from '../../database/database.js';

/** Whose conversations, for which project. */
interface Collector {
  readonly tenantId: string;
  readonly configId: string;
  readonly environment: Environment;
}

/** Which conversations have something new to be submitted. */
export interface OwnConversations {
  /** Those that were closed since `sinceMs`, by the time of that write, and are not collected to their end. */
  closed(collector: Collector, sinceMs: number, limit: number): Promise<readonly string[]>;
  /** Open ones in which something was said since they were collected. */
  open(collector: Collector): Promise<readonly string[]>;
}

export function createOwnConversations({ kysely }: Database): OwnConversations {
  /** Conversations of the environment beside what a collector has done with each. */
  const withProgress = ({ tenantId, configId, environment }: Collector) =>
    kysely
      .selectFrom('conversations')
      .leftJoin('own_trace_conversations', (join) =>
        join
          .onRef('own_trace_conversations.tenant_id', '=', 'conversations.tenant_id')
          .onRef('own_trace_conversations.conversation_id', '=', 'conversations.conversation_id')
          .on('own_trace_conversations.config_id', '=', configId),
      )
      .where('conversations.tenant_id', '=', tenantId)
      .where('conversations.environment', '=', environment);

  return {
    closed: async (collector, sinceMs, limit) => {
      const rows = await withProgress(collector)
        .select('conversations.conversation_id')
        .where('conversations.updated_at_ms', '>=', sinceMs)
        .where('conversations.status', '=', 'closed')
        .where((where) =>
          where.or([
            where('own_trace_conversations.done', 'is', null),
            where('own_trace_conversations.done', '=', 0),
          ]),
        )
        .orderBy('conversations.updated_at_ms')
        .limit(limit)
        .execute();
      return rows.map((row) => row.conversation_id);
    },

    open: async (collector) => {
      const rows = await withProgress(collector)
        .select(['conversations.conversation_id', 'own_trace_conversations.seq as collected'])
        .select((columns) =>
          columns
            .selectFrom('transcript_entries')
            .select((entries) => entries.fn.max('seq').as('last'))
            .whereRef('transcript_entries.tenant_id', '=', 'conversations.tenant_id')
            .whereRef('transcript_entries.conversation_id', '=', 'conversations.conversation_id')
            .as('last'),
        )
        .where('conversations.status', 'in', ['open', 'handoff'])
        .execute();
      return rows
        .filter(({ last, collected }) => (last ?? 0) > (collected ?? 0))
        .map((row) => row.conversation_id);
    },
  };
}
