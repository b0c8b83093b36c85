import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

/** One administrative action: who, what, on what, when, from where. */
interface AuditEntry {
  readonly tenantId: string;
  readonly actorUserId: string;
  readonly action: string;
  readonly target: string;
  readonly detail: unknown;
  readonly ip: string;
  readonly correlationId: string;
}

export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  list(
    tenantId: string,
    page: PageRequest,
  ): Promise<Page<AuditEntry & { readonly auditId: string; readonly createdAtMs: number }>>;
}

export const createAuditLog = ({ kysely }: Database, clock: Clock): AuditLog => ({
  append: async (entry) => {
    await kysely
      .insertInto('audit_entries')
      .values({
        tenant_id: entry.tenantId,
        audit_id: randomUUID(),
        actor_user_id: entry.actorUserId,
        action: entry.action,
        target: entry.target,
        detail_json: JSON.stringify(entry.detail ?? null),
        ip: entry.ip,
        correlation_id: entry.correlationId,
        created_at_ms: clock.nowMs(),
      })
      .execute();
  },
  list: async (tenantId, page) => {
    const after = decodeCursor(page.cursor);
    let query = kysely.selectFrom('audit_entries').selectAll().where('tenant_id', '=', tenantId);
    if (after) query = query.where(behind(after, 'created_at_ms', 'audit_id'));
    const rows = await query
      .orderBy('created_at_ms', 'desc')
      .orderBy('audit_id', 'desc')
      .limit(page.limit + 1)
      .execute();
    const entries = rows.map((row) => ({
      tenantId,
      auditId: row.audit_id,
      actorUserId: row.actor_user_id,
      action: row.action,
      target: row.target,
      detail: JSON.parse(row.detail_json) as unknown,
      ip: row.ip,
      correlationId: row.correlation_id,
      createdAtMs: row.created_at_ms,
    }));
    return pageOf(entries, page.limit, (entry) => ({ atMs: entry.createdAtMs, id: entry.auditId }));
  },
});
