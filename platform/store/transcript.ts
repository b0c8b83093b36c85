import type { Selectable, Transaction } from 'kysely';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { insertModelStep, type ModelStep } from './model-steps.js';

/** Messages of one caller turn, by the client's ids. */
interface TranscriptMessage {
  readonly messageId: string;
  readonly text: string;
}

export interface TranscriptEntry {
  readonly entryId: string;
  readonly seq: number;
  /**
   * `caller` and `model` entries are what the model is sent, verbatim; `spoken` are words that code said, `staff` words of a colleague,
   * and `aside` are words of the caller that somebody else than the model answered.
   */
  readonly role: 'caller' | 'model' | 'spoken' | 'aside' | 'staff';
  readonly content: readonly unknown[];
  readonly messages: readonly TranscriptMessage[];
  readonly say: string | null;
  readonly stopReason: string | null;
  readonly delivered: boolean;
  readonly undeliveredReason: string | null;
  readonly promptBundle: string;
  /** The model that was asked for a `model` entry; null for others and in rows older than this column. */
  readonly model: string | null;
  readonly createdAtMs: number;
}

interface Place {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly entryId: string;
  readonly promptBundle: string;
}

/** The append-only transcript of a conversation. Entries are never edited, only flagged as not delivered (claude.md, rule 3). */
export interface Transcript {
  appendCaller(
    entry: Place & { readonly content: readonly unknown[]; readonly messages: readonly TranscriptMessage[] },
  ): Promise<'appended' | 'existing'>;
  /**
   * Appends only while `afterEntryId` is the last entry, so that the answer of an overtaken step never enters: `superseded`. The call that
   * it came from is recorded in the same commit, whether the answer enters or not: it is paid.
   */
  appendModel(
    entry: Place & {
      readonly afterEntryId: string;
      readonly model: string;
      readonly content: readonly unknown[];
      readonly say: string | null;
      readonly stopReason: string | null;
      readonly modelStep: ModelStep;
    },
  ): Promise<'appended' | 'existing' | 'superseded'>;
  /** Words that code, not the model, said. Idempotent. */
  appendSpoken(entry: Place & { readonly text: string }): Promise<void>;
  /** Words of the caller that the model is not asked about. Idempotent; messages that the transcript has already are left out. */
  appendAside(entry: Place & { readonly messages: readonly TranscriptMessage[] }): Promise<void>;
  /** Words of a colleague to the caller. Idempotent. */
  appendStaff(
    entry: Place & { readonly userId: string; readonly messageId: string; readonly text: string },
  ): Promise<void>;
  /** Flags an entry that the caller never got; nothing happens when it does not exist. The first reason stays. */
  markUndelivered(tenantId: string, conversationId: string, entryId: string, reason: string): Promise<void>;
  get(tenantId: string, conversationId: string, entryId: string): Promise<TranscriptEntry | undefined>;
  /** Whether a message with this id, a UUID, was written down. Cheap enough for every message of a long conversation. */
  holdsMessage(tenantId: string, conversationId: string, messageId: string): Promise<boolean>;
  /** All entries behind a position, or at most `limit` of them, oldest first; a position has one entry for good. */
  load(
    tenantId: string,
    conversationId: string,
    afterSeq?: number,
    limit?: number,
  ): Promise<TranscriptEntry[]>;
}

