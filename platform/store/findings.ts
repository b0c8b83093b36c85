import type { Clock } from '../clock.js';
import type { Database } from '../database/database.js';

/** What a gate, the claim check or a tool refused: evidence about the model, for operators. */
export type FindingKind = 'claimViolation' | 'gateRejection' | 'toolError' | 'modelFault';

interface Finding {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly findingId: string;
  readonly kind: FindingKind;
  readonly detail: unknown;
}

export interface Findings {
  /** Idempotent by finding id. */
  record(finding: Finding): Promise<void>;
  list(
    tenantId: string,
    conversationId: string,
  ): Promise<readonly (Finding & { readonly createdAtMs: number })[]>;
}

export const createFindings = ({ kysely }: Database, clock: Clock): Findings => ({
  record: async (finding) => {
    await kysely
      .insertInto('findings')
      .values({
        tenant_id: finding.tenantId,
        finding_id: finding.findingId,
        conversation_id: finding.conversationId,
        kind: finding.kind,
        detail_json: JSON.stringify(finding.detail),
        created_at_ms: clock.nowMs(),
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'finding_id']).doNothing())
      .execute();
  },
  list: async (tenantId, conversationId) => {
    const rows = await kysely
      .selectFrom('findings')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('conversation_id', '=', conversationId)
      .orderBy('created_at_ms')
      .orderBy('finding_id')
      .execute();
    return rows.map((row) => ({
      tenantId: row.tenant_id,
      conversationId: row.conversation_id,
      findingId: row.finding_id,
      kind: row.kind as FindingKind,
      detail: JSON.parse(row.detail_json) as unknown,
      createdAtMs: row.created_at_ms,
    }));
  },
});
