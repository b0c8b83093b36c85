import type { Transaction } from 'kysely';
import type { Clock } from '../../clock.js';
import type { Database } from '../../database/database.js';
import type { Schema } from '../../database/schema.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from '../page.js';
import { chunks } from './upsert.js';

export type OwnEventKind = 'turn' | 'generation' | 'tool' | 'score';
export type SubmitWay = 'ingestion' | 'otlp';

export const ownEventStates = ['pending', 'submitted', 'refused', 'withdrawn'] as const;
export type OwnEventState = (typeof ownEventStates)[number];

interface Owner {
  readonly tenantId: string;
  readonly configId: string;
}

/** An event as it was built: ids, times and texts are never built a second time. */
export interface BuiltEvent {
  readonly eventId: string;
  readonly turn: number;
  readonly kind: OwnEventKind;
  readonly traceId: string;
  /** '' for a score. */
  readonly observationId: string;
  /** JSON of it, in the terms of neither way. */
  readonly json: string;
}

/** One that the server has not acknowledged. */
export interface PendingEvent extends BuiltEvent {
  /**
   * What was sent, and when: set while the server may have it, so that a retry sends the same bytes over the same way. Null = the server
   * certainly has nothing of it.
   */
  readonly sent: { readonly way: SubmitWay; readonly body: string; readonly atMs: number } | null;
}

/** An event as operators see it: without what it says. */
export interface SubmittedEvent {
  readonly eventId: string;
  readonly conversationId: string;
  readonly turn: number;
  readonly kind: OwnEventKind;
  readonly traceId: string;
  readonly state: OwnEventState;
  readonly way: SubmitWay | null;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly settledAtMs: number | null;
}

/** What became of an event: taken, or refused for good. */
export type Settlement =
  { readonly eventId: string } | { readonly eventId: string; readonly refusedBecause: string };

/** The outbox of our own traces. Acknowledged events keep their row, which says that they were sent, and lose their texts. */
export interface OwnTraceEvents {
  /**
   * Adds what a conversation came to, and notes how far it is, in one transaction. Events that are known stay as they are. `done` = closed,
   * nothing will follow. Returns how many are new; none, and no note, when the settings that they were built under hold no more (`fromMs`).
   */
  add(
    owner: Owner,
    conversationId: string,
    events: readonly BuiltEvent[],
    progress: { readonly seq: number; readonly done: boolean; readonly fromMs: number },
  ): Promise<number>;
  /**
   * The oldest pending events, at most `limit` of them and about `mostBytes` of texts, but at least one. Left out are those that went over
   * OTLP after `unclearSinceMs`: their outcome cannot be known yet.
   */
  next(
    owner: Owner,
    most: { readonly limit: number; readonly mostBytes: number; readonly unclearSinceMs: number },
  ): Promise<readonly PendingEvent[]>;
  /**
   * Written before anything is sent, so that a process that dies in between is noticed. Returns the ids of those that may be sent: others
   * were withdrawn meanwhile.
   */
  markSent(
    owner: Owner,
    events: readonly { readonly eventId: string; readonly way: SubmitWay; readonly body: string }[],
  ): Promise<ReadonlySet<string>>;
  /** The server said that it took nothing of these: they may go another way next time. */
  release(owner: Owner, eventIds: readonly string[]): Promise<void>;
  settle(owner: Owner, settlements: readonly Settlement[]): Promise<void>;
  counts(owner: Owner): Promise<Readonly<Record<OwnEventState, number>>>;
  list(owner: Owner, state: OwnEventState, page: PageRequest): Promise<Page<SubmittedEvent>>;
}

