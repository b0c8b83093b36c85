import type { Selectable } from 'kysely';
import type { WaitlistWish } from '../../domain/booking/waitlist.js';
import type { Environment } from '../../domain/tenant.js';
import type { PracticeTime } from '../../domain/time/practice-time.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';
import { insertStaffTask } from './staff-tasks.js';

type WaitlistStatus = 'open' | 'taken' | 'closed';

export interface WaitlistEntry extends WaitlistWish {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly entryId: string;
  readonly conversationId: string;
  readonly firstName: string;
  /** Null for a patient of the practice, whose record has it. */
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly patientGuid: string | null;
  readonly status: WaitlistStatus;
  readonly takenBy: string | null;
  readonly closedBy: string | null;
  readonly note: string | null;
  /** Start of the place that was offered last, and the task of staff to offer it. */
  readonly offeredStart: PracticeTime | null;
  readonly offerTaskId: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type NewWaitlistEntry = Omit<
  WaitlistEntry,
  'status' | 'takenBy' | 'closedBy' | 'note' | 'offeredStart' | 'offerTaskId' | 'createdAtMs' | 'updatedAtMs'
>;

/** A place that became free, and the task under which it is offered: one task a place. */
interface FreedOffer {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly taskId: string;
  readonly locationKey: string;
  readonly start: PracticeTime;
  /** Whose cancellation freed it: they are not offered their own place. */
  readonly conversationId: string;
}

/** People who would take a place that becomes free. */
export interface Waitlist {
  /** Idempotent by entry id: the first one stays. */
  join(entry: NewWaitlistEntry): Promise<void>;
  list(
    tenantId: string,
    environment: Environment,
    filter: { readonly status?: WaitlistStatus | undefined },
    page: PageRequest,
  ): Promise<Page<WaitlistEntry>>;
  /** Throws NotFound, or Conflict when somebody else has it or it is closed. Taking it twice oneself is no conflict. */
  take(tenantId: string, environment: Environment, entryId: string, userId: string): Promise<WaitlistEntry>;
  /** Throws NotFound, or Conflict when it is closed. */
  close(
    tenantId: string,
    environment: Environment,
    entryId: string,
    userId: string,
    note: string,
  ): Promise<WaitlistEntry>;
  /**
   * Leaves staff a task to offer the place to the open entry that waits longest among those that it suits and that no open offer is out for.
   * The entry; null when nobody waits for it, or when the place was offered before.
   */
  offer(freed: FreedOffer, suits: (wish: WaitlistWish) => boolean): Promise<WaitlistEntry | null>;
}

export function createWaitlist(database: Database, clock: Clock): Waitlist {
  const { kysely } = database;
  const change = (
    [tenantId, environment, entryId]: readonly [string, Environment, string],
    allowed: (entry: WaitlistEntry) => boolean,
    values: Partial<Schema['waitlist']>,
  ): Promise<WaitlistEntry> =>
    database.transaction(async (trx) => {
      const row = await trx
        .selectFrom('waitlist')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('entry_id', '=', entryId)
        .executeTakeFirst();
      if (!row) throw new NotFound('There is no such entry.');
      if (!allowed(fromRow(row))) throw new Conflict('Somebody else has this entry, or it is closed.');
      const changed = await trx
        .updateTable('waitlist')
        .set({ ...values, updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('entry_id', '=', entryId)
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(changed);
    });

  return {
    join: async (entry) => {
      const now = clock.nowMs();
      await kysely
        .insertInto('waitlist')
        .values({
          tenant_id: entry.tenantId,
          entry_id: entry.entryId,
          environment: entry.environment,
          conversation_id: entry.conversationId,
          first_name: entry.firstName,
          last_name: entry.lastName,
          phone: entry.phone,
          patient_guid: entry.patientGuid,
          visit_type_key: entry.visitTypeKey,
          location_key: entry.locationKey,
          from_date: entry.from,
          to_date: entry.to,
          part_of_day: entry.partOfDay,
          status: 'open',
          taken_by: null,
          closed_by: null,
          note: null,
          offered_start: null,
          offer_task_id: null,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'entry_id']).doNothing())
        .execute();
    },
    list: async (tenantId, environment, { status }, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('waitlist')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment);
      if (status) query = query.where('status', '=', status);
      if (after) query = query.where(behind(after, 'created_at_ms', 'entry_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('entry_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, ({ createdAtMs, entryId }) => ({
        atMs: createdAtMs,
        id: entryId,
      }));
    },
    take: (tenantId, environment, entryId, userId) =>
      change(
        [tenantId, environment, entryId],
        ({ status, takenBy }) => status === 'open' || (status === 'taken' && takenBy === userId),
        { status: 'taken', taken_by: userId },
      ),
    close: (tenantId, environment, entryId, userId, note) =>
      change([tenantId, environment, entryId], ({ status }) => status !== 'closed', {
        status: 'closed',
        closed_by: userId,
        note,
      }),
    offer: ({ tenantId, environment, taskId, locationKey, start, conversationId }, suits) =>
      database.transaction(async (trx) => {
        const before = await trx
          .selectFrom('staff_tasks')
          .select('task_id')
          .where('tenant_id', '=', tenantId)
          .where('task_id', '=', taskId)
          .executeTakeFirst();
        if (before) return null;
        const waiting = await trx
          .selectFrom('waitlist')
          .leftJoin('staff_tasks', (join) =>
            join
              .onRef('staff_tasks.tenant_id', '=', 'waitlist.tenant_id')
              .onRef('staff_tasks.task_id', '=', 'waitlist.offer_task_id'),
          )
          .selectAll('waitlist')
          .where('waitlist.tenant_id', '=', tenantId)
          .where('waitlist.environment', '=', environment)
          .where('waitlist.status', '=', 'open')
          .where('waitlist.location_key', '=', locationKey)
          .where('waitlist.conversation_id', '!=', conversationId)
          .where((where) =>
            where.or([where('staff_tasks.status', 'is', null), where('staff_tasks.status', '=', 'closed')]),
          )
          .orderBy('waitlist.created_at_ms')
          .orderBy('waitlist.entry_id')
          .execute();
        const first = waiting.map(fromRow).find(suits);
        if (!first) return null;
        await insertStaffTask(trx, clock, {
          tenantId,
          environment,
          taskId,
          conversationId: first.conversationId,
          kind: 'waitlistOffer',
          summary: `A place became free that somebody on the waiting list would take: ${locationKey}, ${start}. Call and offer it.`,
          detail: { entryId: first.entryId, locationKey, start, visitTypeKey: first.visitTypeKey },
        });
        const offered = await trx
          .updateTable('waitlist')
          .set({ offered_start: start, offer_task_id: taskId, updated_at_ms: clock.nowMs() })
          .where('tenant_id', '=', tenantId)
          .where('entry_id', '=', first.entryId)
          .returningAll()
          .executeTakeFirstOrThrow();
        return fromRow(offered);
      }),
  };
}

const fromRow = (row: Selectable<Schema['waitlist']>): WaitlistEntry => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  entryId: row.entry_id,
  conversationId: row.conversation_id,
  firstName: row.first_name,
  lastName: row.last_name,
  phone: row.phone,
  patientGuid: row.patient_guid,
  visitTypeKey: row.visit_type_key,
  locationKey: row.location_key,
  from: row.from_date,
  to: row.to_date,
  partOfDay: row.part_of_day as WaitlistWish['partOfDay'],
  status: row.status as WaitlistStatus,
  takenBy: row.taken_by,
  closedBy: row.closed_by,
  note: row.note,
  offeredStart: row.offered_start,
  offerTaskId: row.offer_task_id,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
