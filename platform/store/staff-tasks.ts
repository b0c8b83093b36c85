import type { Kysely, Selectable } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import { Conflict, NotFound } from './errors.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

export type StaffTaskKind =
  | 'transfer'
  | 'callback'
  | 'emergency'
  | 'waitlistOffer'
  | 'bookingUnclear'
  | 'rescheduleIncomplete'
  | 'partialBooking'
  | 'conversationFailed';
type StaffTaskStatus = 'open' | 'taken' | 'closed';

interface StaffTask {
  readonly tenantId: string;
  readonly environment: Environment;
  readonly taskId: string;
  readonly conversationId: string | null;
  readonly kind: StaffTaskKind;
  readonly summary: string;
  readonly detail: unknown;
  readonly status: StaffTaskStatus;
  readonly takenBy: string | null;
  readonly closedBy: string | null;
  readonly note: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

type NewStaffTask = Pick<
  StaffTask,
  'tenantId' | 'environment' | 'taskId' | 'conversationId' | 'kind' | 'summary' | 'detail'
>;

/** Work that only a person can finish. */
export interface StaffTasks {
  /** Idempotent by task id: the first one stays. */
  open(task: NewStaffTask): Promise<void>;
  get(tenantId: string, environment: Environment, taskId: string): Promise<StaffTask | undefined>;
  list(
    tenantId: string,
    environment: Environment,
    filter: { readonly status?: StaffTaskStatus | undefined },
    page: PageRequest,
  ): Promise<Page<StaffTask>>;
  /** Throws NotFound, or Conflict when somebody else has it or it is closed. Taking it twice oneself is no conflict. */
  take(tenantId: string, environment: Environment, taskId: string, userId: string): Promise<StaffTask>;
  /** Throws NotFound, or Conflict when it is closed. */
  close(
    tenantId: string,
    environment: Environment,
    taskId: string,
    userId: string,
    note: string,
  ): Promise<StaffTask>;
}

/** Opens a task, also within another write. Idempotent by task id. */
export async function insertStaffTask(
  kysely: Kysely<Schema>,
  clock: Clock,
  task: NewStaffTask,
): Promise<void> {
  const now = clock.nowMs();
  await kysely
    .insertInto('staff_tasks')
    .values({
      tenant_id: task.tenantId,
      task_id: task.taskId,
      environment: task.environment,
      conversation_id: task.conversationId,
      kind: task.kind,
      summary: task.summary,
      detail_json: JSON.stringify(task.detail),
      status: 'open',
      taken_by: null,
      closed_by: null,
      note: null,
      created_at_ms: now,
      updated_at_ms: now,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'task_id']).doNothing())
    .execute();
}

export function createStaffTasks(database: Database, clock: Clock): StaffTasks {
  const { kysely } = database;
  const get: StaffTasks['get'] = async (tenantId, environment, taskId) => {
    const row = await kysely
      .selectFrom('staff_tasks')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('task_id', '=', taskId)
      .executeTakeFirst();
    return row && fromRow(row);
  };
  const change = async (
    [tenantId, environment, taskId]: readonly [string, Environment, string],
    allowed: (task: StaffTask) => boolean,
    values: Partial<Schema['staff_tasks']>,
  ): Promise<StaffTask> =>
    database.transaction(async (trx) => {
      const row = await trx
        .selectFrom('staff_tasks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment)
        .where('task_id', '=', taskId)
        .executeTakeFirst();
      if (!row) throw new NotFound('There is no such task.');
      if (!allowed(fromRow(row))) throw new Conflict('Somebody else has this task, or it is closed.');
      const changed = await trx
        .updateTable('staff_tasks')
        .set({ ...values, updated_at_ms: clock.nowMs() })
        .where('tenant_id', '=', tenantId)
        .where('task_id', '=', taskId)
        .returningAll()
        .executeTakeFirstOrThrow();
      return fromRow(changed);
    });

  return {
    get,
    open: (task) => insertStaffTask(kysely, clock, task),
    list: async (tenantId, environment, { status }, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('staff_tasks')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('environment', '=', environment);
      if (status) query = query.where('status', '=', status);
      if (after) query = query.where(behind(after, 'created_at_ms', 'task_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('task_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      return pageOf(rows.map(fromRow), page.limit, (task) => ({ atMs: task.createdAtMs, id: task.taskId }));
    },
    take: (tenantId, environment, taskId, userId) =>
      change(
        [tenantId, environment, taskId],
        (task) => task.status === 'open' || (task.status === 'taken' && task.takenBy === userId),
        { status: 'taken', taken_by: userId },
      ),
    close: (tenantId, environment, taskId, userId, note) =>
      change([tenantId, environment, taskId], (task) => task.status !== 'closed', {
        status: 'closed',
        closed_by: userId,
        note,
      }),
  };
}

const fromRow = (row: Selectable<Schema['staff_tasks']>): StaffTask => ({
  tenantId: row.tenant_id,
  environment: row.environment as Environment,
  taskId: row.task_id,
  conversationId: row.conversation_id,
  kind: row.kind as StaffTaskKind,
  summary: row.summary,
  detail: JSON.parse(row.detail_json) as unknown,
  status: row.status as StaffTaskStatus,
  takenBy: row.taken_by,
  closedBy: row.closed_by,
  note: row.note,
  createdAtMs: row.created_at_ms,
  updatedAtMs: row.updated_at_ms,
});