export function createOwnTraceEvents(database: Database, clock: Clock): OwnTraceEvents {
  const { kysely } = database;
  const update = async (
    trx: Transaction<Schema>,
    { tenantId, configId }: Owner,
    eventId: string,
    change: Partial<Schema['own_trace_events']>,
  ): Promise<boolean> => {
    const { numUpdatedRows } = await trx
      .updateTable('own_trace_events')
      .set(change)
      .where('tenant_id', '=', tenantId)
      .where('config_id', '=', configId)
      .where('event_id', '=', eventId)
      // What was withdrawn or settled meanwhile stays so.
      .where('state', '=', 'pending')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };

  return {
    add: ({ tenantId, configId }, conversationId, events, { seq, done, fromMs }) =>
      database.transaction(async (trx) => {
        const settings = await trx
          .selectFrom('langfuse_configs')
          .select(['submit_enabled', 'submit_from_at_ms'])
          .where('tenant_id', '=', tenantId)
          .where('config_id', '=', configId)
          .executeTakeFirst();
        if (settings?.submit_enabled !== 1 || settings.submit_from_at_ms !== fromMs) return 0;
        const nowMs = clock.nowMs();
        let added = 0;
        for (const some of chunks(events.map((event, position) => ({ ...event, position })))) {
          const inserted = await trx
            .insertInto('own_trace_events')
            .values(
              some.map(({ eventId, turn, kind, traceId, observationId, position, json }) => ({
                tenant_id: tenantId,
                config_id: configId,
                event_id: eventId,
                conversation_id: conversationId,
                turn,
                kind,
                trace_id: traceId,
                observation_id: observationId,
                position,
                state: 'pending',
                event_json: json,
                way: null,
                body: null,
                sent_at_ms: null,
                reason: null,
                created_at_ms: nowMs,
                settled_at_ms: null,
              })),
            )
            .onConflict((conflict) => conflict.columns(['tenant_id', 'config_id', 'event_id']).doNothing())
            .returning('event_id')
            .execute();
          added += inserted.length;
        }
        const progress = { seq, done: Number(done) };
        await trx
          .insertInto('own_trace_conversations')
          .values({
            tenant_id: tenantId,
            config_id: configId,
            conversation_id: conversationId,
            ...progress,
          })
          .onConflict((conflict) =>
            conflict.columns(['tenant_id', 'config_id', 'conversation_id']).doUpdateSet(progress),
          )
          .execute();
        return added;
      }),

    next: async ({ tenantId, configId }, { limit, mostBytes, unclearSinceMs }) => {
      const rows = await kysely
        .selectFrom('own_trace_events')
        .select((columns) => [
          'event_id',
          'turn',
          'kind',
          'trace_id',
          'observation_id',
          'way',
          'sent_at_ms',
          columns.fn<number>('length', ['event_json']).as('size'),
        ])
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where('state', '=', 'pending')
        .where((where) =>
          where.or([
            where('sent_at_ms', 'is', null),
            where('way', '=', 'ingestion'),
            where('sent_at_ms', '<=', unclearSinceMs),
          ]),
        )
        .orderBy('created_at_ms')
        .orderBy('conversation_id')
        .orderBy('position')
        .limit(limit)
        .execute();
      let bytes = 0;
      const taken = rows.filter(({ size }, index) => {
        bytes += size;
        return index === 0 || bytes <= mostBytes;
      });
      if (taken.length === 0) return [];
      const texts = await kysely
        .selectFrom('own_trace_events')
        .select(['event_id', 'event_json', 'body'])
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where(
          'event_id',
          'in',
          taken.map((row) => row.event_id),
        )
        .execute();
      const textOf = new Map(texts.map((row) => [row.event_id, row]));
      return taken.map((row) => {
        const text = textOf.get(row.event_id);
        return {
          eventId: row.event_id,
          turn: row.turn,
          kind: row.kind as OwnEventKind,
          traceId: row.trace_id,
          observationId: row.observation_id,
          json: text?.event_json ?? '',
          sent:
            row.sent_at_ms === null || row.way === null
              ? null
              : { way: row.way as SubmitWay, body: text?.body ?? '', atMs: row.sent_at_ms },
        };
      });
    },

    markSent: (owner, events) =>
      database.transaction(async (trx) => {
        const sent_at_ms = clock.nowMs();
        const marked = new Set<string>();
        for (const { eventId, way, body } of events)
          if (await update(trx, owner, eventId, { way, body, sent_at_ms })) marked.add(eventId);
        return marked;
      }),

    release: (owner, eventIds) =>
      database.transaction(async (trx) => {
        for (const eventId of eventIds)
          await update(trx, owner, eventId, { way: null, body: null, sent_at_ms: null });
      }),

    settle: (owner, settlements) =>
      database.transaction(async (trx) => {
        const texts = { event_json: '', body: null, settled_at_ms: clock.nowMs() };
        for (const settlement of settlements)
          await update(trx, owner, settlement.eventId, {
            ...texts,
            ...('refusedBecause' in settlement
              ? { state: 'refused', reason: settlement.refusedBecause }
              : { state: 'submitted' }),
          });
      }),

    counts: async ({ tenantId, configId }) => {
      const rows = await kysely
        .selectFrom('own_trace_events')
        .select((columns) => ['state', columns.fn.countAll<number>().as('events')])
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .groupBy('state')
        .execute();
      const of = (state: OwnEventState): number => rows.find((row) => row.state === state)?.events ?? 0;
      return {
        pending: of('pending'),
        submitted: of('submitted'),
        refused: of('refused'),
        withdrawn: of('withdrawn'),
      };
    },

    list: async ({ tenantId, configId }, state, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('own_trace_events')
        .select(['event_id', 'conversation_id', 'turn', 'kind', 'trace_id', 'way', 'reason'])
        .select(['created_at_ms', 'settled_at_ms'])
        .where('tenant_id', '=', tenantId)
        .where('config_id', '=', configId)
        .where('state', '=', state);
      if (after) query = query.where(behind(after, 'created_at_ms', 'event_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('event_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(
        rows.map((row) => ({
          eventId: row.event_id,
          conversationId: row.conversation_id,
          turn: row.turn,
          kind: row.kind as OwnEventKind,
          traceId: row.trace_id,
          state,
          way: row.way as SubmitWay | null,
          reason: row.reason,
          createdAtMs: row.created_at_ms,
          settledAtMs: row.settled_at_ms,
        })),
        page.limit,
        (row) => ({ atMs: row.createdAtMs, id: row.eventId }),
      );
    },
  };
}

/** Takes back what no server has acknowledged: its texts were masked by a rule that holds no more. */
export async function withdrawPending(
  trx: Transaction<Schema>,
  { tenantId, configId }: Owner,
  nowMs: number,
): Promise<void> {
  await trx
    .updateTable('own_trace_events')
    .set({ state: 'withdrawn', event_json: '', body: null, settled_at_ms: nowMs })
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('state', '=', 'pending')
    .execute();
}