export function createTranscript(database: Database, clock: Clock): Transcript {
  const { kysely } = database;

  const append = (
    place: Place,
    body: Pick<TranscriptEntry, 'role' | 'content' | 'messages' | 'say' | 'stopReason' | 'model'>,
    answering: { readonly afterEntryId: string; readonly modelStep: ModelStep } | null = null,
  ): Promise<'appended' | 'existing' | 'superseded'> =>
    database.transaction(async (trx) => {
      if (answering) await insertModelStep(trx, answering.modelStep, clock.nowMs());
      if (await exists(trx, place)) return 'existing';
      const last = await lastEntry(trx, place);
      if (answering && last?.entry_id !== answering.afterEntryId) return 'superseded';
      await trx
        .insertInto('transcript_entries')
        .values({
          tenant_id: place.tenantId,
          conversation_id: place.conversationId,
          entry_id: place.entryId,
          seq: (last?.seq ?? 0) + 1,
          role: body.role,
          content_json: JSON.stringify(body.content),
          messages_json: JSON.stringify(body.messages),
          say: body.say,
          stop_reason: body.stopReason,
          undelivered_reason: null,
          prompt_bundle: place.promptBundle,
          model: body.model,
          created_at_ms: clock.nowMs(),
        })
        .execute();
      return 'appended';
    });

  const load: Transcript['load'] = async (tenantId, conversationId, afterSeq = 0, limit) => {
    const entries = kysely
      .selectFrom('transcript_entries')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('conversation_id', '=', conversationId)
      .where('seq', '>', afterSeq)
      .orderBy('seq');
    return (await (limit === undefined ? entries : entries.limit(limit)).execute()).map(fromRow);
  };

  return {
    appendCaller: async ({ content, messages, ...place }) => {
      const result = await append(place, {
        role: 'caller',
        content,
        messages,
        say: null,
        stopReason: null,
        model: null,
      });
      return result === 'existing' ? 'existing' : 'appended';
    },
    appendModel: ({ afterEntryId, modelStep, model, content, say, stopReason, ...place }) =>
      append(
        place,
        { role: 'model', content, messages: [], say, stopReason, model },
        { afterEntryId, modelStep },
      ),
    appendSpoken: async ({ text, ...place }) => {
      await append(place, {
        role: 'spoken',
        content: [],
        messages: [],
        say: text,
        stopReason: null,
        model: null,
      });
    },
    appendAside: async ({ messages, ...place }) => {
      const entries = await load(place.tenantId, place.conversationId);
      const written = new Set(entries.flatMap((entry) => entry.messages.map(({ messageId }) => messageId)));
      const fresh = messages.filter(({ messageId }) => !written.has(messageId));
      if (fresh.length === 0) return;
      await append(place, {
        role: 'aside',
        content: [],
        messages: fresh,
        say: null,
        model: null,
        stopReason: null,
      });
    },
    appendStaff: async ({ userId, messageId, text, ...place }) => {
      await append(place, {
        role: 'staff',
        content: [{ type: 'author', userId }],
        messages: [{ messageId, text }],
        say: text,
        model: null,
        stopReason: null,
      });
    },
    markUndelivered: async (tenantId, conversationId, entryId, reason) => {
      await kysely
        .updateTable('transcript_entries')
        .set({ undelivered_reason: reason })
        .where('tenant_id', '=', tenantId)
        .where('conversation_id', '=', conversationId)
        .where('entry_id', '=', entryId)
        .where('undelivered_reason', 'is', null)
        .execute();
    },
    get: async (tenantId, conversationId, entryId) => {
      const row = await kysely
        .selectFrom('transcript_entries')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('conversation_id', '=', conversationId)
        .where('entry_id', '=', entryId)
        .executeTakeFirst();
      return row && fromRow(row);
    },
    holdsMessage: async (tenantId, conversationId, messageId) => {
      const row = await kysely
        .selectFrom('transcript_entries')
        .select('seq')
        .where('tenant_id', '=', tenantId)
        .where('conversation_id', '=', conversationId)
        .where('messages_json', 'like', `%"${messageId}"%`)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    load,
  };
}

async function exists(trx: Transaction<Schema>, place: Place): Promise<boolean> {
  const row = await trx
    .selectFrom('transcript_entries')
    .select('seq')
    .where('tenant_id', '=', place.tenantId)
    .where('conversation_id', '=', place.conversationId)
    .where('entry_id', '=', place.entryId)
    .executeTakeFirst();
  return row !== undefined;
}

const lastEntry = (
  trx: Transaction<Schema>,
  place: Place,
): Promise<{ entry_id: string; seq: number } | undefined> =>
  trx
    .selectFrom('transcript_entries')
    .select(['entry_id', 'seq'])
    .where('tenant_id', '=', place.tenantId)
    .where('conversation_id', '=', place.conversationId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();

const fromRow = (row: Selectable<Schema['transcript_entries']>): TranscriptEntry => ({
  entryId: row.entry_id,
  seq: row.seq,
  role: row.role as TranscriptEntry['role'],
  content: JSON.parse(row.content_json) as unknown[],
  messages: JSON.parse(row.messages_json) as TranscriptMessage[],
  say: row.say,
  stopReason: row.stop_reason,
  delivered: row.undelivered_reason === null,
  undeliveredReason: row.undelivered_reason,
  promptBundle: row.prompt_bundle,
  model: row.model,
  createdAtMs: row.created_at_ms,
});
