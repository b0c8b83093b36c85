import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely';
import type { Environment } from '../../domain/tenant.js';
import type { Database } from '../database/database.js';
import type { Schema } from '../database/schema.js';
import type { BookedDetail } from './ledger.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

/** Something that a test left in the practice system. A patient cannot be removed over its API (cloud9.md 3.4). */
export interface TestRecord {
  readonly recordId: string;
  readonly kind: 'appointment' | 'patient';
  readonly patientGuid: string | null;
  readonly appointmentGuid: string | null;
  /** The conversation or the desk's order that made it. */
  readonly madeBy: string;
  /** Wall clock of the office; null for a patient. */
  readonly start: string | null;
  readonly status: 'booked' | 'cancelled' | 'left';
  readonly createdAtMs: number;
}

export interface TestAppointment {
  readonly appointmentGuid: string;
  readonly patientGuid: string;
  readonly madeBy: string;
}

/** What conversations and API calls marked `test` really made. It is read from the ledger, so that nothing can be forgotten or invented. */
export interface TestRecords {
  list(tenantId: string, environment: Environment, page: PageRequest): Promise<Page<TestRecord>>;
  /** Whether a test has made this appointment. */
  has(tenantId: string, environment: Environment, appointmentGuid: string): Promise<boolean>;
  /** Appointments that are not cancelled as far as we know, oldest first. */
  open(tenantId: string, environment: Environment, limit: number): Promise<readonly TestAppointment[]>;
}

type Where = ExpressionBuilder<Schema, 'ledger_entries'>;

/** Rows of conversations and desk orders that are marked. */
const madeByTest =
  (tenantId: string, environment: Environment) =>
  (where: Where): ExpressionWrapper<Schema, 'ledger_entries', SqlBool> =>
    where.and([
      where('ledger_entries.tenant_id', '=', tenantId),
      where('ledger_entries.environment', '=', environment),
      where.or([
        where(
          'ledger_entries.conversation_id',
          'in',
          where
            .selectFrom('conversations')
            .select('conversations.conversation_id')
            .where('conversations.tenant_id', '=', tenantId)
            .where('conversations.is_test', '=', 1),
        ),
        where(
          'ledger_entries.conversation_id',
          'in',
          where
            .selectFrom('desk_orders')
            .select(sql<string>`'desk.' || desk_orders.order_id`.as('owner'))
            .where('desk_orders.tenant_id', '=', tenantId)
            .where('desk_orders.is_test', '=', 1),
        ),
      ]),
    ]);

export function createTestRecords({ kysely }: Database): TestRecords {
  const cancelled = (tenantId: string, environment: Environment) =>
    kysely
      .selectFrom('ledger_entries as done')
      .select('done.appointment_guid')
      .where('done.tenant_id', '=', tenantId)
      .where('done.environment', '=', environment)
      .where('done.kind', '=', 'cancelled')
      .where('done.appointment_guid', 'is not', null);
  return {
    has: async (tenantId, environment, appointmentGuid) => {
      const row = await kysely
        .selectFrom('ledger_entries')
        .select('ledger_entries.appointment_guid')
        .where(madeByTest(tenantId, environment))
        .where('kind', '=', 'booked')
        .where('ledger_entries.appointment_guid', '=', appointmentGuid)
        .executeTakeFirst();
      return row !== undefined;
    },
    list: async (tenantId, environment, page) => {
      const after = decodeCursor(page.cursor);
      let query = kysely
        .selectFrom('ledger_entries')
        .selectAll()
        .where(madeByTest(tenantId, environment))
        .where('kind', 'in', ['booked', 'patientCreated']);
      if (after) query = query.where(behind(after, 'created_at_ms', 'entry_id'));
      const rows = await query
        .orderBy('created_at_ms', 'desc')
        .orderBy('entry_id', 'desc')
        .limit(page.limit + 1)
        .execute();
      const gone = new Set(
        (await cancelled(tenantId, environment).execute()).map((row) => row.appointment_guid),
      );
      const records = rows.map((row): TestRecord => {
        const appointment = row.kind === 'booked';
        return {
          recordId: row.entry_id,
          kind: appointment ? 'appointment' : 'patient',
          patientGuid: row.patient_guid,
          appointmentGuid: row.appointment_guid,
          madeBy: row.conversation_id,
          start: appointment ? (JSON.parse(row.detail_json) as BookedDetail).start : null,
          status: !appointment ? 'left' : gone.has(row.appointment_guid) ? 'cancelled' : 'booked',
          createdAtMs: row.created_at_ms,
        };
      });
      return pageOf(records, page.limit, ({ createdAtMs, recordId }) => ({
        atMs: createdAtMs,
        id: recordId,
      }));
    },
    open: async (tenantId, environment, limit) => {
      const rows = await kysely
        .selectFrom('ledger_entries')
        .select(['appointment_guid', 'patient_guid', 'conversation_id'])
        .where(madeByTest(tenantId, environment))
        .where('kind', '=', 'booked')
        .where('appointment_guid', 'not in', cancelled(tenantId, environment))
        .orderBy('created_at_ms')
        .orderBy('entry_id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        appointmentGuid: row.appointment_guid ?? '',
        patientGuid: row.patient_guid ?? '',
        madeBy: row.conversation_id,
      }));
    },
  };
}
