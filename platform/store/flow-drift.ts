import type { Environment } from '../../domain/tenant.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';
import { behind, decodeCursor, pageOf, type Page, type PageRequest } from './page.js';

/** How an instance differs from what was deployed there. `foreign` = ours is as it was, other tabs are not. */
export interface DriftReport {
  readonly tenantId: string;
  readonly reportId: string;
  readonly environment: Environment;
  readonly targetId: string;
  readonly instance: string;
  readonly kind: 'content' | 'cosmetic' | 'foreign';
  readonly detail: unknown;
}

export interface FlowDrift {
  /** Idempotent by id: the first time that it was seen stays. */
  add(report: DriftReport): Promise<void>;
  list(
    tenantId: string,
    environment: Environment,
    targetId: string,
    page: PageRequest,
  ): Promise<Page<DriftReport & { readonly createdAtMs: number }>>;
}

export const createFlowDrift = ({ kysely }: Database, clock: Clock): FlowDrift => ({
  add: async ({ tenantId, reportId, environment, targetId, instance, kind, detail }) => {
    await kysely
      .insertInto('flow_drift_reports')
      .values({
        tenant_id: tenantId,
        report_id: reportId,
        environment,
        target_id: targetId,
        instance,
        kind,
        detail_json: JSON.stringify(detail),
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'report_id']).doNothing())
      .execute();
  },
  list: async (tenantId, environment, targetId, page) => {
    const after = decodeCursor(page.cursor);
    let query = kysely
      .selectFrom('flow_drift_reports')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('environment', '=', environment)
      .where('target_id', '=', targetId);
    if (after) query = query.where(behind(after, 'created_at_ms', 'report_id'));
    const rows = await query
      .orderBy('created_at_ms', 'desc')
      .orderBy('report_id', 'desc')
      .limit(page.limit + 1)
      .execute();
    const reports = rows.map((row) => ({
      tenantId: row.tenant_id,
      reportId: row.report_id,
      environment: row.environment as Environment,
      targetId: row.target_id,
      instance: row.instance,
      kind: row.kind as DriftReport['kind'],
      detail: JSON.parse(row.detail_json) as unknown,
      createdAtMs: row.created_at_ms,
    }));
    return pageOf(reports, page.limit, (row) => ({ atMs: row.createdAtMs, id: row.reportId }));
  },
});
