import type { Transaction } from 'kysely';
import type { Lane, LaneKind } from '../../../domain/langfuse/lanes.js';
import type { Schema } from '../../database/schema.js';

type Row = Schema['import_lanes'];

/** A lane with what people want to know of it. */
export interface LaneReport extends Lane {
  readonly configId: string;
  readonly windowsDone: number;
  readonly rows: number;
  /** The trace or session that is read; null for ranges. */
  readonly subject: string | null;
  /** How it ended, or why it stands still. */
  readonly outcome: string | null;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
}

export const laneOf = (row: Row): LaneReport => ({
  configId: row.config_id,
  laneId: row.lane_id,
  kind: row.kind as LaneKind,
  state: row.state as Lane['state'],
  fromMs: row.from_at_ms,
  toMs: row.to_at_ms,
  positionMs: row.position_at_ms,
  rereadFromMs: row.reread_from_at_ms,
  windowMs: row.window_ms,
  startedAtMs: row.started_at_ms,
  windowsDone: row.windows_done,
  rows: row.row_count,
  subject: row.subject,
  outcome: row.outcome,
  createdAtMs: row.created_at_ms,
  endedAtMs: row.ended_at_ms,
});

export async function laneRow(
  trx: Transaction<Schema>,
  tenantId: string,
  configId: string,
  laneId: string,
): Promise<Row | undefined> {
  return trx
    .selectFrom('import_lanes')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('lane_id', '=', laneId)
    .executeTakeFirst();
}

/** Writes the range and position of a lane, and whatever else is given. */
export async function putLane(
  trx: Transaction<Schema>,
  tenantId: string,
  configId: string,
  lane: Lane,
  more: Partial<Row> = {},
): Promise<void> {
  await trx
    .updateTable('import_lanes')
    .set({
      state: lane.state,
      from_at_ms: lane.fromMs,
      to_at_ms: lane.toMs,
      position_at_ms: lane.positionMs,
      reread_from_at_ms: lane.rereadFromMs,
      window_ms: lane.windowMs,
      started_at_ms: lane.startedAtMs,
      ...more,
    })
    .where('tenant_id', '=', tenantId)
    .where('config_id', '=', configId)
    .where('lane_id', '=', lane.laneId)
    .execute();
}
